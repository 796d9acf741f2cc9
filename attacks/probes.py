"""Comparing a record with what is right of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from attacks.model import Facts

# Letters that XML 1.0 forbids, halves of letters among them.
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def misses(record: dict[str, Any] | None, message: str, right: Facts) -> list[str]:
    """What a record has that is not right; ``message`` is what was printed instead."""
    if right.refused is not None:
        if record is not None:
            return [f"was read; expected a refusal that says {right.refused!r}"]
        return [] if re.search(right.refused, message) else [f"refused without {right.refused!r}: {last_line(message)}"]
    if record is None:
        return [f"no record: {last_line(message)}"]
    found = list[str]()
    named = right.model_fields_set
    for name in ("closes_at", "opens_at"):
        if name in named:
            found += _value(name, value_of(record["application"][name]), getattr(right, name))
    for name in ("title", "relevant"):
        if name in named:
            found += _value(name, value_of(record[name]), getattr(right, name))
    return [*found, *_amounts(record, right), *_regions(record, right), *_text(record["text"], right)]


def value_of(fact: Any) -> Any:
    """The bare value of a fact."""
    return fact["value"] if isinstance(fact, dict) else fact


def one_of(value: Any, right: str | bool | None) -> bool:
    """Whether a value is right, or one of the alternatives that are."""
    return value in right.split("|") if isinstance(right, str) else value == right


def _value(name: str, value: Any, right: str | bool | None) -> list[str]:
    return [] if one_of(value, right) else [f"{name} is {value!r}, right is {right!r}"]


def _amounts(record: dict[str, Any], right: Facts) -> Iterable[str]:
    both = {f"{one['krw']} {one['role']}" for one in record["amounts"]}
    bare = {str(one["krw"]) for one in record["amounts"]}
    if right.amounts is not None:
        wanted = set(right.amounts)
        found = {one if one in wanted else one.partition(" ")[0] for one in both}
        if found != wanted:
            yield f"amounts are {sorted(both)}, right are {sorted(wanted)}"
    for wrong in right.amounts_without:
        if wrong in both | bare:
            yield f"the amount {wrong} is no amount of this text"


def _regions(record: dict[str, Any], right: Facts) -> Iterable[str]:
    found = {one["name"] for one in record["regions"]}
    if right.regions is not None and found != set(right.regions):
        yield f"regions are {sorted(found)}, right are {sorted(right.regions)}"
    for wanted in right.regions_with:
        if not any(one_of(name, wanted) for name in found):
            yield f"regions are {sorted(found)}, without {wanted}"
    for wrong in right.regions_without:
        if wrong in found:
            yield f"{wrong} is no region of this text"


def _text(text: str, right: Facts) -> Iterable[str]:
    for wanted in right.text_has:
        if wanted not in text:
            yield f"the text lacks {wanted!r}"
    for wrong in right.text_lacks:
        if wrong in text:
            yield f"the text has {wrong!r}"
    if FORBIDDEN.search(text):
        yield "the text has letters that XML forbids"


def last_line(text: str) -> str:
    """The last line of what a command said, short enough for a table."""
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1][:200] if lines else "nothing was said"
