"""Removal of characters that UTF-8 or XML cannot represent, whatever a site, file or name contained.

Records are cleaned when they are created, so later code need not check. Clean texts, which most are, cost one search.
"""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from functools import cache
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
    if isinstance(value, str):
        return clean(value)  # type: ignore[return-value]
    if value is None or isinstance(value, (int, float)):
        return value
    if isinstance(value, (list, tuple)):
        items = [clean_all(item) for item in value]
        if all(new is old for new, old in zip(items, value, strict=True)):
            return value
        return items if isinstance(value, list) else tuple(items)  # type: ignore[return-value]
    if isinstance(value, dict):
        pairs = [(clean_all(name), clean_all(item)) for name, item in value.items()]
        same = all(new[0] is old[0] and new[1] is old[1] for new, old in zip(pairs, value.items(), strict=True))
        return value if same else dict(pairs)  # type: ignore[return-value]
    return _clean_record(value) if is_dataclass(value) else value


def _clean_record(record: Any) -> Any:
    """Return a record with its fields cleaned; the same object if nothing changed."""
    values = ((name, getattr(record, name)) for name in _names(record.__class__))
    changed = {name: cleaned for name, value in values if (cleaned := clean_all(value)) is not value}
    return replace(record, **changed) if changed else record


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


class CleanTexts:
    """A frozen dataclass whose texts are cleaned when it is created."""

    def __post_init__(self) -> None:
        for name, value in list(vars(self).items()):
            cleaned = clean_all(value)
            if cleaned is not value:
                object.__setattr__(self, name, cleaned)


def _join_surrogates(halves: re.Match[str]) -> str:
    return halves.group().encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
