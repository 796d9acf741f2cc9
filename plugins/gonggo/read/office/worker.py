"""Worker process that reads one file: bytes on standard input, JSON on standard output.

Started by ``subprocess_reader.read_office`` with limits on time, memory and files. It needs neither the network nor
write access, and gives up both where the system supports it.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    # Isolated mode (-I) leaves out PYTHONPATH and the user's packages; the package may be installed there.
    sys.path.insert(0, str(Path(__file__).parents[3]))

from gonggo.offline import go_offline
from gonggo.read.office.common import ReadResult, RefusedError, finish_text


def _reader(name: str) -> Callable[[bytes], ReadResult]:
    """Return the ``read`` function of a module, which is imported when it is first called."""

    def read(content: bytes) -> ReadResult:
        from importlib import import_module

        result: ReadResult = import_module(f"gonggo.read.office.{name}").read(content)
        return result

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
# A large file with fewer characters counts as empty.
_MIN_CHARACTERS, _LARGE = 20, 20_000
_MOST_SUPERSEDED = 1_000


def _limit(seconds: int, memory: int) -> None:
    """Limit time and memory, and forbid writing files and core dumps."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    """Read the file on standard input and write the result to standard output as JSON."""
    kind = sys.argv[1]
    _limit(int(sys.argv[2]), int(sys.argv[3]))
    go_offline()
    content = sys.stdin.buffer.read()
    try:
        result = READERS[kind](content)
        text, locations = finish_text(result.text)
        shown = len("".join(text.split()))
        if not shown or (shown < _MIN_CHARACTERS and len(content) > _LARGE):
            raise RefusedError("empty", "the file holds no text, or pictures of it only")
        answer: dict[str, Any] = {"outcome": result.outcome, "text": text, "reason": result.reason, "places": locations}
        answer |= {"superseded": result.superseded[:_MOST_SUPERSEDED]}
    except RefusedError as error:
        answer = {"outcome": error.outcome, "text": "", "reason": str(error)}
    except (MemoryError, RecursionError):
        answer = {"outcome": "too_big", "text": "", "reason": "the file needs more memory than a document may"}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
