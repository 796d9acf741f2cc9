"""Removal of characters that UTF-8 or XML cannot represent, whatever a site, file or name contained.

Records are cleaned when they are created, so later code need not check. Clean texts, which most are, cost one search.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

# Lone surrogates, which UTF-8 cannot encode, and what XML 1.0 forbids: control characters other than tab and line ends,
# and two noncharacters.
_FORBIDDEN_OR_SURROGATE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]+")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]+")
Value = TypeVar("Value")


def clean(text: str) -> str:
    """Return ``text`` without forbidden characters; surrogates become the character of their pair, or U+FFFD."""
    # What is forbidden is not printable; most texts are of one line and printable as a whole.
    if text.isprintable() or not _FORBIDDEN_OR_SURROGATE.search(text):
        return text
    return _SURROGATES.sub(_join_surrogates, _FORBIDDEN.sub("", text))


def clean_all(value: Value) -> Value:
    """Return a value (texts, or lists, dictionaries and records of them) with clean texts; unchanged if they are."""
    return value if _is_clean(value) else _cleaned(value)  # type: ignore[return-value]


def _is_clean(value: object) -> bool:
    """Return whether all texts of a value are clean, without copying any of it."""
    if value.__class__ is str:
        text: str = value  # type: ignore[assignment]
        return text.isprintable() or not _FORBIDDEN_OR_SURROGATE.search(text)
    if value is None or isinstance(value, (int, float)):
        return True
    if isinstance(value, str):
        return clean(value) is value
    if isinstance(value, (list, tuple)):
        return all(map(_is_clean, value))
    if isinstance(value, dict):
        return all(map(_is_clean, value)) and all(map(_is_clean, value.values()))
    kind: Any = value.__class__
    values = _getter(kind)
    return values is None or all(map(_is_clean, values(value)))


def _cleaned(value: object) -> object:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [clean_all(item) for item in value]
    if isinstance(value, tuple):
        return tuple(clean_all(item) for item in value)
    if isinstance(value, dict):
        return {clean_all(name): clean_all(item) for name, item in value.items()}
    record: Any = value
    values = {each.name: getattr(record, each.name) for each in fields(record)}
    return replace(record, **{name: clean_all(item) for name, item in values.items() if not _is_clean(item)})


@cache
def _getter(kind: Any) -> Callable[[Any], tuple[object, ...]] | None:
    """Return a getter of all fields of a type of records; None for other types, which are left alone."""
    names = [each.name for each in fields(kind)] if is_dataclass(kind) else []
    # The first one twice, because a getter of one name would return no tuple.
    return attrgetter(*names, names[0]) if names else None


class CleanTexts:
    """A frozen dataclass whose texts are cleaned when it is created."""

    def __post_init__(self) -> None:
        for name, value in list(vars(self).items()):
            cleaned = clean_all(value)
            if cleaned is not value:
                object.__setattr__(self, name, cleaned)


def _join_surrogates(halves: re.Match[str]) -> str:
    return halves.group().encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
