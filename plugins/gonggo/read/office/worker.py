"""One file to text, in this process: bytes on standard input, JSON on standard output.

Started by ``isolated.read_office`` with limits on time, memory and files; nothing here needs the network or writes, and
where the system lets it the process can do neither.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[3]))

from gonggo.offline import go_offline
from gonggo.read.office.common import Read, RefusedError, finished


def _reader(name: str) -> Callable[[bytes], Read]:
    """The ``read`` of a module, imported when a file of its kind is read."""

    def read(content: bytes) -> Read:
        from importlib import import_module

        found: Read = import_module(f"gonggo.read.office.{name}").read(content)
        return found

    return read


READERS = {
    "hwp": _reader("hwp5"),
    "hwpx": _reader("hwpx"),
    "hwpml": _reader("hwpml"),
    "pdf": _reader("pdf"),
    "docx": _reader("docx"),
    "xlsx": _reader("xlsx"),
    "zip": _reader("archive"),
}
# Characters below which the text of a large file is none.
_FEWEST, _LARGE = 20, 20_000
_MOST_SUPERSEDED = 1_000


def _limit(seconds: int, memory: int) -> None:
    """No more time and memory than given, no file written, no core left."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    kind = sys.argv[1]
    _limit(int(sys.argv[2]), int(sys.argv[3]))
    go_offline()
    content = sys.stdin.buffer.read()
    try:
        read = READERS[kind](content)
        text, places = finished(read.text)
        shown = len("".join(text.split()))
        if not shown or (shown < _FEWEST and len(content) > _LARGE):
            raise RefusedError("empty", "the file holds no text, or pictures of it only")
        told: dict[str, Any] = {"outcome": read.outcome, "text": text, "reason": read.reason, "places": places}
        told |= {"superseded": read.superseded[:_MOST_SUPERSEDED]}
    except RefusedError as error:
        told = {"outcome": error.outcome, "text": "", "reason": str(error)}
    except (MemoryError, RecursionError):
        told = {"outcome": "too_big", "text": "", "reason": "the file needs more memory than a document may"}
    sys.stdout.buffer.write(json.dumps(told, ensure_ascii=False).encode("utf-8", "replace"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
