"""What the page of an announcement says around its text: dates beside their labels, and the title uncut."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from lxml.etree import XPath
from lxml.etree import _Element as Element

from gonggo.sources import columns
from gonggo.sources.dates import cell_date, date_fields, impossible_dates
from gonggo.sources.dom import Dom, text_of
from gonggo.sources.titles import clean_title

_LABELS = ("th", "dt", "strong", "b", "span", "em", "p", "label", "td", "li")
# A head cell or a term is followed by its value; any other element by one of these, or by a text.
_VALUES = {"th": ("td",), "dt": ("dd",), "td": ("td",)}
_ANY_VALUE = ("span", "strong", "b", "em", "p", "td", "dd")
_LONGEST_LABEL, _LONGEST_VALUE = 20, 80
# A label with its value has few elements in it; those of large containers are not looked at again and again.
_MOST_ELEMENTS = 12
_CUT_MARKS = ("..", "…")
_FEWEST_LETTERS, _MOST_TIMES_LONGER = 8, 4
_SHOWN_TEXTS = XPath("//body//text()[not(parent::script or parent::style)]")
# What is left of a value beside its dates: hours, signs between two dates, the number of days left.
_NOT_DATES = re.compile(r"[가-힣A-Za-z]{3,}")


def stated_dates(body: Element, listed_dates: Mapping[str, str]) -> dict[str, str]:
    """Return the dates next to their labels around the text of an announcement, as far as its list row lacks them.

    Args:
        body: The element with the text; what it contains is left to the extraction.
        listed_dates: The dates of the list row, by field.

    Returns:
        ``posted_on``, ``opens_at`` and ``closes_at``, as far as the page states one value of each.
    """
    has_period = bool({"period", "opens_at", "closes_at"} & listed_dates.keys())
    wanted = {"posted_on"} - listed_dates.keys() | (set() if has_period else {"opens_at", "closes_at"})
    if not wanted:
        return {}
    # The nearest labels are the surest: farther away stand menus and other posts.
    for around in _surroundings(body):
        values: dict[str, set[str]] = {}
        for kind, value in _labelled_values(around):
            dates = date_fields("posted_on" if kind == "notice_period" else kind, columns.without_days_left(value))
            for name, day in dates.items():
                values.setdefault(name, set()).add(day)
        if values:
            stated = {name: days.pop() for name, days in values.items() if name in wanted and len(days) == 1}
            impossible = impossible_dates({**listed_dates, **stated})
            return {name: day for name, day in stated.items() if name not in impossible}
    return {}


def _surroundings(body: Element) -> Iterator[list[Element]]:
    """Yield the elements beside the text of an announcement, then those beside its container, and so on outwards.

    A list of other posts ends it.
    """
    inner = body
    for container in body.iterancestors():
        around = [child for child in container if child is not inner and isinstance(child.tag, str)]
        if any(child.tag == "thead" or child.find(".//thead") is not None for child in around):
            return
        yield around
        inner = container


def _labelled_values(around: list[Element]) -> Iterator[tuple[str, str]]:
    """Yield kind and value of the dates beside a label."""
    for node in (node for element in around for node in element.iter(*_LABELS)):
        if next(islice(node.iter(), _MOST_ELEMENTS, None), None) is not None:
            continue
        label, _, rest = text_of(node)[: _LONGEST_LABEL + _LONGEST_VALUE].partition(":")
        kind = columns.kind_of(label) if len(label) <= _LONGEST_LABEL else None
        value = rest.strip() or (_value_beside(node) if kind in columns.DATES else "")
        if kind in columns.DATES and _is_dated(value):
            yield kind or "", value


def _is_dated(value: str) -> bool:
    """Return whether a value is a date or a period, and nothing else."""
    return len(value) <= _LONGEST_VALUE and cell_date(value) is not None and not _NOT_DATES.search(value)


def _value_beside(node: Element) -> str:
    """Return the text after a label: that which follows it, else that of the next element."""
    tag = str(node.tag)
    if tag not in _VALUES and (tail := (node.tail or "").strip(" \t\r\n:：")):
        return tail
    following = next(node.itersiblings(), None)
    allowed = _VALUES.get(tag, _ANY_VALUE)
    return "" if following is None or following.tag not in allowed else text_of(following)


def whole_title(tree: Dom, body: Element, title: str) -> str:
    """Return the title of a page that its list shows cut off, else the title as it is.

    Only what stands around the text counts, and only if it leaves no choice: a page also names other posts.
    """
    cut = title.rstrip(" .…")
    if not title.rstrip().endswith(_CUT_MARKS) or len(cut) < _FEWEST_LETTERS:
        return title
    candidates = set[str]()
    for text in _SHOWN_TEXTS(tree.root):
        words = " ".join(str(text).split())
        begin = words.find(cut)
        whole = clean_title(words[begin:])[0] if begin >= 0 else ""
        is_whole = len(cut) < len(whole) <= _MOST_TIMES_LONGER * len(cut) and not whole.endswith(_CUT_MARKS)
        if is_whole and body not in text.getparent().iterancestors():
            candidates.add(whole)
    # A caption repeats the title with more behind it.
    shortest = min(candidates, key=len, default=title)
    return shortest if all(one.startswith(shortest) for one in candidates) else title
