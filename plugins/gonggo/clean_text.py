"""Removal of characters that UTF-8 or XML cannot represent, whatever a site, file or name contained.

Records are cleaned when they are created, so later code need not check. Clean texts, which most are, cost one search.
"""

from __future__ import annotations

import re
from typing import TypeVar

# What UTF-8 cannot carry (halves of surrogate pairs), and what XML 1.0 forbids: controls but tab and line ends, and two
# code points that are no characters.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HALVES = re.compile("[\ud800-\udfff]+")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]+")
Value = TypeVar("Value")


def clean(text: str) -> str:
    """Return ``text`` without forbidden characters; halves of a pair become the character, or U+FFFD when alone."""
    if not _UNFIT.search(text):
        return text
    return _HALVES.sub(_joined, _FORBIDDEN.sub("", text))


def clean_all(value: Value) -> Value:
    """Return a plain value (texts, lists, dictionaries of them) with every text in it clean; itself when all are."""
    if isinstance(value, str):
        return clean(value)  # type: ignore[return-value]
    if isinstance(value, list):
        items = [clean_all(item) for item in value]
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value  # type: ignore[return-value]
    if isinstance(value, dict):
        pairs = [(clean_all(name), clean_all(item)) for name, item in value.items()]
        same = all(new[0] is old[0] and new[1] is old[1] for new, old in zip(pairs, value.items(), strict=True))
        return value if same else dict(pairs)  # type: ignore[return-value]
    return value


class CleanTexts:
    """A frozen dataclass whose texts are cleaned when it is created."""

    def __post_init__(self) -> None:
        for name, value in list(vars(self).items()):
            fit = clean_all(value)
            if fit is not value:
                object.__setattr__(self, name, fit)


def _joined(halves: re.Match[str]) -> str:
    return halves.group().encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
