"""YAML data files, validated when loaded, with errors that name file and line."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, RootModel, ValidationError

from gonggo.errors import DataFileError

Model = TypeVar("Model", bound=BaseModel)
# What may not stand before a letter, and the letter itself, which nothing repeats.
_CONDITION_FIRST = re.compile(r"\(\?<!(\[[^\[\]\\]+\]|[가-힣A-Za-z])\)([가-힣A-Za-z])(?![?*+{])")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _OnceLoader(_Loader):  # type: ignore[misc]
    """A safe loader that refuses a key that stands twice in a mapping, of which YAML would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set[tuple[str, str]]()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if (key.tag, key.value) in seen:
                    problem = f"the key {key.value!r} stands twice in this mapping; remove or rename one"
                    raise yaml.constructor.ConstructorError(problem=problem, problem_mark=key.start_mark)
                seen.add((key.tag, key.value))
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


def load_yaml(path: Path) -> Any:
    """Parse one YAML file, or one of JSON, which its own parser reads faster.

    Raises:
        DataFileError: not UTF-8, not YAML or not JSON, or a key stands twice in a mapping of YAML; names file and line.
    """
    try:
        if path.suffix == ".json":
            return json.loads(path.read_text("utf-8"))
        return yaml.load(path.read_text("utf-8"), Loader=_OnceLoader)  # noqa: S506 (a safe loader in C)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DataFileError(f"{path}:{line}: {error.problem}") from error
    except yaml.YAMLError as error:
        raise DataFileError(f"{path}:1: {' '.join(str(error).split())}") from error
    except json.JSONDecodeError as error:
        raise DataFileError(f"{path}:{error.lineno}: {error.msg}") from error
    except UnicodeDecodeError as error:
        raise DataFileError(f"{path}:1: not UTF-8 ({error.reason}); save the file as UTF-8") from error


def load_model(path: Path, model: type[Model], *, drop: tuple[str, ...] = (), **extra: Any) -> Model:
    """Parse one YAML file into a pydantic model. ``extra`` adds or replaces keys, ``drop`` leaves some out.

    Validators find the file's folder as ``folder`` in their context.

    Raises:
        DataFileError: names file and line of the first wrong entry.
    """
    data = load_yaml(path)
    if not isinstance(data, dict):
        raise DataFileError(f"{path}:1: expected a mapping of keys, found {type(data).__name__}")
    try:
        return model.model_validate(
            {k: v for k, v in {**data, **extra}.items() if k not in drop}, context={"folder": path.parent}
        )
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise DataFileError(f"{path}:{line_of(path, first['loc'])}: {where}: {first['msg']}") from error


def line_of(path: Path, location: tuple[int | str, ...]) -> int:
    """Return the line (from 1) of the deepest node of ``location`` in a file that ``load_yaml`` can read."""
    node = yaml.compose(path.read_text("utf-8"), Loader=_Loader)
    line = 1
    for part in location:
        child = _child(node, part)
        if child is None:
            break
        line, node = child
    return line


def _child(node: Any, part: int | str) -> tuple[int, Any] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        child = node.value[part]
        return child.start_mark.line + 1, child
    return None


def speed_up(source: str) -> str:
    """Return the source of a pattern that means the same as ``source`` and is found faster.

    The engine jumps to the letters that a match can begin with, unless a condition on what stands before comes first:
    ``(?<![a-z])AI`` becomes ``A(?<![a-z]A)I``.
    """
    return _CONDITION_FIRST.sub(r"\2(?<!\1\2)", source)


def _faster(source: object) -> object:
    return speed_up(source) if isinstance(source, str) else source


# A field of a model that holds a regular expression.
Pattern = Annotated[re.Pattern[str], BeforeValidator(_faster)]


class _Patterns(RootModel[dict[str, Pattern]]):
    pass


def load_patterns(path: Path) -> dict[str, re.Pattern[str]]:
    """Read named regular expressions from a YAML file, in the order of the file.

    Raises:
        DataFileError: names file and line of the pattern that does not compile.
    """
    return load_model(path, _Patterns).root
