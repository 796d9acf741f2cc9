"""Names of files: which suffixes can be read, and how a name is shown."""

from __future__ import annotations

import os

from gonggo.clean_text import clean
from gonggo.read.decode import file_name

SUFFIXES = {".txt", ".html", ".htm", ".mhtml", ".mht", ".hwp", ".hwpx", ".pdf", ".docx", ".xlsx", ".zip"}


def readable_name(name: str) -> str:
    """Return the name of a file as text: UTF-8, else CP949, else with replacement characters."""
    raw = os.fsencode(name)
    return clean(file_name(raw) or raw.decode("utf-8", "replace"))
