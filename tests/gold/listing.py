"""Every fact that is read from the documents beside this file, a line each, kept in ``facts/``.

They say what is read, which need not be all that is right: ``labels/`` say that. A change of what is read shows there as
a difference that can be judged. ``python -m tests.gold.listing`` writes them again, and ``features.txt``; look at what it
changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gonggo.extract.merge import extract_parts
from gonggo.extract.record import extract
from gonggo.extract.record_types import to_json
from tests.gold import features

FOLDER = Path(__file__).parent
_ATTACHED = re.compile(r"\n\n## 첨부: .+\n")
IDS = sorted(path.stem for path in (FOLDER / "texts").glob("*.txt"))


def facts(id_: str) -> str:
    """The record of a document, a line for each value: where it stands in the record, and what it is."""
    fields = FOLDER / "fields" / f"{id_}.json"
    stated_fields = json.loads(fields.read_text("utf-8")) if fields.exists() else {}
    text = (FOLDER / "texts" / f"{id_}.txt").read_text("utf-8")
    attached = _attached(text)
    record = to_json(
        extract_parts(text, attached, id=id_, fields=stated_fields)
        if attached
        else extract(text, id=id_, fields=stated_fields)
    )
    del record["text"]
    return "\n".join(_lines("", record)) + "\n"


def _attached(text: str) -> list[tuple[int, int]]:
    """The stretches of the notices attached to a page, each under a line that names its file."""
    heads = list(_ATTACHED.finditer(text))
    following = [*(head.start() for head in heads), len(text)][1:]
    return [(head.end(), end) for head, end in zip(heads, following, strict=True)]


def path_of_facts(id_: str) -> Path:
    return FOLDER / "facts" / f"{id_}.txt"


def _lines(path: str, value: Any) -> Iterator[str]:
    if isinstance(value, dict) and set(value) == {"start", "end", "quote"}:
        yield f"{path} {value['start']}-{value['end']} {json.dumps(value['quote'], ensure_ascii=False)}"
    elif isinstance(value, dict) and value:
        for name, part in value.items():
            yield from _lines(f"{path}.{name}" if path else name, part)
    elif isinstance(value, list) and value:
        for number, part in enumerate(value, 1):
            yield from _lines(f"{path}[{number}]", part)
    else:
        yield f"{path} {json.dumps(value, ensure_ascii=False)}"


if __name__ == "__main__":
    for one in IDS:
        path_of_facts(one).write_text(facts(one), "utf-8")
    features.FEATURES_FILE.write_text(features.listed(), "utf-8")
