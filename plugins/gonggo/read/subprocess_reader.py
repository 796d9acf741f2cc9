"""Readers of office files in processes of their own: a file may be made to crash, hang or swell its reader."""

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

from gonggo.read.normalize import tidy
from gonggo.read.reading import Place
from gonggo.settings import working_settings

WORKER = Path(__file__).parent / "office" / "worker.py"
OCR_SECONDS = 600
LARGEST_FILE = 30 * 1024 * 1024
LARGEST_ANSWER = 32 * 1024 * 1024
SECONDS = {"docx": 60, "xlsx": 60, "zip": 120}
MEMORY = 768 * 1024 * 1024
WIDE_MEMORY = 1024 * 1024 * 1024
STOPPED = {
    "late": ("timeout", "not read within its time"),
    "long": ("too_big", "the text is longer than any document"),
}
# Kinds that are known and have no reader here.
UNREAD = {
    "hwp3": ("unsupported", "HWP 3, a format of before 2000"),
    "ole": ("unsupported", "an old Office file (.doc, .xls, .ppt)"),
    "drm": ("drm", "locked by document rights management"),
}


@dataclass(frozen=True)
class Office:
    """What became of an office file: its kind, ok, partial or why not, the tidy text, its places, and what the file
    itself says was superseded."""

    kind: str
    outcome: str
    reason: str | None
    text: str
    places: list[Place] = field(default_factory=list)
    superseded: list[str] = field(default_factory=list)


def read_office(content: bytes, kind: str) -> Office:
    """Read a file of a kind that ``sniff`` told, within limits of time, memory and output. Never raises for a file."""
    if kind in UNREAD:
        return Office(kind, *UNREAD[kind], "")
    if len(content) > LARGEST_FILE:
        return Office(kind, "too_big", f"larger than {LARGEST_FILE // 1024 // 1024} MB", "")
    seconds, memory = SECONDS.get(kind, 20), WIDE_MEMORY if kind in SECONDS else MEMORY
    command = [sys.executable, "-I", str(WORKER), kind, str(seconds), str(memory)]
    ended = _run(command, content, seconds, {"PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"})
    if isinstance(ended, str):
        return Office(kind, *STOPPED[ended], "")
    read = _understood(kind, *ended)
    return _by_ocr(content, read) if read.outcome == "needs_ocr" else read


def _by_ocr(content: bytes, scan: Office) -> Office:
    """A scan by the program that the settings name; what it reads is marked as partial. Without one it stays a scan."""
    command = working_settings().ocr
    if not command:
        return scan
    ended = _run(command, content, OCR_SECONDS, None)
    if isinstance(ended, str) or ended[1] != 0:
        why = STOPPED[ended][1] if isinstance(ended, str) else f"it ended with status {ended[1]}"
        return replace(scan, reason=f"{scan.reason}; {command[0]}: {why}")
    text, places = "", list[Place]()
    for number, page in enumerate(ended[0].decode("utf-8", "replace").split("\f"), 1):
        said = tidy(page)
        if said:
            places.append((len(text), len(text) + len(said), f"p{number}"))
            text += said + "\n\n"
    if not text:
        return scan
    return Office(scan.kind, "partial", f"read from pictures by {command[0]}", text.rstrip(), places)


def _run(
    command: Sequence[str], content: bytes, seconds: int, env: dict[str, str] | None
) -> tuple[bytes, int] | Literal["late", "long"]:
    """Give a program the file and take its answer, within time and length; returns the answer and the exit status."""
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
        answer = _talk(child, content)
        if answer is not None:
            child.wait()
    finally:
        timer.cancel()
        _kill(child)
        child.wait()
    if late.is_set():
        return "late"
    return (answer, child.returncode) if answer is not None else "long"


def _understood(kind: str, answer: bytes, status: int) -> Office:
    try:
        told = json.loads(answer)
    except ValueError:
        return Office(kind, "crashed", f"the reader ended with status {status}", "")
    places = [(start, end, place) for start, end, place in told.get("places", ())]
    return Office(kind, told["outcome"], told["reason"], told["text"], places, list(told.get("superseded", ())))


def _talk(child: subprocess.Popen[bytes], content: bytes) -> bytes | None:
    """Hand over the file and take the answer; None when it is longer than may be."""
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
        return  # the reader ended before it had read all: its answer, or its end, says why


def _kill(child: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
