"""List pages as trees of BeautifulSoup, queried with the CSS selectors of the YAML files.

Selectors behave as in ``soup.select``, so that they can be tried out in a well-known API. Pages of announcements are
read with lxml (``dom.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

import soupsieve
from bs4 import BeautifulSoup, Tag
from bs4.builder._lxml import LXMLTreeBuilder
from bs4.exceptions import ParserRejectedMarkup
from soupsieve import SelectorSyntaxError
from soupsieve.css_types import Selector

from gonggo.errors import ChangedError, TerminalError
from gonggo.read.markup import hostile_markup

# A list page has some thousand tags. BeautifulSoup takes many times as long as lxml, so that a page made to be large
# would hold up its run for minutes.
MOST_TAGS = 100_000


def soup_of(text: str, url: str, parts: Parts | None = None) -> BeautifulSoup:
    """Return the tree of the markup of a page; all attributes are strings, ``class`` too.

    Args:
        text: The markup.
        url: The address of the page, for messages.
        parts: What to keep of the page, see ``parts_for``; None keeps all of it.

    Raises:
        ChangedError: The markup is made to exhaust a parser, or cannot be parsed.
    """
    if problem := hostile_markup(text):
        raise ChangedError(f"{url}: {problem}; no normal page has that")
    if (tags := text.count("<")) > MOST_TAGS:
        raise ChangedError(f"{url}: a list page of {tags:,} tags; at most {MOST_TAGS:,} are read")
    try:
        content = text.encode("utf-8", "replace")
        return BeautifulSoup(content, builder=_Builder(parts), from_encoding="utf-8")
    except ParserRejectedMarkup as error:
        raise ChangedError(f"{url}: {error}") from error


class Parts(NamedTuple):
    """The elements of these tags, ids or classes, in lower case, with all that they contain."""

    tags: frozenset[str]
    ids: frozenset[str]
    classes: frozenset[str]

    def keep(self, tag: str, attributes: Mapping[str, str]) -> bool:
        """Return whether an element outside of those that are kept is one of them; its tag is in lower case."""
        if tag in self.tags:
            return True
        own_id, own_classes = attributes.get("id"), attributes.get("class")
        return bool(own_id and own_id.lower() in self.ids) or bool(
            own_classes and not self.classes.isdisjoint(own_classes.lower().split())
        )


class _Builder(LXMLTreeBuilder):
    """Builds the tree of the parts that are kept, and leaves out what is between them as soon as it is parsed.

    A strainer of BeautifulSoup would come later: most of the time is spent on getting tags and texts ready for it.
    """

    def __init__(self, parts: Parts | None) -> None:
        super().__init__(multi_valued_attributes=None)
        self._parts = parts
        self._depth = 0

    def start(self, tag: Any, attrib: Any, nsmap: Any = MappingProxyType({})) -> None:
        if self._depth or self._parts is None or self._parts.keep(tag, attrib):
            self._depth += 1
            super().start(tag, attrib, nsmap)

    def end(self, tag: Any) -> None:
        if self._depth:
            super().end(tag)
            self._depth -= 1

    def data(self, data: Any) -> None:
        if self._depth or self._parts is None:
            super().data(data)


@lru_cache(maxsize=256)
def parts_for(rows: str, in_rows: frozenset[str], elsewhere: frozenset[str]) -> Parts | None:
    """Return what to keep of a list page for its selectors to find the same as in the whole; None for all of it.

    Menus and footers make up most of a list page, and BeautifulSoup takes most of its time to build their tree.

    Args:
        rows: The selector of the rows.
        in_rows: The selectors that are tried on rows and what they contain.
        elsewhere: Other selectors that are tried on the page.

    Raises:
        TerminalError: A selector is invalid or not supported.
    """
    row_tags = {_tag(row) for row in _parsed(rows)}
    outward = [one for selector in in_rows for one in _parsed(selector) if _looks_out_of_rows(one, row_tags)]
    on_page = [one for selector in {rows, *elsewhere} for one in _parsed(selector)]
    parts: dict[str, set[str]] = {"tag": set(), "id": set(), "class": set()}
    for selector in (*on_page, *outward):
        beginning = _beginning(selector)
        if beginning is None:
            return None
        parts[beginning[0]].add(beginning[1].lower())
    return Parts(*map(frozenset, parts.values()))


def _looks_out_of_rows(selector: Selector, row_tags: set[str | None]) -> bool:
    """Return whether a selector that is tried on rows may ask for something around them."""
    # A cell has its place among the cells of its row, but a row has it among others.
    may_be_row = _tag(selector) is None or not row_tags.isdisjoint({None, _tag(selector)})
    return bool(selector.relation) or _asks_outward(selector) or (may_be_row and _asks_for_position(selector))


def _beginning(selector: Selector) -> tuple[str, str] | None:
    """Return the id, class or tag of the outermost element of a selector; None if it depends on other elements."""
    first = selector
    while not _asks_outward(first) and first.relation:
        relation = first.relation[0]
        # A sibling is not contained in the element that the selector begins with.
        if not isinstance(relation, Selector) or relation.rel_type not in (" ", ">"):
            return None
        first = relation
    if _asks_outward(first) or _asks_for_position(first):
        return None
    tag = _tag(first)
    names = [*(("id", name) for name in first.ids), *(("class", name) for name in first.classes)]
    return next(iter([*names, *([("tag", tag)] if tag else [])]), None)


def _tag(compound: Selector) -> str | None:
    """Return the tag that a selector asks for, None if it is any."""
    return compound.tag.name.lower() if compound.tag and compound.tag.name != "*" else None


def _asks_for_position(compound: Selector) -> bool:
    """Return whether a selector asks for the position of an element among others, as ``:not(:first-child)`` does."""
    beside = (one for one in _nested(compound) if not _is_inward(one))
    return bool(compound.nth or compound.flags) or any(map(_asks_for_position, beside))


def _asks_outward(compound: Selector) -> bool:
    """Return whether a selector depends on elements outside of its match, as in ``:not(nav a)`` and ``:has(+ p)``."""
    nested = _nested(compound)
    return bool(compound.lang) or any((one.relation and not _is_inward(one)) or _asks_outward(one) for one in nested)


def _nested(compound: Selector) -> list[Selector]:
    """Return the selectors in a selector, those of ``:not``, ``:is`` and ``:has``."""
    return [one for alternatives in compound.selectors for one in alternatives if isinstance(one, Selector)]


def _is_inward(nested: Selector) -> bool:
    """Return whether a selector in a selector is one of ``:has`` for what an element contains."""
    relations, current = list[str](), nested
    while current.relation and isinstance(current.relation[0], Selector):
        current = current.relation[0]
        relations.append(str(current.rel_type))
    return bool(relations) and {*relations} <= {": ", ":>"}


def _parsed(selector: str) -> list[Selector]:
    """Return the alternatives of a selector."""
    return [one for one in _compiled(selector).selectors if isinstance(one, Selector)]


@lru_cache(maxsize=2048)
def _compiled(selector: str) -> soupsieve.SoupSieve:
    """Return a selector compiled, once for all rows; ``Tag.select`` would look it up with its namespaces each time.

    Raises:
        TerminalError: It is invalid or not supported.
    """
    try:
        return soupsieve.compile(selector)
    except SelectorSyntaxError as error:
        raise TerminalError(f"{selector!r} is no selector that can be used: {error}") from error


def select(around: Tag, selector: str, limit: int = 0) -> list[Tag]:
    """Return the descendants of ``around`` that match a selector, which may name ancestors too.

    Args:
        around: The element to search in.
        selector: A CSS selector.
        limit: The most elements to return; 0 for all.

    Raises:
        TerminalError: The selector is invalid or not supported.
    """
    return list(_compiled(selector).select(around, limit))


def matches(node: Tag, selector: str) -> bool:
    """Return whether an element matches a selector.

    Raises:
        TerminalError: The selector is invalid or not supported.
    """
    return _compiled(selector).match(node)


def text_of(node: Tag) -> str:
    """Return the text of an element: its strings, stripped and joined by spaces."""
    return " ".join(node.stripped_strings)


def attribute(node: Tag, name: str) -> str:
    """Return an attribute of an element, "" if it has none."""
    return str(node.get(name) or "")
