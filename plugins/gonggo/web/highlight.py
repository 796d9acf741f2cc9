"""The text of an announcement with the words of its facts marked, and two versions of it beside each other."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from markupsafe import Markup, escape

MOST_LINES = 4_000


def marked(text: str, facts: Iterable[dict[str, Any]]) -> Markup:
    """The text, escaped, in which each stretch that is evidence is a ``mark`` naming its facts (``data-f``).

    The first stretch of a fact has the id ``e-<number>``, to which the list of facts links.
    """
    spans = [
        (fact["evidence_start"], fact["evidence_end"], fact["number"])
        for fact in facts
        if fact["evidence_start"] is not None
    ]
    cuts = sorted({0, len(text), *(end for span in spans for end in span[:2] if 0 <= end <= len(text))})
    begins, ends = dict[int, list[int]](), dict[int, list[int]]()
    for start, end, number in spans:
        begins.setdefault(start, []).append(number)
        ends.setdefault(end, []).append(number)
    out, open_, seen = list[str](), list[int](), set[int]()
    for start, end in pairwise(cuts):
        open_ = [number for number in open_ if number not in ends.get(start, ())] + begins.get(start, [])
        said = escape(text[start:end])
        if not open_:
            out.append(said)
            continue
        fresh = [number for number in open_ if number not in seen]
        seen.update(fresh)
        anchors = "".join(f'<a id="e-{number}"></a>' for number in fresh)
        out.append(f'{anchors}<mark data-f="{" ".join(map(str, open_))}">{said}</mark>')
    return Markup("").join(Markup(piece) for piece in out)  # noqa: S704 (escaped above)


def compared(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Lines of two texts as (kind, line): ``same``, ``gone``, ``come`` or, for a run of what is the same, ``skip``."""
    before, after = old.split("\n")[:MOST_LINES], new.split("\n")[:MOST_LINES]
    for kind, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from _shortened(before[a:b])
            continue
        yield from (("gone", line) for line in before[a:b])
        yield from (("come", line) for line in after[c:d])


def _shortened(lines: list[str]) -> Iterator[tuple[str, str]]:
    if len(lines) <= 6:
        yield from (("same", line) for line in lines)
        return
    yield from (("same", line) for line in lines[:3])
    yield "skip", f"… {len(lines) - 6} …"
    yield from (("same", line) for line in lines[-3:])
