"""``gonggo extract``: the records of files, readable for a person, or one JSON object a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from gonggo.boundary import error_boundary, is_machine_fault
from gonggo.clean_text import clean
from gonggo.errors import CollectError, UnreadableError
from gonggo.extract.record import extract_file
from gonggo.extract.record_types import ExtractionRecord, to_json
from gonggo.read.file_names import SUFFIXES, readable_name

# Keys of a record that hold no facts.
_NO_FACTS = ("id", "text", "title")
_LONGEST_QUOTE = 100
# The words of a fact are its evidence; those that only tie it to others are for programs to show.
_NOT_SHOWN = ("evidence", "grounds")
_SUMS = ("krw", "part_of", "same_as")


def run(paths: list[Path], out: TextIO, *, as_json: bool = False, ocr: Sequence[str] = ()) -> int:
    """Print the record of each file, of a folder those of its readable files; return 1 if a file could not be read."""
    failed = 0
    for path in _files(paths):
        shown = readable_name(str(path))
        try:
            with error_boundary(shown, reraise=_of_file):
                record = extract_file(path, ocr=ocr)
        except (UnreadableError, CollectError, OSError) as error:
            # The message of an unforeseen error names the file already.
            reason = error.strerror if isinstance(error, OSError) else str(error).removeprefix(f"{shown}: ")
            print(f"gonggo: {shown}: {reason}", file=sys.stderr)  # noqa: T201
            failed = 1
            continue
        if as_json:
            out.write(clean(json.dumps(to_json(record), ensure_ascii=False)) + "\n")
        else:
            out.write(clean("\n".join(readable(shown, record))) + "\n\n")
    return failed


def readable(name: str, record: ExtractionRecord) -> Iterator[str]:
    """Yield a record as lines: each fact, followed by the words of the document that prove it."""
    yield f"{name}: {record.title.value}" if record.title else name
    for field, value in to_json(record).items():
        if field not in _NO_FACTS:
            yield from (f"  {label:<24} {text}" for label, text in _facts(field, value))


def _of_file(error: BaseException) -> bool:
    return isinstance(error, OSError) or is_machine_fault(error)


def _facts(label: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield the facts of one field, each with its label; a fact is an object with evidence."""
    if isinstance(value, list):
        for entry in value:
            yield from _facts(label, entry)
    elif isinstance(value, dict) and "evidence" in value:
        yield label, _described(value)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _facts(f"{label}.{name}", inner)


def _described(fact: dict[str, Any]) -> str:
    stated_values = {name: value for name, value in fact.items() if value not in (None, "", [])}
    parts = [_value(name, value) for name, value in stated_values.items() if name not in _NOT_SHOWN]
    quote = " ".join(str((fact["evidence"] or {}).get("quote", "")).split())
    shown = f"{quote[:_LONGEST_QUOTE]}…" if len(quote) > _LONGEST_QUOTE else quote
    return f"{' · '.join(parts)}   «{shown}»"


def _value(name: str, value: Any) -> str:
    if isinstance(value, bool):
        text = "yes" if value else "no"
    elif isinstance(value, list):
        text = ", ".join(map(str, value))
    else:
        text = f"{value:,}" if name in _SUMS and isinstance(value, int) else str(value)
    return text if name in ("value", "name") else f"{name} {text}"


def _files(paths: list[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES) if path.is_dir() else [path]
        files += inside
    return files
