"""Highlighting of evidence in the text of an announcement, and differences between two versions."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from markupsafe import Markup, escape

MOST_LINES = 4_000


def highlight(text: str, facts: Iterable[dict[str, Any]]) -> Markup:
    """Return the escaped text with each stretch of evidence as a ``mark`` with the numbers of its facts (``data-f``).

    The first stretch of a fact has the id ``e-<number>``, to which the list of facts links.
    """
    spans = [
        (fact["evidence_start"], fact["evidence_end"], fact["number"])
        for fact in facts
        if fact["evidence_start"] is not None
    ]
    cuts = sorted({0, len(text), *(end for span in spans for end in span[:2] if 0 <= end <= len(text))})
    starting, ending = dict[int, list[int]](), dict[int, list[int]]()
    for start, end, number in spans:
        starting.setdefault(start, []).append(number)
        ending.setdefault(end, []).append(number)
    out, active, started = list[str](), list[int](), set[int]()
    for start, end in pairwise(cuts):
        active = [number for number in active if number not in ending.get(start, ())] + starting.get(start, [])
        escaped = escape(text[start:end])
        if not active:
            out.append(escaped)
            continue
        new = [number for number in active if number not in started]
        started.update(new)
        anchors = "".join(f'<a id="e-{number}"></a>' for number in new)
        out.append(f'{anchors}<mark data-f="{" ".join(map(str, active))}">{escaped}</mark>')
    return Markup("").join(Markup(part) for part in out)  # noqa: S704 (escaped above)


def diff_lines(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Yield the lines of two texts as (kind, line): ``same``, ``removed``, ``added``, ``skip`` (equal lines)."""
    before, after = old.split("\n")[:MOST_LINES], new.split("\n")[:MOST_LINES]
    for kind, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from _abridged(before[a:b])
            continue
        yield from (("removed", line) for line in before[a:b])
        yield from (("added", line) for line in after[c:d])


def _abridged(lines: list[str]) -> Iterator[tuple[str, str]]:
    if len(lines) <= 6:
        yield from (("same", line) for line in lines)
        return
    yield from (("same", line) for line in lines[:3])
    yield "skip", f"… {len(lines) - 6} …"
    yield from (("same", line) for line in lines[-3:])
