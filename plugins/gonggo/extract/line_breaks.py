"""Lines that were broken to a width: their breaks become spaces again, so that sentences and names are whole."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gonggo.text_width import columns

# Hangul takes two columns. Narrower texts are lists and tables, wider ones are not broken to a width.
_NARROWEST, _WIDEST = 56, 132
_FEWEST_LINES, _FEWEST_FULL = 6, 3
# So many of the lines may be wider than the width, as headlines are. A line that was broken is at least so full.
_WIDER_SHARE, _FULL_SHARE, _SLACK = 0.06, 0.8, 3
_TABLE = ("|", "┃", "│")
# What begins a line of its own: a mark, a number, a label.
_OWN_LINE = re.compile(
    r"[^\w\s‘“'\"「『(]|[‘“'\"]?\s|\(\d{1,2}\)|\d{1,2}[.)]\s?(?!\d)|[가-하][.)]\s|[ㅇoO]\s|[Ⅰ-Ⅹ]|[가-힣\s]{2,10}\s?[:：]|[\w.+-]+@|https?:"
)
_MARKED = re.compile(r"\W{0,2}(?:[^\w\s‘“'\"「『(\[<]|\d{1,2}[.)]|[가-하][.)]|[ㅇoO]\s|\([가-힣]{2,8}\))")
_SENTENCE_ENDS = tuple('.!?:;”"')
_IS_SENTENCE = re.compile(r"[다요음함임됨까]\.")


def joined(text: str) -> str:
    """Return a text of the same length without the breaks of paragraphs whose lines were broken to a width."""
    lines = text.split("\n")
    widths = [columns(line) for line in lines]
    full = _full_width(lines, widths)
    if not full:
        return text
    goes_on = [_goes_on(lines, widths, number, full) for number in range(len(lines) - 1)]
    if sum(goes_on) < _FEWEST_FULL:
        return text
    out, last = list[str](), -1
    while last + 1 < len(lines):
        first = last = last + 1
        while last < len(goes_on) and goes_on[last]:
            last += 1
        together = lines[first : last + 1]
        out.append((" " if _is_paragraph(together) else "\n").join(together))
    return "\n".join(out)


def _full_width(lines: Sequence[str], widths: Sequence[int]) -> int:
    """Return the width that lines were broken to; 0 if they were not."""
    prose_widths = sorted(
        width for line, width in zip(lines, widths, strict=True) if width > 1 and not line.startswith(_TABLE)
    )
    if len(prose_widths) < _FEWEST_LINES:
        return 0
    full = prose_widths[max(0, int(len(prose_widths) * (1 - _WIDER_SHARE)) - 1)]
    return full if _NARROWEST <= full <= _WIDEST and prose_widths[-1] <= 2 * full else 0


def _goes_on(lines: Sequence[str], widths: Sequence[int], number: int, full: int) -> bool:
    """Return whether a line ended because the first word of the next one had no room left."""
    line, following = lines[number], lines[number + 1]
    if not line or not following or line.startswith(_TABLE) or following.startswith(_TABLE):
        return False
    if line.rstrip().endswith(_SENTENCE_ENDS) or _OWN_LINE.match(following):
        return False
    word = columns(following.split(" ", 1)[0])
    return widths[number] >= full * _FULL_SHARE and widths[number] + 1 + word > full - _SLACK


def _is_paragraph(lines: Sequence[str]) -> bool:
    """Return whether lines that go on are a paragraph: a marked one, or sentences."""
    return bool(_MARKED.match(lines[0])) or bool(_IS_SENTENCE.search("\n".join(lines)))
