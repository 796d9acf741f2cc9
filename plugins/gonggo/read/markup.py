"""Markup into a tree; what is made to keep a parser busy is known before one is given it."""

from __future__ import annotations

import re

from lxml import etree
from lxml.etree import _Element as Element

from gonggo.errors import UnreadableError

# Parsers compare every attribute of a tag with those before it; pictures within the page are long, but one attribute.
MOST_ATTRIBUTES = 1000
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{4000,}")
_QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_ATTRIBUTE = re.compile(r"[\s/\"'](?=[^\s/\"'=])")


def absurd(html: str) -> str | None:
    """What no honest page has and a parser would suffer from; None for an honest page."""
    for tag in _LONG_TAG.finditer(html):
        count = len(_ATTRIBUTE.findall(_QUOTED.sub('""', tag.group())))
        if count > MOST_ATTRIBUTES:
            return f"a tag with {count} attributes"
    return None


def parsed(html: str, *, comments: bool = False) -> tuple[Element | None, bool]:
    """The root of the tree, None where there is no markup, and whether all of the markup is in it: tags may stand
    deeper in each other than the parser goes.

    Raises:
        UnreadableError: the markup is made to keep a parser busy.
    """
    if told := absurd(html):
        raise UnreadableError(f"{told}; no page that people made has that")
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=not comments, remove_pis=True, huge_tree=True)
    content = html.encode("utf-8", "replace")
    root = etree.fromstring(content, parser) if content.strip() else None
    return root, not any("Excessive depth" in entry.message for entry in parser.error_log)


def cut(node: Element) -> None:
    """Take a node out and leave what follows it."""
    parent, before = node.getparent(), node.getprevious()
    if parent is None:
        return
    if node.tail and before is not None:
        before.tail = (before.tail or "") + node.tail
    elif node.tail:
        parent.text = (parent.text or "") + node.tail
    parent.remove(node)
