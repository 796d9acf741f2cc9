"""The section of each stretch of a notice: facts of the call, terms, evaluation, examples, annexes, contact.

A stretch is a heading or a marked line with the plain lines below it, or a table. A model that ``gonggo learn
--sections`` fits to labels weighs the hints of its words, the labels above it, and its position.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from gonggo.extract.layout import Block, begins_cell
from gonggo.extract.lexicons import FOLDER, labels, patterns
from gonggo.extract.linear import Classifier, load_classifier

# The sections that a notice has. What holds no words of its own, but images and page numbers, is boilerplate.
SECTIONS = ("call", "terms", "evaluation", "example", "annex", "background", "contact", "boilerplate")
_FACTS = ("call", "contact")
# A stretch is taken for one of facts unless another section is clearly more probable (in log odds).
_IN_FAVOUR = 0.5
# A line that stands as deep as this, or less, begins a stretch.
_DEEPEST_HEAD = 4
_LONG, _SHORT, _FIRST, _LOOKED_BACK = 200, 25, 4, 300
_WORDLESS = re.compile(r"(?:!\[[^\]\n]*\]\([^\n]*\)|[\W\d_]|<br>)+")


class _Group(NamedTuple):
    """The blocks of a stretch: the first of them, where the last one ends, and whether they are cells of a table."""

    first: Block
    end: int
    in_table: bool


class Sections:
    """The sections of one text: facts are few, so that only the stretches around them are ever judged."""

    def __init__(self, stretches: Sequence[tuple[int, int]], section_of: Callable[[int], str]) -> None:
        self._stretches = stretches
        self._starts = [start for start, _ in stretches]
        self._section_of = cache(section_of)

    def at(self, offset: int) -> str:
        """Return the section at ``offset``; outside all stretches it is facts of the call."""
        index = bisect_right(self._starts, offset) - 1
        if index >= 0 and offset < self._stretches[index][1]:
            return self._section_of(index)
        return "call"

    def states_facts(self, offset: int) -> bool:
        """Return whether figures and names at ``offset`` can be facts of the call."""
        return self.at(offset) in _FACTS


def read(text: str, blocks: Sequence[Block]) -> Sections:
    """Return the sections of a text with the blocks of its layout."""
    groups = list(_groups(text, blocks))
    # The hints of a stretch are its own, and those above the next one.
    hints = cache(_hints)

    def section_of(number: int) -> str:
        return _section(_text_of(text, groups[number]), lambda: _signs(text, groups, number, hints))

    return Sections([(group.first.start, group.end) for group in groups], section_of)


def stretches(text: str, blocks: Sequence[Block]) -> Iterator[tuple[int, int, frozenset[str]]]:
    """Yield the stretches of a text in order, each with the names of its features."""
    groups = list(_groups(text, blocks))
    for number, group in enumerate(groups):
        yield group.first.start, group.end, _signs(text, groups, number, _hints)


def _signs(text: str, groups: Sequence[_Group], number: int, hints: Callable[[str], frozenset[str]]) -> frozenset[str]:
    """Return the names of the features of a stretch; ``hints`` returns those of the words of a text."""
    first, _, in_table = groups[number]
    text_of_stretch = _text_of(text, groups[number])
    above = hints(_text_of(text, groups[number - 1])[-_LOOKED_BACK:]) if number else frozenset()
    signs = {"always", *hints(text_of_stretch)}
    signs |= {f"above:{name}" for name in above}
    signs |= {f"in:{name}" for name in first.sections}
    signs |= {f"under:{name}" for name in first.sections[-1:]}
    signs |= {f"label:{first.label}"} if first.label else set()
    place = {
        "table": in_table,
        "second_half": 2 * number >= len(groups),
        "last_quarter": 4 * number >= 3 * len(groups),
        "first": number < _FIRST,
        "long": len(text_of_stretch) > _LONG,
        "short": len(text_of_stretch) < _SHORT,
    }
    return frozenset(signs | {name for name, holds in place.items() if holds})


def _text_of(text: str, group: _Group) -> str:
    return text[group.first.start : group.end]


def features() -> list[str]:
    """Return the names of all features of a stretch."""
    hints = list(_patterns())
    places = ["table", "second_half", "last_quarter", "first", "long", "short"]
    under = [f"{kind}:{name}" for kind in ("in", "under", "label") for name in labels()]
    return ["always", *hints, *(f"above:{name}" for name in hints), *places, *under]


def is_boilerplate(stretch: str) -> bool:
    """Return whether a stretch has no words except those of images."""
    return not stretch or bool(_WORDLESS.fullmatch(stretch))


def _groups(text: str, blocks: Sequence[Block]) -> Iterator[_Group]:
    """Yield the blocks of each stretch."""
    first: Block | None = None
    end, in_table = 0, False
    for block in blocks:
        is_cell = bool(block.column or block.row) or begins_cell(text, block.start)
        heads = not is_cell and (block.rank <= _DEEPEST_HEAD or bool(block.label))
        if first is not None and (heads or is_cell != in_table):
            yield _Group(first, end, in_table)
            first = None
        first, end, in_table = first or block, block.end, is_cell
    if first is not None:
        yield _Group(first, end, in_table)


def _section(stretch: str, signs: Callable[[], frozenset[str]]) -> str:
    if is_boilerplate(stretch):
        return "boilerplate"
    scores = _model().scores(dict.fromkeys(signs(), 1.0))
    scores["call"] = scores.get("call", 0.0) + _IN_FAVOUR
    return max(scores, key=lambda name: scores[name])


def _hints(stretch: str) -> frozenset[str]:
    return frozenset(name for name, pattern in _patterns().items() if pattern.search(stretch))


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return patterns("sections")


@cache
def _model() -> Classifier:
    return load_classifier(FOLDER / "sections.json", SECTIONS, features())
