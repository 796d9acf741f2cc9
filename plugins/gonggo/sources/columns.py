"""Which part of a row says what: by a cell's own label, by the head row of its table, by the words before a value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise, takewhile
from pathlib import Path

from bs4 import Tag

from gonggo.datafile import load_yaml
from gonggo.errors import DataFileError
from gonggo.sources import soup

DATES = frozenset({"posted_on", "notice_period", "period", "opens_at", "closes_at"})
# What a head row gives though the site's file does not ask for it.
GIVEN = ("posted_on", "notice_period", "period", "opens_at", "closes_at", "agency", "status")
# Labels by which pages name a cell where a narrow screen shows no head row.
_OWN_LABELS = ("data-cell-header", "data-label", "data-th", "data-title", "data-header", "aria-label")
_FEWEST_KNOWN = 2
_LONGEST_SUFFIX, _LONGEST_HEAD = 4, 40
_WIDEST = 60
_BRACKETS = re.compile(r"[(\[][^()\[\]]{0,30}[)\]]")
_AROUND = " \t\r\n:：*·ㆍ▶▲▼■□○●|-"
# A label as short as this is one only with its colon: as a word it stands in sentences.
_NEEDS_COLON = 2
_IN_TEXT = (*sorted(DATES), "agency", "department", "writer", "hits")
_HOUR = r"\d{1,2}\s?(?::\s?\d{2}(?::\d{2})?|시(?:\s?\d{1,2}\s?분)?)"
_DAY = (
    r"(?:\d{4}|\d{2})\s?[-./년]\s?\d{1,2}\s?[-./월]\s?\d{1,2}(?!\d)\s?[일.]?(?:\s?\([월화수목금토일]\))?"
    rf"(?:\s?{_HOUR})?"
)
_WINDOW = re.compile(rf"{_DAY}\s{{0,9}}[~∼～〜]\s{{0,9}}(?:{_DAY})?|[~∼～〜]\s{{0,9}}{_DAY}")
_DATED = re.compile(r"[~∼～〜]|\d\s?[-./년월:시]")
_DAYS_LEFT = re.compile(
    r"[(\[]?\s?D\s?[-+]\s?(?:\d{1,4}|day)\s?[)\]]?|[(\[]\s?(?:접수|모집|신청|진행)\s?중\s?[)\]]", re.I
)
_AGENCY = re.compile(r"(?!.*(?:\d{4}|○○))[가-힣A-Za-z(][^\n]{1,39}")


@cache
def _words() -> dict[str, str]:
    """Return the words of the data file, squeezed, each with what it means.

    Raises:
        DataFileError: one word has two meanings.
    """
    path = Path(__file__).with_name("columns.yaml")
    found = dict[str, str]()
    for kind, words in load_yaml(path).items():
        for word in words:
            if found.setdefault(_squeezed(word), kind) != kind:
                raise DataFileError(f"{path}: {word!r} is a word of {found[_squeezed(word)]} and of {kind}")
    return found


def _squeezed(text: str) -> str:
    return "".join(text.split()).strip(_AROUND).casefold()


@cache
def kind_of(label: str) -> str | None:
    """Return what a head cell or a label means, None for words that nobody has told."""
    squeezed = _squeezed(label[: 2 * _LONGEST_HEAD])
    if not squeezed or len(squeezed) > _LONGEST_HEAD:
        return None
    bare = _BRACKETS.sub("", squeezed).strip(_AROUND)
    for said in (squeezed, bare):
        if said in _words():
            return _words()[said]
    return next((kind for word, kind in _words().items() if len(word) >= _LONGEST_SUFFIX and bare.endswith(word)), None)


class Head:
    """The head rows of one table: what each of its columns is called, and what that means."""

    def __init__(self, labels: Sequence[str]) -> None:
        self.labels = labels
        self.kinds = [kind_of(label) for label in labels]

    def __bool__(self) -> bool:
        return len({kind for kind in self.kinds if kind}) >= _FEWEST_KNOWN

    @property
    def unknown(self) -> list[str]:
        """The columns whose words nobody has told."""
        return [label for label, kind in zip(self.labels, self.kinds, strict=True) if label and not kind]


class Columns:
    """The tables of one page, whose head rows are read once."""

    def __init__(self) -> None:
        self._heads: dict[int, Head] = {}

    def head(self, row: Tag) -> Head:
        """Return the head of the table that a row stands in; an empty one where it has none."""
        table = row.find_parent("table") if row.name == "tr" else None
        if table is None:
            return Head([])
        if id(table) not in self._heads:
            self._heads[id(table)] = Head(_labels(table))
        return self._heads[id(table)]

    def cells(self, row: Tag) -> list[tuple[Tag, str | None]]:
        """Return the cells of a row, each with what it says."""
        cells, head = cells_of(row), self.head(row)
        named = bool(head) and width(row) == len(head.labels)
        found, column = list[tuple[Tag, str | None]](), 0
        for cell in cells:
            own = (kind_of(soup.attribute(cell, name)) for name in _OWN_LABELS if soup.attribute(cell, name))
            found.append((cell, next(filter(None, own), None) or (head.kinds[column] if named else None)))
            column += _span(cell)
        return found


def cells_of(row: Tag) -> list[Tag]:
    """Return the cells of a table's row; of anything else none."""
    return row.find_all(["td", "th"], recursive=False)


def width(row: Tag) -> int:
    """Return how many columns a row fills."""
    return sum(_span(cell) for cell in cells_of(row))


def _span(cell: Tag) -> int:
    said = soup.attribute(cell, "colspan")
    return min(int(said), _WIDEST) if said.isdecimal() and int(said) else 1


def _labels(table: Tag) -> list[str]:
    """Return the labels of a table's columns: those of its last head row, a cell that spans rows counted in each."""
    thead = table.find("thead", recursive=False)
    rows = thead.find_all("tr", recursive=False) or [thead] if thead else table.find_all("tr", limit=1)
    if not thead and any(row.find("td") for row in rows):
        return []
    labels, taken = dict[int, str](), dict[int, int]()
    for row in rows:
        column, below = 0, {at: left - 1 for at, left in taken.items() if left > 1}
        for cell in cells_of(row):
            while taken.get(column, 0) > 1:
                column += 1
            down = soup.attribute(cell, "rowspan")
            for _ in range(_span(cell)):
                labels[column] = soup.words(cell)
                below[column] = int(down) if down.isdecimal() else 1
                column += 1
        taken = below
    return [labels.get(column, "") for column in range(max(labels, default=-1) + 1)]


@cache
def _label_in_text() -> re.Pattern[str]:
    words = sorted((word for word, kind in _words().items() if kind in _IN_TEXT), key=len, reverse=True)
    spaced = {word: "".join(f"{re.escape(letter)} ?" for letter in word) for word in words}
    told = [pattern for word, pattern in spaced.items() if len(word) > _NEEDS_COLON]
    short = [pattern for word, pattern in spaced.items() if len(word) <= _NEEDS_COLON]
    return re.compile(
        rf"(?<![가-힣A-Za-z0-9])(?:({'|'.join(told)})(?:\([^()\n]{{0,12}}\))?(?=\s*[:：|\n]|\s+[\d~'(]|\s*$)"
        rf"|({'|'.join(short)})(?=\s*[:：]))\s*[:：|]?",
        re.I,
    )


def labelled(text: str) -> dict[str, str]:
    """Return what stands behind the labels of a text, by what the labels mean; the first of each counts.

    A line end parts the pieces of a page, so that a value goes on to the next label.
    """
    found = dict[str, str]()
    labels = [*_label_in_text().finditer(text)]
    for label, following in pairwise([*labels, None]):
        if label is None:
            continue
        end = following.start() if following else len(text)
        value = text[label.end() : end].strip(f"{_AROUND}\n")
        kind = kind_of(label[1] or label[2])
        value = _dated_lines(value) if kind in DATES else value
        if kind and value:
            found.setdefault(kind, value)
    return found


def _dated_lines(value: str) -> str:
    """Return the lines of a value that go on with a day, an hour or a window; what follows is of something else."""
    rows = value.split("\n")
    first = next((number for number, row in enumerate(rows) if row[:1].isdigit() or _DATED.search(row)), 0)
    return "\n".join([*rows[: first + 1], *takewhile(_DATED.search, rows[first + 1 :])])


def lines(row: Tag, without: Tag | None) -> str:
    """Return the pieces of a row, one a line, but for those of its title."""
    return "\n".join(text.strip() for text in row.strings if text.strip() and not (without and _is_in(text, without)))


def _is_in(text: object, node: Tag) -> bool:
    return any(parent is node for parent in getattr(text, "parents", ()))


def without_windows(text: str) -> str:
    """Return a text without the windows in it: neither end of one is a day of posting."""
    return _WINDOW.sub(" ", text)


def steady(value: str) -> str:
    """Return a window's words without the days that are left, which change by themselves."""
    return " ".join(_DAYS_LEFT.sub(" ", value).split())


def is_agency(value: str) -> bool:
    """Return whether a value could be the name of an agency: neither codes nor a date nor a sentence."""
    return _AGENCY.fullmatch(value) is not None


def unknown_columns(head: Head) -> Iterator[str]:
    """Yield what to tell of a head row: the columns that nobody has told the meaning of."""
    if head and head.unknown:
        yield f"columns of unknown meaning: {', '.join(label[:_LONGEST_HEAD] for label in head.unknown)}"
