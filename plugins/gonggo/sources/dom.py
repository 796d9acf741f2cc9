"""Pages of announcements as trees of lxml, queried with the CSS selectors of the YAML files.

cssselect turns the selectors into XPath. On a page of 36 kB this is about thirty times faster than BeautifulSoup.
"""

from __future__ import annotations

import re
from collections.abc import Container
from functools import lru_cache

from cssselect import HTMLTranslator, SelectorError
from lxml import etree
from lxml.etree import _Element as Element

from gonggo.errors import ChangedError, TerminalError, UnreadableError
from gonggo.read.markup import parse_html
from gonggo.sources.adapter import Page

# Elements whose text is not shown.
_NOT_SHOWN = " or ".join(f"ancestor::{tag}" for tag in ("script", "style", "template", "rt", "rp"))
_TEXTS = etree.XPath(f"descendant::text()[not({_NOT_SHOWN})]", smart_strings=False)
_OWN_TEXTS = etree.XPath(f"descendant::text()[not({_NOT_SHOWN})]")
_SELECTOR_FUNCTION = re.compile(r":(?:not|is|where)\(")
_ID_OR_CLASS = re.compile(r"[.#]([A-Za-z_][\w-]*)(?![^\[]*\])")
# Elements by id or class: libxml2 scans all attributes of a page ten times faster than it asks every element for its
# own.
_FASTER_PATHS = (
    (re.compile(r"(descendant-or-self::\*)\[@id = ('[^']*')\]"), r"\1/@id[. = \2]/.."),
    (
        re.compile(
            r"(descendant-or-self::\*)\[@class and contains\(@class, '[^']*'\) and "
            r"contains\(concat\(' ', normalize-space\(@class\), ' '\), ('[^']*')\)\]"
        ),
        r"\1/@class[contains(concat(' ', normalize-space(.), ' '), \2)]/..",
    ),
)


class Dom:
    """The tree of one page. Selectors match as in browsers, in the order of the page."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self._selected: dict[str, list[Element]] = {}

    def select(self, selector: str) -> list[Element]:
        """Return all elements that match a selector.

        Raises:
            TerminalError: The selector is invalid or not supported.
        """
        if selector not in self._selected:
            self._selected[selector] = [*_xpath(selector)(self.root)]
        return self._selected[selector]

    def first(self, selector: str) -> Element | None:
        """Return the first element that matches a selector, None if there is none."""
        return next(iter(self.select(selector)), None)


def may_find(selector: str, markup: str) -> bool:
    """Return whether markup can hold a match: all ids and classes of an alternative of the selector occur in it."""
    if _SELECTOR_FUNCTION.search(selector):
        return True
    alternatives = (_ID_OR_CLASS.findall(one) for one in selector.split(","))
    return bool(selector) and any(all(name in markup for name in names) for names in alternatives)


def tree_of(page: Page, charset: str) -> Dom:
    """Return the tree of a page.

    Raises:
        ChangedError: Its markup is made to exhaust a parser.
    """
    return tree_of_markup(page.text(charset), page.url)


def tree_of_markup(text: str, url: str) -> Dom:
    """Return the tree of the markup of a page.

    Raises:
        ChangedError: The markup is made to exhaust a parser.
    """
    try:
        # Comments are kept, so that two words with one between them stay two words.
        root, _ = parse_html(text, comments=True)
    except UnreadableError as error:
        raise ChangedError(f"{url}: {error}") from error
    return Dom(etree.Element("html") if root is None else root)


def text_of(node: Element) -> str:
    """Return the text of an element: its text nodes, stripped and joined by spaces."""
    return " ".join(stripped for text in _TEXTS(node) if (stripped := text.strip()))


def marked_texts(node: Element, marked: Container[Element]) -> list[tuple[str, bool]]:
    """Return the text nodes of an element, each with whether it is inside one of the ``marked`` descendants."""
    texts = []
    for text in _OWN_TEXTS(node):
        ancestor = text.getparent()
        ancestor = ancestor.getparent() if text.is_tail else ancestor
        while ancestor is not None and ancestor is not node and ancestor not in marked:
            ancestor = ancestor.getparent()
        if stripped := text.strip():
            texts.append((str(stripped), ancestor is not None and ancestor is not node))
    return texts


def markup_of(node: Element) -> str:
    """Return the markup of an element."""
    return str(etree.tostring(node, encoding="unicode", method="html", with_tail=False))


@lru_cache(maxsize=4096)
def _xpath(selector: str) -> etree.XPath:
    try:
        path = HTMLTranslator().css_to_xpath(selector)
        for slow, fast in _FASTER_PATHS:
            path = slow.sub(fast, path)
        return etree.XPath(path)
    except (SelectorError, etree.XPathSyntaxError) as error:
        raise TerminalError(f"{selector!r} is no selector that can be used: {error}") from error
