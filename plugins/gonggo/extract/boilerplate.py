"""The boilerplate that sites and newspapers add to a text: related stories, comments, copyright, sharing."""

from __future__ import annotations

import re
from functools import cache

from gonggo.extract.lexicons import patterns

_LINE = re.compile(r"[^\n]*\n?")


@cache
def _words() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    words = patterns("boilerplate")
    return words["list"], words["line"], words["tail"]


def blank(text: str) -> str:
    """Return the text with its boilerplate replaced by spaces, so that offsets do not change.

    A heading of other stories or of comments includes the lines below it, up to an empty one.
    """
    heading, alone, tail = _words()
    lines: list[str] = []
    in_list = False
    for line in _LINE.findall(text):
        words = line.strip()
        in_list = bool(heading.match(words)) or (in_list and bool(words))
        lines.append(_blank(line, 0) if in_list or alone.match(words) else _blank_tail(line, tail))
    return "".join(lines)


def _blank_tail(line: str, tail: re.Pattern[str]) -> str:
    """Blank the list of other stories at the end of a line."""
    match = tail.search(line)
    return _blank(line, match.start()) if match else line


def _blank(line: str, start: int) -> str:
    end = len(line.rstrip("\n"))
    return line[:start] + " " * (end - start) + line[end:]
