"""``gonggo extract``: the records of files, one JSON object a line."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TextIO

from gonggo.errors import UnreadableError
from gonggo.extract.record import extract_file
from gonggo.sources.inbox import SUFFIXES


def run(paths: list[Path], out: TextIO) -> int:
    """Print the record of each file; a folder stands for its readable files. Returns 1 when a file was not read."""
    failed = 0
    for path in _files(paths):
        try:
            record = extract_file(path)
        except (UnreadableError, OSError) as error:
            print(f"gonggo: {path}: {error}", file=sys.stderr)  # noqa: T201
            failed = 1
            continue
        out.write(json.dumps(record, ensure_ascii=False) + "\n")
    return failed


def _files(paths: list[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES) if path.is_dir() else [path]
        found += inside
    return found
