"""A pattern for many words, built as a prefix tree: a match takes a step for each letter, not for each word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from gonggo.datafile import speed_up

# Korean glues words together, so that a short one stands inside many others (가금 in 제재부가금). A word is one where
# an eojeol begins; what follows a short one is no Hangul, or a particle that ends the eojeol.
_WORD = "[가-힣A-Za-z0-9]"
_BEGINS = f"(?<!{_WORD})"
_ENDS = (
    r"(?:(?![가-힣A-Za-z])|(?=(?:은|는|이|가|을|를|의|에|에서|에는|에게|에도|와|과|로|으로|도|만|산|계|발|형|내|및|등|까지|부터|보다)"
    r"(?![가-힣])))"
)
_LETTERS = re.compile(r"[가-힣A-Za-z]+")
_HANGUL = re.compile(r"[가-힣]+")
_REPEATED_FIRST = re.compile(r".[?*{]")
_BRACKETED = re.compile(r"\\.|\([^()]*\)|\[[^\]]*\]")
# A bracket that opens a group; what is escaped or in a class of characters is none.
_OPENING = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\((?!\?)")
# The letters of a pattern after what stands before them: a condition, or a mark and a space.
_PLAIN_LETTERS = re.compile(r"(?:\(\?<![^()]+\))?(?:\[[^\[\]\\]+\]\\s\?)?([가-힣A-Za-z\d]+)(?![?*+{|가-힣A-Za-z\d])")
# So many syllables of Hangul share the letters before the final consonant.
_FINALS = 28
_SHORT = 2
_SHORT_LATIN = 3


def alternation(words: Iterable[str]) -> str:
    """Return the source of a pattern that matches any of ``words``, a longer one before its beginning."""
    tree: dict[str, Any] = {}
    for word in words:
        node = tree
        for letter in word:
            node = node.setdefault(letter, {})
        node[""] = {}
    return _branches(tree)


def can_begin(words: Iterable[str]) -> str:
    """Return the source of a condition that the next letter begins one of ``words``.

    As the first condition of a pattern it makes short work of most of a text.
    """
    return f"(?=[{re.escape(''.join(sorted({word[0] for word in words})))}])"


def _branches(node: dict[str, Any]) -> str:
    """Return the pattern of a node of the prefix tree: its only branch directly, several as alternatives."""
    letters = ""
    while len(node) == 1 and "" not in node:
        ((letter, node),) = node.items()
        letters += re.escape(letter)
    if not node or node.keys() == {""}:
        return letters
    alternatives = "|".join(re.escape(letter) + _branches(below) for letter, below in node.items() if letter)
    return f"{letters}(?:{alternatives})" + ("?" if "" in node else "")


def first_letters(words: Iterable[str], *, after: str) -> str:
    """Return the source of a pattern of the first letters of words, where none of the class ``after`` is before."""
    letters = re.escape("".join(sorted({word[0] for word in words})))
    return f"[{letters}](?<!{after}[{letters}])"


def matches(pattern: re.Pattern[str], begins: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield the matches of a pattern in a text, each looked for only where ``begins`` finds its first letter.

    The engine skips the letters between, which it does not for a pattern that begins with a condition. What ``begins``
    matches is one letter, and every match of ``pattern`` begins with it.
    """
    at = 0
    while first := begins.search(text, at):
        start = first.start()
        match = pattern.match(text, start)
        if match:
            yield match
        at = max(match.end(), start + 1) if match else start + 1


def final_consonant(syllable: str) -> int:
    """Return the number of the final consonant of a syllable of Hangul in the order of Unicode; 0 for none."""
    return (ord(syllable) - ord("가")) % _FINALS


def occurrences(text: str, names: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield where names are in a text, from the left without overlaps; of those at one place the first of ``names``.

    A pattern of the names of one document would take longer to make than to use.
    """
    at, positions = 0, [text.find(name) for name in names]
    while True:
        nearest = -1
        for number, name in enumerate(names):
            if 0 <= positions[number] < at:
                positions[number] = text.find(name, at)
            if positions[number] >= 0 and (nearest < 0 or positions[number] < positions[nearest]):
                nearest = number
        if nearest < 0:
            return
        yield positions[nearest], names[nearest]
        at = positions[nearest] + len(names[nearest])


def at_word_starts(words: Sequence[str]) -> str:
    """Return the source of a pattern that finds words at the beginning of a word.

    A word that is so short that other words contain it by accident must also end there.
    """
    lettered = [word for word in words if _LETTERS.match(word)]
    others = [word for word in words if not _LETTERS.match(word)]
    ended = [word + (_ENDS if _is_short(word) else "") for word in lettered]
    if not all(map(_begins_surely, lettered)):
        return "|".join([f"{_BEGINS}(?:{'|'.join(ended)})", *others])
    by_letter: dict[str, list[str]] = {}
    for word in ended:
        by_letter.setdefault(word[0], []).append(word[1:])
    # What stands before is looked at behind the first letter, to which the engine jumps.
    grouped = (f"{letter}(?<!{_WORD}{letter})(?:{'|'.join(rests)})" for letter, rests in by_letter.items())
    return "|".join([*grouped, *others])


def _begins_surely(word: str) -> bool:
    """Return whether every match of a pattern begins with its first letter."""
    return not _REPEATED_FIRST.match(word) and not _has_alternatives(word)


def _has_alternatives(word: str) -> bool:
    """Return whether a pattern is a choice, outside of brackets."""
    outside = word
    while (inner := _BRACKETED.sub("", outside)) != outside:
        outside = inner
    return "|" in outside


def _is_short(word: str) -> bool:
    match = _LETTERS.fullmatch(word)
    return bool(match) and len(word) <= (_SHORT_LATIN if word.isascii() else _SHORT)


def without_groups(source: str) -> str:
    """Return a pattern that matches the same and captures no group, which takes less than half the time."""
    return _OPENING.sub(lambda match: "(?:" if match.group() == "(" else match.group(), source)


def needed(source: str) -> str:
    """Return letters that every match of the pattern of a word has; an empty text where they are not plain to see."""
    word = None if _has_alternatives(source) else _PLAIN_LETTERS.match(source)
    return word[1] if word else ""


def after_nouns(words: Sequence[str], nouns: Iterable[str]) -> str:
    """Return the source of a pattern of words, of which the short begin a word or follow one of ``nouns``."""
    by_length: dict[int, list[str]] = {}
    for noun in nouns:
        by_length.setdefault(len(noun), []).append(noun)
    patterns = []
    for word in words:
        head = _HANGUL.match(word)
        if head and len(head.group()) <= _SHORT:
            # What stands before is looked at last, where the word itself is found: that is seldom.
            stem = head.group()
            glued = "".join(f"|(?<=(?:{'|'.join(group)}){stem})" for group in by_length.values())
            patterns.append(f"{stem}(?:(?<![가-힣]{stem}){glued}){word[len(stem) :]}")
        else:
            patterns.append(word)
    return speed_up("|".join(patterns))
