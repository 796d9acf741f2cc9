"""A small logistic regression: its file, its probabilities, and its fit to labelled cases."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from math import exp, inf
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from gonggo.datafile import load_model
from gonggo.errors import DataFileError

_STEPS, _DIGITS = 12, 4
_STEEPEST = 30.0


class Model(BaseModel):
    """Weights of named features; ``documents`` are those it was fitted to."""

    model_config = ConfigDict(extra="forbid")
    threshold: float
    weights: dict[str, float]
    documents: list[str]

    def probability(self, features: Mapping[str, float]) -> float:
        """Return the probability of a case, from 0 to 1; features that are left out are 0."""
        return _probability(sum(weight * features.get(name, 0.0) for name, weight in self.weights.items()))


class Classifier(BaseModel):
    """Weights of named features for each of several classes; those that are left out are 0."""

    model_config = ConfigDict(extra="forbid")
    weights: dict[str, dict[str, float]]
    documents: list[str]

    def best(self, features: Mapping[str, float]) -> str:
        """Return the class that the features speak for most; the first of equals."""
        return max(
            self.weights,
            key=lambda name: sum(weight * features.get(key, 0.0) for key, weight in self.weights[name].items()),
        )


def load_classifier(path: Path, classes: Collection[str], features: Collection[str]) -> Classifier:
    """Return the classifier of a JSON file, which has known classes and features alone.

    Raises:
        DataFileError: names the file, and the class or feature that is not known; or file and line of an entry that is
            wrong in itself.
    """
    model = load_model(path, Classifier)
    unknown = [name for name in model.weights if name not in classes]
    unknown += [name for weights in model.weights.values() for name in weights if name not in features]
    if unknown or not model.weights:
        problem = f"weights for {unknown[0]!r}, which is not known" if unknown else "no weights"
        raise DataFileError(f"{path}:1: {problem}; `gonggo learn` makes the file anew")
    return model


def fit_classes(
    cases: Sequence[tuple[Mapping[str, float], str]], features: Collection[str], *, ridge: float
) -> dict[str, dict[str, float]]:
    """Return the weights of one regression for each class that the cases have, without those that are 0."""
    shown = [name for name in features if any(case.get(name) for case, _ in cases)]
    return {
        name: {
            key: weight
            for key, weight in fit([(case, of == name) for case, of in cases], shown, ridge=ridge).items()
            if weight
        }
        for name in sorted({of for _, of in cases})
    }


def load(path: Path, features: Collection[str]) -> Model:
    """Return the model of a JSON file, whose weights are of exactly the ``features`` that will be asked of it.

    Raises:
        DataFileError: names the file, and the feature that it lacks or that is not known; or file and line of an entry
            that is wrong in itself.
    """
    model = load_model(path, Model)
    lacking, unknown = sorted(set(features) - set(model.weights)), sorted(set(model.weights) - set(features))
    if lacking or unknown:
        problem = f"no weight for {lacking[0]!r}" if lacking else f"a weight for {unknown[0]!r}, which is no feature"
        raise DataFileError(f"{path}:1: {problem}; `gonggo learn` makes the file anew")
    return model


class Choice(BaseModel):
    """Weights of named features for each of several answers; ``documents`` are those it was fitted to."""

    model_config = ConfigDict(extra="forbid")
    weights: dict[str, dict[str, float]]
    documents: list[str]

    def best(self, features: Mapping[str, float], among: Sequence[str] = ()) -> str:
        """Return the most probable answer, if given ``among`` some; of two that are as probable the first."""
        return max(among or self.weights, key=lambda answer: self._score(answer, features))

    def _score(self, answer: str, features: Mapping[str, float]) -> float:
        weights = self.weights.get(answer)
        if weights is None:
            return -inf  # no label had it
        return sum(weights.get(name, 0.0) * value for name, value in features.items())


def checked(choice: Choice, answers: Collection[str], path: Path) -> Choice:
    """Return the choice of a model's file, whose answers are among those that there are.

    Raises:
        DataFileError: names the file and the answer that is none.
    """
    unknown = sorted(set(choice.weights) - set(answers))
    if unknown:
        raise DataFileError(f"{path}:1: {unknown[0]!r} is no answer; `gonggo learn` makes the file anew")
    return choice


def fit_choice(cases: Sequence[tuple[Mapping[str, float], str]]) -> dict[str, dict[str, float]]:
    """Return the weights of each answer against all others; answers are in order of the alphabet."""
    answers = sorted({answer for _, answer in cases})
    names = {name for features, _ in cases for name in features}
    return {answer: fit([(case, said == answer) for case, said in cases], names) for answer in answers}


def fit(
    cases: Sequence[tuple[Mapping[str, float], bool]], features: Iterable[str], *, ridge: float = 1.0
) -> dict[str, float]:
    """Return the weights of a ridge-regularised logistic regression, found by Newton's method.

    ``features`` are the names of all features; those that a case leaves out are 0. The same cases give the same weights
    to the last digit.
    """
    names = sorted(features)
    rows = [[case.get(name, 0.0) for name in names] for case, _ in cases]
    weights = [0.0] * len(names)
    for _ in range(_STEPS):
        gradient = [ridge * weight for weight in weights]
        curvature = [[ridge * (one == other) for other in range(len(names))] for one in range(len(names))]
        for row, (_, label) in zip(rows, cases, strict=True):
            _add(gradient, curvature, row, _probability(_dot(row, weights)), label)
        weights = [weight - step for weight, step in zip(weights, _solved(curvature, gradient), strict=True)]
    return {name: round(weight, _DIGITS) for name, weight in zip(names, weights, strict=True)}


def _add(gradient: list[float], curvature: list[list[float]], row: list[float], predicted: float, label: bool) -> None:
    """Add what one case contributes to the gradient and to the Hessian."""
    some = [number for number, value in enumerate(row) if value]
    for one in some:
        gradient[one] += (predicted - label) * row[one]
        for other in some:
            curvature[one][other] += predicted * (1 - predicted) * row[one] * row[other]


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Return the solution of a system of equations whose matrix is positive definite (Gauss)."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for pivot in range(size):
        for below in range(pivot + 1, size):
            factor = rows[below][pivot] / rows[pivot][pivot]
            rows[below] = [a - factor * b for a, b in zip(rows[below], rows[pivot], strict=True)]
    solution = [0.0] * size
    for number in reversed(range(size)):
        rest = sum(rows[number][other] * solution[other] for other in range(number + 1, size))
        solution[number] = (rows[number][size] - rest) / rows[number][number]
    return solution


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def _probability(score: float) -> float:
    return 1 / (1 + exp(-max(-_STEEPEST, min(_STEEPEST, score))))
