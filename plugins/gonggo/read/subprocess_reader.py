"""Reading of office files in separate processes, because a file may crash, hang or exhaust its reader."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from gonggo.read.normalize import normalize_text
from gonggo.read.reading import TextLocation

WORKER = Path(__file__).parent / "office" / "worker.py"
OCR_SECONDS = 600
LARGEST_FILE = 30 * 1024 * 1024
LARGEST_ANSWER = 32 * 1024 * 1024
SECONDS = {"docx": 60, "xlsx": 60, "zip": 120}
MEMORY = 768 * 1024 * 1024
WIDE_MEMORY = 1024 * 1024 * 1024
STOP_REASONS = {
    "late": ("timeout", "not read within its time"),
    "long": ("too_big", "the text is longer than any document"),
}
# Known kinds without a reader.
UNSUPPORTED = {
    "hwp3": ("unsupported", "HWP 3, a format of before 2000"),
    "ole": ("unsupported", "an old Office file (.doc, .xls, .ppt)"),
    "drm": ("drm", "locked by document rights management"),
}


@dataclass(frozen=True)
class OfficeText:
    """The result of reading an office file.

    ``outcome`` is ok, partial, or the reason why it was not read; ``superseded`` is what the file marks as replaced.
    """

    kind: str
    outcome: str
    reason: str | None
    text: str
    locations: list[TextLocation] = field(default_factory=list)
    superseded: list[str] = field(default_factory=list)


def read_office(content: bytes, kind: str, ocr: Sequence[str] = ()) -> OfficeText:
    """Read a file of a kind that ``sniff`` recognised, within limits of time, memory and output. Never raises.

    Args:
        content: The bytes of the file.
        kind: The kind of file.
        ocr: The command of a program that reads scans; without one, a scan has the outcome ``needs_ocr``.
    """
    if kind in UNSUPPORTED:
        return OfficeText(kind, *UNSUPPORTED[kind], "")
    if len(content) > LARGEST_FILE:
        return OfficeText(kind, "too_big", f"larger than {LARGEST_FILE // 1024 // 1024} MB", "")
    seconds, memory = SECONDS.get(kind, 20), WIDE_MEMORY if kind in SECONDS else MEMORY
    command = [sys.executable, "-I", str(WORKER), kind, str(seconds), str(memory)]
    result = _run(command, content, seconds, {"PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"})
    if isinstance(result, str):
        return OfficeText(kind, *STOP_REASONS[result], "")
    office_text = _parse_answer(kind, *result)
    return _ocr(content, office_text, ocr) if ocr and office_text.outcome == "needs_ocr" else office_text


def _ocr(content: bytes, scan: OfficeText, command: Sequence[str]) -> OfficeText:
    """Read a scan with an OCR program; the result is partial. If the program fails, the scan stays unread."""
    result = _run(command, content, OCR_SECONDS, None)
    if isinstance(result, str) or result[1] != 0:
        reason = STOP_REASONS[result][1] if isinstance(result, str) else f"it ended with status {result[1]}"
        return replace(scan, reason=f"{scan.reason}; {command[0]}: {reason}")
    text, locations = "", list[TextLocation]()
    for number, page in enumerate(result[0].decode("utf-8", "replace").split("\f"), 1):
        page_text = normalize_text(page)
        if page_text:
            locations.append((len(text), len(text) + len(page_text), f"p{number}"))
            text += page_text + "\n\n"
    if not text:
        return scan
    return OfficeText(scan.kind, "partial", f"read from pictures by {command[0]}", text.rstrip(), locations)


def _run(
    command: Sequence[str], content: bytes, seconds: int, env: dict[str, str] | None
) -> tuple[bytes, int] | Literal["late", "long"]:
    """Run a program with the file as input, within limits; return its output and exit status, or why it was stopped."""
    child = subprocess.Popen(  # noqa: S603 (our own worker, or the program of the settings)
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd="/",
        env=env,
    )
    late = threading.Event()

    def stop() -> None:
        late.set()
        _kill(child)

    timer = threading.Timer(seconds, stop)
    timer.start()
    try:
        answer = _exchange(child, content)
        if answer is not None:
            child.wait()
    finally:
        timer.cancel()
        _kill(child)
        child.wait()
    if late.is_set():
        return "late"
    return (answer, child.returncode) if answer is not None else "long"


def _parse_answer(kind: str, answer: bytes, status: int) -> OfficeText:
    try:
        answer_json = json.loads(answer)
    except ValueError:
        return OfficeText(kind, "crashed", f"the reader ended with status {status}", "")
    locations = [(start, end, location) for start, end, location in answer_json.get("places", ())]
    return OfficeText(
        kind,
        answer_json["outcome"],
        answer_json["reason"],
        answer_json["text"],
        locations,
        list(answer_json.get("superseded", ())),
    )


def _exchange(child: subprocess.Popen[bytes], content: bytes) -> bytes | None:
    """Write the file to the process and return its output; None if that is too long."""
    assert child.stdin and child.stdout
    writer = threading.Thread(target=_feed, args=(child, content), daemon=True)
    writer.start()
    answer = child.stdout.read(LARGEST_ANSWER + 1)
    return answer if len(answer) <= LARGEST_ANSWER else None


def _feed(child: subprocess.Popen[bytes], content: bytes) -> None:
    assert child.stdin
    try:
        child.stdin.write(content)
        child.stdin.close()
    except OSError:
        return  # the reader ended before it had read everything; its output or exit status says why


def _kill(child: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
