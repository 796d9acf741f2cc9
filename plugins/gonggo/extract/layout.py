"""The layout of a notice: blocks (a line, a table cell) with their depth and the labels that apply to them.

Notices are lists: ``□ 접수기간 : …``, ``ㅇ (지원대상) …``, a table row ``|지원규모|최대 1억원|``, a heading with
lines below it, or the cells of a lost table one to a line. All say "label, then value"; this module finds both.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from itertools import combinations, pairwise
from typing import NamedTuple

from gonggo.extract import lost_tables
from gonggo.extract.lexicons import label_pattern, labels

# The letters that items are counted by.
LETTERS = "가나다라마바사아자차카타파하"
# How deep a line stands, by the mark it begins with. Plain lines stand deepest and never end a section.
_RANKS: tuple[tuple[int, str], ...] = (
    # A month and a day, 6. 1.(월) ~ 7. 3., are no number of a heading.
    (1, r"[Ⅰ-Ⅹ]\.?|\d{1,2}\.(?!\d)(?!\s?[0-3]?\d\s?\.?\s?(?:\([월화수목금토일]|[~∼～〜]|까지|부터|$))|제\d+조"),
    (2, r"[가-하]\.\s"),
    (3, r"[□■▢◆◇◈▣❏❑❒☐◉◐\ue000-\uf8ff\U000f0000-\U0010fffd]"),
    (4, rf"[○ㅇ❍◦●◎∘◯⦿￮〇ᄋ]|[oO](?=\s)|\(\d\)|\d\)|[①-⑳➀-➓❶-❿]|\(?[{LETTERS}]\)(?=\s)"),
    (5, r"[-–·▸▪•∙⁃‧￭▹▷▶▲△☞✓✔⁍ㆍ‣⦁❖◾➤➢](?!\d)"),
    (6, r"[*※★]+\d?"),
)
PLAIN = 9
_MARK = re.compile("|".join(f"(?P<r{rank}>{pattern})" for rank, pattern in _RANKS))
# Marks are of one kind that differ in their number alone, and all circles.
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("1", re.compile(r"\d{1,2}")),
    ("가", re.compile(rf"[{LETTERS}](?=[.)])")),
    ("①", re.compile(r"[①-⑳➀-➓❶-❿]")),
    ("Ⅰ", re.compile(r"[Ⅰ-Ⅹ]")),
    ("○", re.compile(r"[ㅇ❍◦●◎∘◯⦿￮〇ᄋoO]")),
)
_DRESS = re.compile(r"[\s#>|]*")
_GAP = re.compile(r"\s*")
_BRACKETED = re.compile(r"[\[(【<「]\s*+([^\])】>」:\n]{1,28}?)\s*+[\])】>」]\s*+[:：]?\s*")
_COLON = re.compile(r"([^:：\n]{1,28}?)\s*+[:：](?!\d\d)\s*")
# A label set off by spaces alone: 공고기관  충남테크노파크; and by one, where a day or an organisation is its value.
_SPACED = re.compile(r"(\S(?:\S|\s(?=\S)){1,14}?)(?:\s{2,}|\t\s*)(?=\S)")
_BEFORE_DAYS = re.compile(r"(\S{2,12})\s(?=[’'‘]?\d{2,4}[.년-]\s?\d)")
_BEFORE_ORGANISATION = re.compile(
    r"(\S{2,8}(?:기관|부처|지자체))\s(?=(?!안내|연락|목록|현황|정보|선정|모집|역할|구성|추진|요건|자격|문의)[가-힣()㈜A-Za-z·]{3,24}$)"
)
_OF_DAYS = ("window", "period", "notice_period")
_NUMBER_ALONE = re.compile(r"(?:\d{1,2}|[Ⅰ-Ⅹ])$")
_INLINE_MARK = re.compile(r"(?<=[가-힣A-Za-z0-9.,)\]’”'])\s*(?=[☞※□❍◦]\s?\S)|(?<=[가-힣)\]])\s+(?=ㅇ\s\S)|<br\s?/?>")
_TWO_LABELS = re.compile(r"([^()]{2,14})\(([^()]{2,14})\)")
_BRACKETS, _COLONS, _LONGEST_BEFORE_COLON = frozenset("[(【<「"), frozenset(":："), 32
_CUTS = frozenset("☞※□❍◦ㅇ<")
_SQUASH = re.compile(r"[\s.·ㆍ‧｢｣「」'’‘\"“”*]+")
_FIGURE = re.compile(r"\d")
_YEARS = re.compile(r"(?:20)?\d\d\s?년도?|20\d\d|\d\s?(?:차|단계|분기)")
_SHARE = re.compile(r"(?<=[가-힣])\s?\(\d[\d.]{0,5}\s?[%％][^()\d]{0,6}\)")
_UNIT_OF_HEAD = re.compile(r"\([^()\n]{0,8}원\)")
# Whose money it is, or that it is all of it: in a first row beside a label, the head of a column and not a value.
_OF_MONEY = re.compile(
    r"(?:국비|국고(?:보조금)?|(?:시·?도|시·?군(?:·?구)?|지방|도|시|군|구)비|민자|민간(?:부담금?|자본|투자)?"
    r"|(?:자|기업|자체)부담금?|기금|(?:정부)?(?:출연|보조)금|합계|총계|소계|계|총액|총사업비)(?:\([^()]{1,12}\))?"
)
# A word written with spaces between its letters, alone or before brackets.
_SPREAD_OUT = re.compile(r"[가-힣](?:\s{1,4}[가-힣])+(?=\s*(?:[(\[]|$))")
_DOTS = re.compile(r"[·ㆍ‧․/]")
_OF_A_YEAR = re.compile(r"\d\s?(?:차\s?)?년")
# A row that has lost its cells that span rows: how wide its table may be, and what a gap between its cells costs.
_WIDEST, _GAP_COST = 12, 0.15
# So many columns may be lost of a table that is wider than the first number.
_WIDE, _MOST_LOST = 9, 2
# The cells of a row that has lost all but its label and its sum.
_LABEL_AND_SUM = 2
_LOOKED_AHEAD = 6
# Headers of columns that name the rows, or have remarks: they span no columns of figures.
_OF_ROWS = re.compile(
    r"구\s?분|[연순]\s?번|번호|비\s?고|(?:세부|내역|지원)?\s?(?:사업|과제|프로그램|품목|기관|분야|유형)\s?명?$|[가-힣]*\s?기간|지역"
)
_SUM_ROW = re.compile(r"\s*(?:합\s?계|총\s?계|소\s?계|계|총액?)(?![가-힣])")
_NUMBER_CELL = re.compile(r"\d[\d,.]*")
_FIGURE_CELL = re.compile(
    r"\W{0,3}(?:최대|총|약|각)?\s?[’'‘`]?\d[\d,.]*\s?(?:억|천|백|만|원|개|명|건|팀|과제|년|월|[.%~∼～])"
)
_SEPARATOR = re.compile(r"\|[\s:|-]++$")
# Tables drawn with box characters, with the signs of the others in their stead.
_BOX_LINES = str.maketrans(dict.fromkeys("┃│┏┣┗┌├└┠┡┢┳╋┻┬┼┴┯┿┷╂┓┫┛┐┤┘┨", "|") | dict.fromkeys("━─", "-"))
_BOX_LINE = re.compile(r"^[┃│]", re.MULTILINE)
# In brackets alone on a line these say what the organisation on the line above is: "정보통신산업진흥원" / "(전담기관)".
_OF_ORGANISATIONS = ("host", "operator", "participant", "supporter", "target")
_ANNEX, _FORMER = "annex", "former"
# What a call says of itself before any annex to it.
_OF_CALL = ("target", "window", "period", "budget", "count", "award", "method", "contact")
# A line that only cites a statute heads its words, whose numbers are those of the statute: ▪「…법」 제2조제3호.
_STATUTE = re.compile(
    r"\W{0,3}「[^」\n]{2,60}」\s?(?:시행령|시행규칙)?\s?제\d{1,3}조[^.\n가-힣]{0,3}(?:제?\d{1,2}[항호]?){0,4}"
)
# How a text made of several attachments names each, and which of them are forms to fill in.
_ATTACHED = re.compile(r"(?:#{0,4}\s?첨부\s?:\s?(?=\S.{3})|## 첨부: (?=\S))(.+)")
_FORM = re.compile(r"신청서|서식|양식|동의서|협약서|확약서|서약서|체크리스트|매뉴얼|지침")
_NOTE_AT_END = re.compile(r"\(.{0,28}?\)$")
_ASIDE = re.compile(r"[(\[][^)\]]{0,200}[)\]]")
# Ranks above this are of numbers, which a statute has of its own.
_DEEPER = 3
_LONGEST_LABEL = 28
_LONGEST_VALUE = 14
_LONGEST_ROW = 60


class Block(NamedTuple):
    """A stretch of text: a line, a table cell, or a part of either.

    ``sections`` are the labels above it, outermost first; ``column`` and ``row`` are the headers of its table column
    and row, ``over`` the header above that of its column, ``caption`` the line above the table.
    """

    start: int
    end: int
    text: str
    rank: int
    sections: tuple[str, ...] = ()
    column: str = ""
    row: str = ""
    caption: str = ""
    label: str = ""
    value_start: int = 0
    column_group: str = ""

    @property
    def is_fact(self) -> bool:
        """Return whether its sections state facts of the programme."""
        return _silent().isdisjoint(self.sections)


class Item(NamedTuple):
    """A label with the stretch of text that is its value."""

    label: str
    label_text: str
    start: int
    end: int


class _Cell(NamedTuple):
    """A plain line, or a table cell with the headers of its column and row, before its sections are known."""

    start: int
    end: int
    column: str = ""
    row: str = ""
    in_table: bool = False
    is_head: bool = False
    column_group: str = ""

    @property
    def has_heads(self) -> bool:
        return bool(self.column or self.row or self.is_head)


@dataclass
class Layout:
    """Blocks in text order and the labelled items among them."""

    blocks: list[Block] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)

    def at(self, offset: int) -> Block | None:
        """Return the block that contains ``offset``."""
        index = bisect_right(self._starts, offset) - 1
        return self.blocks[index] if index >= 0 and offset < self.blocks[index].end else None

    def index_at(self, offset: int) -> int:
        """Return the index of the block at ``offset``, or of the last one before it."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def row_of(self, block: Block) -> list[Block]:
        """Return the cells of the row of a cell: those before and after it whose columns none nearer has."""
        at = self.index_at(block.start)
        row = [block]
        for step in (-1, 1):
            seen, number = {block.column}, at + step
            while 0 <= number < len(self.blocks) and (column := self.blocks[number].column) and column not in seen:
                seen.add(column)
                row.append(self.blocks[number])
                number += step
        return row

    def heads_table(self, end: int) -> bool:
        """Return whether the header of a table with rows ends at ``end``."""
        after = self.index_at(end - 1) + 1
        return after < len(self.blocks) and bool(self.blocks[after].column)

    def named(self, *names: str) -> list[Item]:
        """Return the items whose canonical label is one of ``names``, in text order."""
        if len(names) == 1:
            return self._by_label.get(names[0], [])
        return [item for item in self.items if item.label in names]

    @cached_property
    def _starts(self) -> list[int]:
        return [block.start for block in self.blocks]

    @cached_property
    def _by_label(self) -> dict[str, list[Item]]:
        by_label: dict[str, list[Item]] = {}
        for item in self.items:
            by_label.setdefault(item.label, []).append(item)
        return by_label


def read(text: str) -> Layout:
    """Return the blocks of a text with their sections, and its labelled items."""
    sections = _Sections()
    blocks: list[Block] = []
    above = ""
    for cell in _cells(text.translate(_BOX_LINES) if _BOX_LINE.search(text) else text):
        raw = text[cell.start : cell.end]
        block = sections.block_of(cell, raw, above if cell.in_table else "")
        blocks.append(block)
        above = above if cell.in_table else raw
    return Layout(blocks, list(_items(text, blocks)))


class _Sections:
    """The open sections of a text, by how deep their headings stand."""

    def __init__(self) -> None:
        self.open: list[tuple[int, str]] = []
        self.after_number = False
        self.in_statute = False
        self.has_facts = False
        # The label right above that has no value yet, by its rank and kind of mark; and marks that stand below one.
        self.awaiting: tuple[int, str] | None = None
        self.lowered: dict[str, tuple[int, int]] = {}

    def block_of(self, cell: _Cell, raw: str, caption: str) -> Block:
        """Return the block of a cell; a heading ends the sections of its own depth or below and begins a new one."""
        rank, words_start, mark = self._depth(cell, raw)
        label, after = _label(raw[words_start:])
        if cell.row and (in_two := classify(f"{cell.row} {raw}")):
            label, after = in_two, len(raw) - words_start
        kind = "" if cell.in_table else _kind_of_mark(mark)
        rank = self._below_heading(rank, kind, bool(label))
        self.awaiting = (rank, kind) if kind and label and words_start + after >= len(raw) else None
        level = rank if rank < PLAIN else PLAIN - 1
        if label == _FORMER:
            label, after = "", 0  # only over a column does it say so of all below
        if label == _ANNEX and not self.has_facts:
            label = ""  # 붙임 over a notice itself: what it says of the call comes below
        self.has_facts = self.has_facts or label in _OF_CALL
        attached = _ATTACHED.match(raw)
        if attached:
            level, label = -1, _ANNEX if _FORM.search(_ASIDE.sub("", attached[1])) else ""
        elif label == _ANNEX and words_start + after >= len(raw) and not cell.has_heads:
            level = 0
        if not cell.has_heads:
            if (rank < PLAIN and not (self.in_statute and rank < _DEEPER)) or label or attached:
                while self.open and self.open[-1][0] >= level:
                    self.open.pop()
            if label:
                self.open.append((level, label))
        sections = [name for _, name in self.open]
        if cell.row or cell.column:
            named = [name for name in map(classify, (cell.row, cell.column_group, cell.column)) if name]
            # Of what a value is remains said by its row, when its column says that it held before.
            sections += sorted(named, key=lambda name: name != _FORMER)
        if label and (not sections or sections[-1] != label):
            sections.append(label)
        own_label = "" if cell.is_head else label
        value_start = cell.start + words_start + after if label else cell.start
        heads = (cell.column, cell.row, caption)
        return Block(
            cell.start, cell.end, raw, rank, tuple(sections), *heads, own_label, value_start, cell.column_group
        )

    def _below_heading(self, rank: int, kind: str, has_label: bool) -> int:
        """Return the rank of a line, lowered if marks of its kind stand below a label: 1) 신청자격, below it ① ….

        What comes right below a label without a value is its value, however its marks are ranked elsewhere.
        """
        if rank == PLAIN or not kind:
            return rank
        if self.awaiting:
            above, kind_above = self.awaiting
            if kind != kind_above and (rank == above or (rank < above and not has_label)):
                self.lowered[kind] = (above, above + 1)
        if kind in self.lowered:
            return self.lowered[kind][1]
        self.lowered = {name: ranks for name, ranks in self.lowered.items() if ranks[0] < rank}
        return rank

    def _depth(self, cell: _Cell, raw: str) -> tuple[int, int, str]:
        """Return rank, start of the words and mark; a number alone on a line makes the line below a heading."""
        rank, words_start, mark = _depth(raw)
        self.in_statute = bool(_STATUTE.fullmatch(raw)) or (self.in_statute and (rank < _DEEPER or rank == PLAIN))
        if self.after_number and rank == PLAIN:
            rank = 1
        self.after_number = bool(_NUMBER_ALONE.match(raw.strip())) and not cell.has_heads
        return (1 if self.after_number else rank), words_start, mark


def is_in_row(text: str, offset: int) -> bool:
    """Return whether the line at ``offset`` is a row of a table."""
    return text.startswith("|", text.rfind("\n", 0, offset) + 1)


def begins_cell(text: str, offset: int) -> bool:
    """Return whether a bar, and no more than a space, is before ``offset``."""
    return text[max(0, offset - 2) : offset].rstrip(" ").endswith("|")


@lru_cache(maxsize=8192)
def classify(label_text: str) -> str:
    """Return the canonical name of a label, or an empty text if the words are not a known label."""
    squashed = _SQUASH.sub("", label_text).lower()
    if not squashed or len(squashed) > _LONGEST_LABEL:
        return ""
    match = label_pattern().fullmatch(squashed)
    return str(match.lastgroup) if match else ""


@cache
def _silent() -> frozenset[str]:
    return frozenset(name for name, entry in labels().items() if not entry.facts)


@lru_cache(maxsize=1024)
def _kind_of_mark(mark: str) -> str:
    """Return the kind of a mark; an empty text for none."""
    mark = mark.strip()
    for name, pattern in _KINDS if mark else ():
        mark = pattern.sub(name, mark)
    return mark


def _depth(raw: str) -> tuple[int, int, str]:
    """Return the rank of a line, where its words begin after all its marks, and the first of these."""
    at, rank = _DRESS.match(raw).end(), PLAIN  # type: ignore[union-attr]
    if raw[:at].count("#"):
        rank = 1
    mark = _MARK.match(raw, at)
    first = mark[0] if mark else ""
    while True:
        if not mark or mark.end() >= len(raw):
            return rank, at, first
        mark_rank = int((mark.lastgroup or "r9")[1:])
        # A heading's or a list's dash stands before the mark that says how deep the line is.
        rank = mark_rank if rank in (PLAIN, 5) or (rank == 1 and mark_rank < 5) else min(rank, mark_rank)
        at = _GAP.match(raw, mark.end()).end()  # type: ignore[union-attr]
        mark = _MARK.match(raw, at)


def _of_bare_label(words: str) -> str:
    """Return the label that words mean without a note in brackets at their end, or by the first of two of them."""
    bare = _NOTE_AT_END.sub("", words)
    return classify(bare) or classify(bare.partition("/")[0])


def _label(words: str) -> tuple[str, int]:
    """Return the label that a block begins with, and the length of it and its punctuation."""
    if not words:
        return "", 0
    for pattern in (_BRACKETED, _COLON):
        if (
            words[0] not in _BRACKETS
            if pattern is _BRACKETED
            else not _COLONS.intersection(words[:_LONGEST_BEFORE_COLON])
        ):
            continue
        match = pattern.match(words)
        if match:
            name = classify(match[1]) or _of_bare_label(match[1])
            if name and not (name in _OF_ORGANISATIONS and match.end() == len(words) and pattern is _BRACKETED):
                return name, match.end()
    if set_off := _set_off(words):
        return set_off
    if len(words) <= _LONGEST_LABEL and not words.startswith("("):
        name = classify(words)
        if not name and (aside := _TWO_LABELS.fullmatch(words)) and classify(aside[2]):
            name = classify(aside[1])
        if name:
            return name, len(words)
    return "", 0


def _set_off(words: str) -> tuple[str, int] | None:
    """Return the label that spaces alone set off from its value, and the length of it and the spaces."""
    if (match := _SPACED.match(words)) and (name := classify(match[1])):
        return name, match.end()
    if (match := _BEFORE_DAYS.match(words)) and (name := classify(match[1])) in _OF_DAYS:
        return name, match.end()
    if (match := _BEFORE_ORGANISATION.match(words)) and (name := classify(match[1])) in ("host", "operator"):
        return name, match.end()
    return None


@dataclass
class _Heads:
    """The headers of a table's columns: those of the lowest header row, and of the rows above it."""

    names: list[str]
    groups: list[str]
    spans: list[bool]


class _Row(NamedTuple):
    """A table row: ``cells`` as (start, end, first column, column after the last), and ``texts`` by column.

    A cell that spans columns gives its text to each of them.
    """

    cells: list[tuple[int, int, int, int]]
    texts: list[str]

    @property
    def is_title(self) -> bool:
        return len(self.cells) == 1 and len(self.texts) > 1


def _cells(text: str) -> Iterator[_Cell]:
    """Yield lines and table cells in text order.

    The first row of a table has the headers of its columns, the first cell that of its row. Below a header that spans
    columns are the headers of these columns.
    """
    at, size = 0, len(text)
    heads: _Heads | None = None
    row_head = ""
    whole: _Row | None = None
    merged: _Row | None = None
    lost = lost_tables.find(text)
    while at < size:
        if at in lost:
            first, *rows = lost[at]
            names = [_closed_up(cell_text) for *_, cell_text in first]
            bare = _Heads(names, [""] * len(names), [False] * len(names))
            yield from _as_heads(text, _unlined(first))
            for cells in rows:
                yield from _cells_under(text, row := _unlined(cells), bare, row.texts[0])
            heads, at = None, rows[-1][-1].end + 1
            continue
        stop = text.find("\n", at)
        stop = size if stop < 0 else stop
        if not text.startswith("|", at):
            heads, row_head, whole, merged = None, "", None, None
            yield from (_Cell(s, e) for s, e in _parts(text, at, stop))
            at = stop + 1
            continue
        stop = _row_end(text, at, stop)
        if not _SEPARATOR.match(text[at:stop]):
            row = _row(text, at, stop)
            if row.is_title:
                yield from (_Cell(s, e, in_table=True) for a, b, *_ in row.cells for s, e in _parts(text, a, b))
            elif heads is None and _is_of_heads(row, below := _row_at(text, stop + 1)):
                row, below, merged = _widened(row, list(_rows_from(text, stop + 1)))
                names, spans = _spread(row, below)
                heads = _Heads(names, [""] * len(names), spans)
                yield from _as_heads(text, row)
            elif heads and (finer := _refined_heads(heads, row := merged or row)):
                heads, merged = finer, None
                yield from _as_heads(text, row)
            else:
                nameless = [""] * len(row.texts)
                heads = heads or _Heads(nameless, nameless, [False] * len(row.texts))
                row = _aligned(row, whole) if whole else row
                row = _under_sum(row, heads.names)
                whole = row if len(row.texts) == len(heads.names) else whole
                # Under a merged cell the first cell of a row is empty: what heads the row above heads this one too.
                row_head = row.texts[0] or row_head
                yield from _cells_under(text, row, heads, row_head)
        at = stop + 1


def _unlined(cells: list[lost_tables.Cell]) -> _Row:
    """Return a row of a table that has lost its lines."""
    return _Row(
        [(cell.start, cell.end, number, number + 1) for number, cell in enumerate(cells)],
        [cell.text for cell in cells],
    )


def _aligned(row: _Row, above: _Row) -> _Row:
    """Return a row that has lost the cells that span rows, with its cells below those of the row above like them.

    The lost cells are taken from the row above. A row with a cell that is like none, or with a sum, stays as it is.
    """
    count, width = len(row.cells), len(above.texts)
    if len(row.texts) != count or not count < width <= _WIDEST or _SUM_ROW.match(row.texts[0]):
        return row
    if width > _WIDE and width - count > _MOST_LOST:
        return row
    best, columns = 0.0, None
    for chosen in combinations(range(width), count):
        pairs = [(row.texts[number], above.texts[column]) for number, column in enumerate(chosen)]
        if all(_shape(one) in ("", _shape(other)) or not _shape(other) for one, other in pairs):
            alike = sum(min(len(one), len(other)) / max(len(one), len(other), 1) for one, other in pairs)
            gaps = chosen[-1] - chosen[0] + 1 - count
            if (value := 1.0 + alike - _GAP_COST * gaps) > best:
                best, columns = value, chosen
    if columns is None:
        return row
    texts = list(above.texts)
    for number, column in enumerate(columns):
        texts[column] = row.texts[number]
    cells = [(a, b, column, column + 1) for (a, b, *_), column in zip(row.cells, columns, strict=True)]
    return _Row(cells, texts)


def _under_sum(row: _Row, names: list[str]) -> _Row:
    """Return a row of a label and one number, too short for its headers, with the number below that of the sums."""
    if len(row.cells) != _LABEL_AND_SUM or not len(row.texts) < len(names) or not _SUM_ROW.match(names[-1]):
        return row
    if _shape(row.texts[-1]) != "number":
        return row
    (a, b, first, last), (c, d, *_) = row.cells
    cells = [(a, b, first, last), (c, d, len(names) - 1, len(names))]
    return _Row(cells, [*row.texts[:-1], *[row.texts[-2]] * (len(names) - len(row.texts)), row.texts[-1]])


def _shape(cell_text: str) -> str:
    """Return what kind of value a cell holds: nothing, a number, a figure with its unit, or words."""
    if not cell_text or cell_text == "-":
        return ""
    if _NUMBER_CELL.fullmatch(cell_text):
        return "number"
    return "figure" if _FIGURE_CELL.match(cell_text) else "words"


def _as_heads(text: str, row: _Row) -> Iterator[_Cell]:
    for a, b, *_ in row.cells:
        yield from (_Cell(s, e, in_table=True, is_head=len(row.cells) > 1) for s, e in _parts(text, a, b))


def _row_at(text: str, at: int) -> _Row | None:
    """Return the table row that begins at ``at``, or below a ruled line there; None if there is none."""
    stop = text.find("\n", at)
    if stop >= 0 and _SEPARATOR.match(text[at:stop]):
        return _row_at(text, stop + 1)
    return _row(text, at, stop if stop >= 0 else len(text)) if text.startswith("|", at) else None


def _rows_from(text: str, at: int) -> Iterator[_Row]:
    """Yield the first rows of a table from ``at`` on."""
    for _ in range(_LOOKED_AHEAD):
        if (row := _row_at(text, at)) is None:
            return
        yield row
        at = row.cells[-1][1] + 2 if row.cells else len(text)


def _widened(row: _Row, below: list[_Row]) -> tuple[_Row, _Row | None, _Row | None]:
    """Return a first row and the one below it with the spans of their cells, where a table has lost these.

    One header spans those in the second row, if the two together are as many as the cells of the rows below; the first
    one spans two columns of names, if there is one cell more. The last is the second row if it is of headers.
    """
    under = below[0] if below else None
    count = len(row.cells)
    widths = Counter(len(one.texts) for one in below)
    width = max(widths, key=lambda size: (widths[size], size), default=0)
    if under is None or count != len(row.texts) or not count < width or any(map(_is_figure, row.texts)):
        return row, under, None
    extra = width - count
    if len(under.texts) == len(under.cells) == extra + 1 and all(map(_is_head, under.texts)):
        at = max(range(count), key=lambda number: (not _OF_ROWS.match(row.texts[number]), number))
        wide = _spanning(row, at, extra + 1)
        texts = [*wide.texts[:at], *under.texts, *wide.texts[at + extra + 1 :]]
        cells = [(a, b, at + number, at + number + 1) for number, (a, b, *_) in enumerate(under.cells)]
        return wide, (merged := _Row(cells, texts)), merged
    first = width - len(under.texts)
    if 0 < first < count - 1 and len(under.texts) == len(under.cells) and all(map(_is_head, under.texts)):
        span, rest = divmod(len(under.texts), count - first)
        if span > 1 and not rest and under.texts == under.texts[:span] * (count - first):
            return _under_each(row, under, first, span)
    if extra == 1 and len(under.texts) == width and _OF_ROWS.match(row.texts[0]):
        return (
            (_spanning(row, 0, 2), under, None) if {*map(_shape, under.texts[:2])} == {"words"} else (row, under, None)
        )
    return row, under, None


def _under_each(row: _Row, under: _Row, first: int, span: int) -> tuple[_Row, _Row, _Row]:
    """Return a first row whose headers, from one on, each span the same headers in the row below: 기간 and 금액."""
    wide = row
    for number in range(len(row.cells) - 1, first - 1, -1):
        wide = _spanning(wide, number, span)
    texts = [*wide.texts[:first], *under.texts]
    cells = [(a, b, first + number, first + number + 1) for number, (a, b, *_) in enumerate(under.cells)]
    return wide, (merged := _Row(cells, texts)), merged


def _is_head(cell_text: str) -> bool:
    return _shape(cell_text) == "words" or not _is_figure(cell_text)


def _spanning(row: _Row, at: int, columns: int) -> _Row:
    """Return a row whose cell at a position spans so many columns."""
    more = columns - 1
    cells = [
        (a, b, first + (more if number > at else 0), last + (more if number >= at else 0))
        for number, (a, b, first, last) in enumerate(row.cells)
    ]
    return _Row(cells, [*row.texts[:at], *[row.texts[at]] * columns, *row.texts[at + 1 :]])


def _is_of_heads(row: _Row, below: _Row | None) -> bool:
    """Return whether a first row has the headers of columns, judging by the row below it."""
    return not _is_repeated(row, below) and (not _is_definition(row) or _is_of_sums(row, below))


def _is_definition(row: _Row) -> bool:
    """Return whether a first row is a label with its value, not the headers of columns."""
    texts = [row.texts[first] for _, _, first, _ in row.cells]
    if len(texts) not in (2, 4):
        return False
    if len(texts) == 4 and texts[1] and classify(texts[2]) and classify(texts[3]):
        return False
    return (_is_of_money(texts[0]) and _is_figure(texts[1])) or (bool(classify(texts[0])) and not classify(texts[1]))


def _is_of_sums(row: _Row, below: _Row | None) -> bool:
    """Return whether a label is the header of a column next to headers of funding sources: 사업, 국비, 합계.

    Below a header that spans columns, these are in the next row.
    """
    if below is None or any(map(_is_figure, row.texts)):
        return False
    if any(_spans(row)):
        subheads = [cell_text for cell_text, spans in zip(below.texts, _spans(row), strict=False) if spans]
        return any(map(_is_of_money, subheads)) and not any(map(_is_figure, subheads))
    named = sum(map(_is_of_money, row.texts[1:]))
    return named > 1 or (named == 1 and not classify(below.texts[0]))


def _is_of_money(cell_text: str) -> bool:
    return bool(_OF_MONEY.fullmatch(_DOTS.sub("·", cell_text.replace(" ", ""))))


def _is_figure(cell_text: str) -> bool:
    """Return whether a cell holds figures other than those of years and shares: 민간부담(15%)."""
    return bool(_FIGURE.search(_SHARE.sub("", _YEARS.sub("", cell_text))))


def _is_repeated(row: _Row, below: _Row | None) -> bool:
    """Return whether a first row has row headers: its first cell spans the row below too, and none spans columns."""
    return bool(below and row.texts[0] and below.texts[0] == row.texts[0] and not any(_spans(row)))


def _spans(row: _Row) -> list[bool]:
    return [last - first > 1 for _, _, first, last in row.cells for _ in range(first, last)]


def _spread(row: _Row, below: _Row | None) -> tuple[list[str], list[bool]]:
    """Return the headers of a first row by column, and whether each spans columns.

    A header spans the empty cells after it if the row below has words, not figures, in exactly these columns.
    """
    spans = _spans(row)
    if any(spans) or below is None or len(below.texts) != len(row.texts) or below.texts[0] or "" not in row.texts[1:]:
        return row.texts, spans
    names = row.texts[:1]
    for text in row.texts[1:]:
        names.append(text or names[-1])
    spans = [bool(name) and names.count(name) > 1 for name in names]
    under = [text for text, spanned in zip(below.texts, spans, strict=True) if spanned]
    beside = [text for text, spanned in zip(below.texts, spans, strict=True) if not spanned]
    is_of_heads = all(under) and not any(beside) and not any(map(_is_figure, under))
    return (names, spans) if is_of_heads else (row.texts, _spans(row))


def _refined_heads(heads: _Heads, row: _Row) -> _Heads | None:
    """Refine headers that span columns by the headers in the row below; None if that is a row of values.

    A header that spans rows is repeated in a header row; if none is, the row has no figures except years.
    """
    if not any(heads.spans) or len(row.texts) != len(heads.names):
        return None
    columns = list(zip(heads.names, row.texts, heads.spans, strict=True))
    if not all(spans or cell_text in ("", name) for name, cell_text, spans in columns):
        return None
    subheads = [cell_text for name, cell_text, spans in columns if spans and cell_text != name]
    again = any(cell_text and cell_text == name for name, cell_text, spans in columns if not spans)
    if not any(subheads) or not (again or not any(map(_is_figure, subheads))):
        return None
    names = [cell_text if spans and cell_text else name for name, cell_text, spans in columns]
    levels = zip(heads.groups, heads.names, names, strict=True)
    groups = [f"{top} {name}".strip() if fine != name else top for top, name, fine in levels]
    # What the upper head counts in, (백만원), all below it count in.
    units = (
        _UNIT_OF_HEAD.search(top) if not _UNIT_OF_HEAD.search(name) else None
        for top, name in zip(groups, names, strict=True)
    )
    names = [f"{name}{unit[0]}" if unit else name for name, unit in zip(names, units, strict=True)]
    return _Heads(names, groups, _spans(row))


def _cells_under(text: str, row: _Row, heads: _Heads, row_head: str) -> Iterator[_Cell]:
    """Yield the cells of a row with the headers of their columns and the nearest cell with words to their left."""
    names, texts = heads.names, row.texts
    words = row_head
    for a, b, first, last in row.cells:
        group = " ".join(dict.fromkeys(filter(None, heads.groups[first:last])))
        head = " ".join(dict.fromkeys(filter(None, names[first:last])))
        label = words if first else ""
        yield from (_Cell(s, e, head, label, in_table=True, column_group=group) for s, e in _parts(text, a, b))
        left = texts[first]
        if first and left and classify(f"{words} {left}"):
            # A label in two cells, the first of which spans rows: 접수 over 기간 and 방법.
            words = f"{words} {left}"
        elif left and (classify(left) or not _FIGURE.search(left)):
            words = left


def _row_end(text: str, start: int, stop: int) -> int:
    """Return the end of a table row, whose last cell may extend over several lines."""
    lines = 0
    while not text[start:stop].rstrip().endswith("|") and lines < _LONGEST_ROW:
        following = text.find("\n", stop + 1)
        if following < 0 or text.startswith("|", stop + 1):
            break
        stop, lines = following, lines + 1
    return stop


def _row(text: str, start: int, stop: int) -> _Row:
    bars = [start + m.start() for m in re.finditer(r"\|", text[start:stop])]
    ranges = [(bars[0] + 1, stop)] if len(bars) == 1 else [(a + 1, b) for a, b in pairwise(bars)]
    cells, texts = list[tuple[int, int, int, int]](), list[str]()
    for number, (a, b) in enumerate(ranges):
        if a == b and cells:
            # Nothing between two bars, not even a space: the cell to the left takes this place too.
            cells[-1] = (*cells[-1][:3], number + 1)
            texts.append(texts[-1])
        else:
            cells.append((a, b, number, number + 1))
            texts.append(_closed_up(text[a:b].replace("<br>", " ").strip()))
    return _Row(cells, texts)


def _closed_up(cell_text: str) -> str:
    """Return a word whose letters stand apart, to fill a cell, as it is written elsewhere: 지 방 비, 국 비 (백만원)."""
    match = _SPREAD_OUT.match(cell_text)
    return re.sub(r"\s", "", match[0]) + cell_text[match.end() :] if match else cell_text


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Split a cell or line at line breaks and at marks that begin a new item."""
    stretch = text[start:end]
    # A mark at the very beginning begins no new item.
    marks = stretch if stretch.startswith("<") else stretch[1:]
    if "\n" not in stretch and _CUTS.isdisjoint(marks):
        yield from _trimmed(text, start, end)
        return
    for line in re.finditer(r"[^\n]+", stretch):
        at = start + line.start()
        for cut in _INLINE_MARK.finditer(line.group()):
            yield from _trimmed(text, at, start + line.start() + cut.start())
            at = start + line.start() + cut.end()
        yield from _trimmed(text, at, start + line.end())


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    raw = text[start:end]
    if raw.strip():
        start += len(raw) - len(raw.lstrip())
        yield start, start + len(raw.strip())


def _items(text: str, blocks: list[Block]) -> Iterator[Item]:
    """Yield labels with their values: in the same block, in the cells of the row or column, or in the blocks below."""
    number = 0
    while number < len(blocks):
        block = blocks[number]
        if block.column or not block.label:
            name = classify(block.column) if block.column else ""
            # The period under the head of one of several years is that year's, not the programme's.
            if name and not (name == "period" and _OF_A_YEAR.search(block.column_group)):
                yield Item(name, block.column, block.start, block.end)
            row = block.sections[-1] if block.sections and not block.label else ""
            if block.column and row and row != name:
                yield Item(row, "", block.start, block.end)
            if block.column and block.label and block.label != name and block.value_start < block.end:
                yield Item(block.label, text[block.start : block.value_start], block.value_start, block.end)
            number += 1
            continue
        if block.value_start < block.end:
            last = _continued(blocks, number)
            yield Item(block.label, text[block.start : block.value_start], block.value_start, blocks[last].end)
            number += 1
            continue
        run = _run_of_labels(blocks, number)
        for offset in range(run):
            below = number + run + offset
            if run > 1 and below < len(blocks) and not blocks[below].label:
                head = blocks[number + offset]
                yield Item(head.label, head.text, blocks[below].start, blocks[below].end)
        last = _continued(blocks, number + run - 1) if run == 1 else 0
        if last > number + run - 1:
            head = blocks[number + run - 1]
            yield Item(head.label, head.text, blocks[number + run].start, blocks[last].end)
        number += run


def _run_of_labels(blocks: list[Block], first: int) -> int:
    """Count the labels without values from ``first`` on: the header of a table that has lost its lines."""
    last = first
    while last + 1 < len(blocks) and blocks[last + 1].label and blocks[last + 1].value_start >= blocks[last + 1].end:
        if blocks[last + 1].rank != PLAIN or blocks[first].rank != PLAIN:
            break
        last += 1
    return last - first + 1


def _continued(blocks: list[Block], number: int) -> int:
    """Return the index of the last block that belongs to the label of ``blocks[number]``."""
    level, last = blocks[number].rank, number
    for at in range(number + 1, min(number + 1 + _LONGEST_VALUE, len(blocks))):
        below = blocks[at]
        if below.label or below.column or (below.rank <= level and below.rank < PLAIN):
            break
        last = at
    return last
