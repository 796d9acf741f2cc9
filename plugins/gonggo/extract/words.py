"""One pattern for many words, built as a tree of their beginnings: found in one step a letter, not one a word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any


def alternation(words: Iterable[str]) -> str:
    """The source of a pattern that matches any of ``words``, a longer one before its beginning."""
    tree: dict[str, Any] = {}
    for word in words:
        node = tree
        for letter in word:
            node = node.setdefault(letter, {})
        node[""] = {}
    return _branches(tree)


def _branches(node: dict[str, Any]) -> str:
    """A node with one way on is read in a line; with several, as a choice; a word may end here."""
    letters = ""
    while len(node) == 1 and "" not in node:
        ((letter, node),) = node.items()
        letters += re.escape(letter)
    if not node or node.keys() == {""}:
        return letters
    ways = "|".join(re.escape(letter) + _branches(below) for letter, below in node.items() if letter)
    return f"{letters}(?:{ways})" + ("?" if "" in node else "")
