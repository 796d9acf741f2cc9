"""The meaning of cells: by the label of the cell, the head row of its table, or the words before a value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise, takewhile
from pathlib import Path

from bs4 import Tag

from gonggo.datafile import load_yaml
from gonggo.errors import DataFileError
from gonggo.sources import soup

DATES = frozenset({"posted_on", "notice_period", "period", "opens_at", "closes_at"})
# Fields that are read from named cells although the site's file does not list them.
HEAD_FIELDS = ("posted_on", "notice_period", "period", "opens_at", "closes_at", "agency", "status")
# Attributes that label a cell for narrow screens, which show no head row.
_OWN_LABELS = ("data-cell-header", "data-label", "data-th", "data-title", "data-header", "aria-label")
_FEWEST_KNOWN_COLUMNS = 2
# Old tables without ``th``: the row of labels is one of the first so many, and has so many known kinds.
_HEAD_WITHIN, _FEWEST_CERTAIN_COLUMNS = 3, 3
# How many rows of a table are looked at, empty ones counted.
_LOOKED_AT = 12
# A label of one day, not of a period.
_ONE_DAY = re.compile(r"일[자시]?$")
_DIGIT = re.compile(r"\d")
_LONGEST_SUFFIX, _LONGEST_HEAD = 4, 40
_WIDEST = 60
_BRACKETS = re.compile(r"[(\[][^()\[\]]{0,30}[)\]]")
_JOINED = re.compile("[/·ㆍ,]")
_TRIMMED = " \t\r\n:：*·ㆍ▶▲▼■□○●|-"
# Labels as short as this are also common words: they count only with a colon.
_NEEDS_COLON = 2
_TEXT_KINDS = (*sorted(DATES), "agency", "department", "writer", "hits")
_HOUR = r"\d{1,2}\s?(?::\s?\d{2}(?::\d{2})?|시(?:\s?\d{1,2}\s?분)?)"
_DAY = (
    r"(?:\d{4}|\d{2})\s?[-./년]\s?\d{1,2}\s?[-./월]\s?\d{1,2}(?!\d)\s?[일.]?(?:\s?\([월화수목금토일]\))?"
    rf"(?:\s?{_HOUR})?"
)
_PERIOD = re.compile(rf"{_DAY}\s{{0,9}}[~∼～〜]\s{{0,9}}(?:{_DAY})?|[~∼～〜]\s{{0,9}}{_DAY}")
_CONTINUES_DATE = re.compile(r"[~∼～〜]|\d\s?[-./년월:시]")
_DAYS_LEFT = re.compile(
    r"[(\[]?\s?D\s?[-+]\s?(?:\d{1,4}|day)\s?[)\]]?|[(\[]\s?(?:접수|모집|신청|진행)\s?중\s?[)\]]", re.I
)
_AGENCY = re.compile(r"(?!.*(?:\d{4}|○○))[가-힣A-Za-z(][^\n]{1,39}")


@cache
def _kinds_by_word() -> dict[str, str]:
    """Return the kinds of columns by the words for them, normalised.

    Raises:
        DataFileError: A word stands for two kinds.
    """
    path = Path(__file__).with_name("columns.yaml")
    kinds = dict[str, str]()
    for kind, words in load_yaml(path).items():
        for word in words:
            if kinds.setdefault(_normalized(word), kind) != kind:
                raise DataFileError(f"{path}: {word!r} is a word of {kinds[_normalized(word)]} and of {kind}")
    return kinds


def _normalized(text: str) -> str:
    return "".join(text.split()).strip(_TRIMMED).casefold()


@cache
def kind_of(label: str) -> str | None:
    """Return the kind of a head cell or a label, None if it is unknown."""
    normalized = _normalized(label[: 2 * _LONGEST_HEAD])
    if not normalized or len(normalized) > _LONGEST_HEAD:
        return None
    without_brackets = _BRACKETS.sub("", normalized).strip(_TRIMMED)
    for candidate in (normalized, without_brackets):
        if candidate in _kinds_by_word():
            return _kinds_by_word()[candidate]
    parts = _JOINED.split(without_brackets)
    if len(parts) > 1:
        return _kind_of_joined(parts)
    return next(
        (
            kind
            for word, kind in _kinds_by_word().items()
            if len(word) >= _LONGEST_SUFFIX and without_brackets.endswith(word)
        ),
        None,
    )


def _kind_of_joined(parts: list[str]) -> str | None:
    """Return the kind of a label that joins several words, as 소관부처·지자체 does; None if they are of several kinds.

    An unknown word is one more name of the same thing, but two dates in a cell could be of two kinds.
    """
    kinds = {kind_of(part) for part in parts}
    known = kinds - {None}
    return known.pop() if len(known) == 1 and (len(kinds) == 1 or not known & DATES) else None


class Head:
    """The labels and kinds of the columns of one table; ``meanings`` have precedence over the data file."""

    def __init__(self, labels: Sequence[str], meanings: Mapping[str, str] | None = None) -> None:
        self.labels = labels
        self.kinds = [(meanings or {}).get(label) or kind_of(label) for label in labels]
        if "closes_at" in self.kinds and "opens_at" not in self.kinds:
            # Beside a last day, a day of application is the first one.
            self.kinds = [
                "opens_at" if kind == "period" and _ONE_DAY.search(_normalized(label)) else kind
                for label, kind in zip(labels, self.kinds, strict=True)
            ]

    def __bool__(self) -> bool:
        return len({kind for kind in self.kinds if kind}) >= _FEWEST_KNOWN_COLUMNS

    @property
    def unknown(self) -> list[str]:
        """Return the labels whose kind is unknown."""
        return [label for label, kind in zip(self.labels, self.kinds, strict=True) if label and not kind]


class TableHeads:
    """The heads of the tables of one page, each read once. ``meanings`` are those of labels on this site."""

    def __init__(self, meanings: Mapping[str, str] | None = None) -> None:
        self._heads: dict[int, Head] = {}
        self._meanings = meanings or {}

    def head(self, row: Tag) -> Head:
        """Return the head of the table of a row, an empty one if it has none."""
        table = row.find_parent("table") if row.name == "tr" else None
        if table is None:
            return Head([])
        if id(table) not in self._heads:
            self._heads[id(table)] = Head(_labels(table), self._meanings)
        return self._heads[id(table)]

    def cells(self, row: Tag) -> list[tuple[Tag, str | None]]:
        """Return the cells of a row, each with its kind."""
        cells, head = cells_of(row), self.head(row)
        names_columns = bool(head) and width(row) == len(head.labels)
        named_cells, column = list[tuple[Tag, str | None]](), 0
        for cell in cells:
            own_kinds = (kind_of(soup.attribute(cell, name)) for name in _OWN_LABELS if soup.attribute(cell, name))
            named_cells.append(
                (cell, next(filter(None, own_kinds), None) or (head.kinds[column] if names_columns else None))
            )
            column += _span(cell)
        return named_cells


def cells_of(row: Tag) -> list[Tag]:
    """Return the cells of a row of a table, none for any other element."""
    return [cell for cell in row.children if isinstance(cell, Tag) and cell.name in ("td", "th")]


def width(row: Tag) -> int:
    """Return the number of columns of a row, spans counted."""
    return sum(_span(cell) for cell in cells_of(row))


def _span(cell: Tag) -> int:
    colspan = soup.attribute(cell, "colspan")
    return min(int(colspan), _WIDEST) if colspan.isdecimal() and int(colspan) else 1


def _head_rows(table: Tag) -> list[Tag]:
    """Return the rows that name the columns of a table: those of its head, else the first that does."""
    thead = table.find("thead", recursive=False)
    if thead:
        return list(thead.find_all("tr", recursive=False)) or [thead]
    # Old tables draw their lines with rows that hold nothing.
    first_rows = [row for row in table.find_all("tr", limit=_LOOKED_AT) if soup.text_of(row)][:_HEAD_WITHIN]
    naming = [row for row in first_rows if _names_columns(row)] or [row for row in first_rows[:1] if not row.find("td")]
    return naming[:1]


def _names_columns(row: Tag) -> bool:
    """Return whether the cells of a row, although they may be ``td``, are labels of columns and no values."""
    labels = [label for cell in cells_of(row) if (label := soup.text_of(cell))]
    kinds = {kind for label in labels if (kind := kind_of(label))}
    has_values = any(_DIGIT.search(label) for label in labels)
    return (
        "title" in kinds and len(kinds) >= _FEWEST_CERTAIN_COLUMNS and 2 * len(kinds) > len(labels) and not has_values
    )


def _labels(table: Tag) -> list[str]:
    """Return the labels of the columns, those of the last head row. A cell that spans rows belongs to each of them."""
    rows = _head_rows(table)
    labels, rows_left = dict[int, str](), dict[int, int]()
    for row in rows:
        column, rows_left_below = (
            0,
            {column_taken: rows_spanned - 1 for column_taken, rows_spanned in rows_left.items() if rows_spanned > 1},
        )
        for cell in cells_of(row):
            while rows_left.get(column, 0) > 1:
                column += 1
            rowspan = soup.attribute(cell, "rowspan")
            for _ in range(_span(cell)):
                labels[column] = soup.text_of(cell)
                rows_left_below[column] = int(rowspan) if rowspan.isdecimal() else 1
                column += 1
        rows_left = rows_left_below
    return [labels.get(column, "") for column in range(max(labels, default=-1) + 1)]


@cache
def _label_in_text() -> re.Pattern[str]:
    words = sorted((word for word, kind in _kinds_by_word().items() if kind in _TEXT_KINDS), key=len, reverse=True)
    spaced = {word: "".join(f"{re.escape(letter)} ?" for letter in word) for word in words}
    long_labels = [pattern for word, pattern in spaced.items() if len(word) > _NEEDS_COLON]
    short_labels = [pattern for word, pattern in spaced.items() if len(word) <= _NEEDS_COLON]
    return re.compile(
        rf"(?<![가-힣A-Za-z0-9])(?:({'|'.join(long_labels)})(?:\([^()\n]{{0,12}}\))?(?=\s*[:：|\n]|\s+[\d~'(]|\s*$)"
        rf"|({'|'.join(short_labels)})(?=\s*[:：]))\s*[:：|]?",
        re.I,
    )


def labelled_values(text: str) -> dict[str, str]:
    """Return the values after the labels in a text, by the kind of the label; the first of each kind counts.

    A value ends at the next label.
    """
    values = dict[str, str]()
    labels = [*_label_in_text().finditer(text)]
    for label, following in pairwise([*labels, None]):
        if label is None:
            continue
        end = following.start() if following else len(text)
        value = text[label.end() : end].strip(f"{_TRIMMED}\n")
        kind = kind_of(label[1] or label[2])
        value = _dated_lines(value) if kind in DATES else value
        if kind and value:
            values.setdefault(kind, value)
    return values


def _dated_lines(value: str) -> str:
    """Return the first line with a date and those that continue it; the lines after them are about something else."""
    value_lines = value.split("\n")
    first = next(
        (number for number, line in enumerate(value_lines) if line[:1].isdigit() or _CONTINUES_DATE.search(line)), 0
    )
    return "\n".join([*value_lines[: first + 1], *takewhile(_CONTINUES_DATE.search, value_lines[first + 1 :])])


def text_lines(row: Tag, without: Tag | None) -> str:
    """Return the texts of a row without those of its title, one on each line."""
    return "\n".join(
        text.strip() for text in row.strings if text.strip() and not (without and _stands_in(text, without))
    )


def _stands_in(text: object, node: Tag) -> bool:
    return any(parent is node for parent in getattr(text, "parents", ()))


def without_periods(text: str) -> str:
    """Return a text without the periods in it, whose ends are no days of posting."""
    return _PERIOD.sub(" ", text)


def without_days_left(value: str) -> str:
    """Return the text of a period without the number of days left, which changes every day."""
    return " ".join(_DAYS_LEFT.sub(" ", value).split())


def is_agency(value: str) -> bool:
    """Return whether a value can be the name of an agency: no code, no date, no sentence."""
    return _AGENCY.fullmatch(value) is not None


def unknown_columns(head: Head) -> Iterator[str]:
    """Yield a notice about the columns of unknown kind, if there are any."""
    if head and head.unknown:
        yield f"columns of unknown meaning: {', '.join(label[:_LONGEST_HEAD] for label in head.unknown)}"
