"""Parsing of HTML, after a check for markup that is made to overload a parser."""

from __future__ import annotations

import re

from lxml import etree
from lxml.etree import _Element as Element

from gonggo.errors import UnreadableError

# Parsers compare every attribute of a tag with those before it. Embedded images are long, but a single attribute.
MOST_ATTRIBUTES = 1000
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{4000,}")
_QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_ATTRIBUTE = re.compile(r"[\s/\"'](?=[^\s/\"'=])")


def hostile_markup(html: str) -> str | None:
    """Return what in the markup would overload a parser and no normal page has; None for a normal page."""
    for tag in _LONG_TAG.finditer(html):
        count = len(_ATTRIBUTE.findall(_QUOTED.sub('""', tag.group())))
        if count > MOST_ATTRIBUTES:
            return f"a tag with {count} attributes"
    return None


def parse_html(html: str, *, comments: bool = False) -> tuple[Element | None, bool]:
    """Return the root element, and whether the tree is complete.

    The root is None if there is no markup. The tree is incomplete if elements are nested deeper than the parser
    supports.

    Raises:
        UnreadableError: the markup is made to overload a parser.
    """
    if reason := hostile_markup(html):
        raise UnreadableError(f"{reason}; no normal page has that")
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=not comments, remove_pis=True, huge_tree=True)
    content = html.encode("utf-8", "replace")
    root = etree.fromstring(content, parser) if content.strip() else None
    return root, not any("Excessive depth" in entry.message for entry in parser.error_log)


def remove_node(node: Element) -> None:
    """Remove a node and keep the text that follows it."""
    parent, before = node.getparent(), node.getprevious()
    if parent is None:
        return
    if node.tail and before is not None:
        before.tail = (before.tail or "") + node.tail
    elif node.tail:
        parent.text = (parent.text or "") + node.tail
    parent.remove(node)
