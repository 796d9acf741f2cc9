"""A small logistic regression: its file, its probabilities, and its training on labelled cases."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from math import exp, fsum, inf
from pathlib import Path
from typing import TextIO

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
        weights = self.weights
        # The exact sum is the same in whatever order the features come.
        return _probability(fsum(weights.get(name, 0.0) * value for name, value in features.items()))


class Classifier(BaseModel):
    """Weights of named features for each of several classes; those that are left out are 0."""

    model_config = ConfigDict(extra="forbid")
    weights: dict[str, dict[str, float]]
    documents: list[str]

    @cached_property
    def _by_feature(self) -> dict[str, list[tuple[int, float]]]:
        """Return the weights of each feature with the numbers of their classes; most features have few."""
        by_feature: dict[str, list[tuple[int, float]]] = {}
        for number, weights in enumerate(self.weights.values()):
            for feature, weight in weights.items():
                by_feature.setdefault(feature, []).append((number, weight))
        return by_feature

    def scores(self, features: Mapping[str, float]) -> dict[str, float]:
        """Return the log odds of each class; features that are left out are 0."""
        scores, by_feature = [0.0] * len(self.weights), self._by_feature
        # In one order, so that the sums are the same to the last digit; features without weights add nothing.
        for feature in sorted(by_feature.keys() & features.keys()):
            value = features[feature]
            for number, weight in by_feature[feature]:
                scores[number] += weight * value
        return dict(zip(self.weights, scores, strict=True))

    def best(self, features: Mapping[str, float], among: Sequence[str] = ()) -> str:
        """Return the class with the highest score, out of ``among`` if given; the first of equal ones.

        A class without labelled cases is only chosen if there is no other.
        """
        return best_of(self.scores(features), among)


def best_of(scores: Mapping[str, float], among: Sequence[str] = ()) -> str:
    """Return the class with the highest of some scores, as ``Classifier.best`` does."""
    return max(among or scores, key=lambda name: scores.get(name, -inf))


def load_classifier(path: Path, classes: Collection[str], features: Collection[str]) -> Classifier:
    """Return the classifier of a JSON file, which has only known classes and features.

    Raises:
        DataFileError: names the file, and the class or feature that is not known; or file and line of an entry that is
            wrong in itself.
    """
    model = check_classes(load_model(path, Classifier), classes, path)
    unknown = [name for weights in model.weights.values() for name in weights if name not in features]
    if unknown or not model.weights:
        problem = f"weights for {unknown[0]!r}, which is not known" if unknown else "no weights"
        raise DataFileError(f"{path}:1: {problem}; `gonggo learn` writes the file again")
    return model


def check_classes(model: Classifier, classes: Collection[str], path: Path) -> Classifier:
    """Return the classifier of a file after checking that its classes are known.

    Raises:
        DataFileError: names the file and the class that is not known.
    """
    unknown = sorted(set(model.weights) - set(classes))
    if unknown:
        problem = f"weights for {unknown[0]!r}, but {unknown[0]!r} is no answer that there is"
        raise DataFileError(f"{path}:1: {problem}; `gonggo learn` writes the file again")
    return model


def fit_classes(
    cases: Sequence[tuple[Mapping[str, float], str]],
    features: Iterable[str],
    *,
    classes: Iterable[str] = (),
    ridge: float = 1.0,
) -> dict[str, dict[str, float]]:
    """Return the weights of one regression for each class, without those that are 0.

    Without ``classes``, they are those of the cases in alphabetical order.
    """
    shown = [name for name in features if any(case.get(name) for case, _ in cases)]
    return {
        name: {
            key: weight
            for key, weight in fit([(case, label == name) for case, label in cases], shown, ridge=ridge).items()
            if weight
        }
        for name in classes or sorted({label for _, label in cases})
    }


def load(path: Path, features: Collection[str]) -> Model:
    """Return the model of a JSON file, whose weights are for exactly these ``features``.

    Raises:
        DataFileError: names the file and the missing or unknown feature, or file and line of an invalid entry.
    """
    model = load_model(path, Model)
    lacking, unknown = sorted(set(features) - set(model.weights)), sorted(set(model.weights) - set(features))
    if lacking or unknown:
        problem = f"no weight for {lacking[0]!r}" if lacking else f"a weight for {unknown[0]!r}, which is no feature"
        raise DataFileError(f"{path}:1: {problem}; `gonggo learn` writes the file again")
    return model


def write(model: BaseModel, out: TextIO) -> None:
    """Write a model as the JSON of its file."""
    out.write(json.dumps(model.model_dump(), ensure_ascii=False, indent=1) + "\n")


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
