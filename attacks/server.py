"""A server on loopback that answers byte by byte what an input says: too much, too little, for ever, or not at all."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Self

from attacks.model import Step

Answer = bytes | Sequence[Step] | Callable[[socket.socket], None]
# What one request may be at most, and how long a connection is kept by an answer that never ends.
LONGEST_REQUEST = 1 << 20
LONGEST = 60.0
NOT_THERE = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def page(body: bytes, media: str = "text/html; charset=utf-8", *more: str) -> bytes:
    """A whole answer with status 200."""
    head = ["HTTP/1.1 200 OK", f"Content-Type: {media}", f"Content-Length: {len(body)}", "Connection: close", *more]
    return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + body


@dataclass
class Host:
    """One origin: a port of its own. ``asked`` are the paths that were asked for, ``heads`` the whole requests."""

    answers: Mapping[str, Answer]
    charset: str = "utf-8"
    asked: list[str] = field(default_factory=list)
    heads: list[bytes] = field(default_factory=list)
    port: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def serving(self) -> Iterator[Self]:
        """Listen until the block ends."""
        listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        try:
            yield self
        finally:
            self._stop.set()
            listener.close()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            connection.settimeout(LONGEST)
            answer = self.answers.get("")
            if not callable(answer):
                request = _request(connection)
                self.heads.append(request)
                path = request.split(b" ")[1].decode("latin-1") if request.count(b" ") > 1 else ""
                self.asked.append(path)
                answer = self.answers.get(path) or self.answers.get(path.partition("?")[0]) or NOT_THERE
            if callable(answer):
                answer(connection)
            elif isinstance(answer, bytes):
                connection.sendall(answer)
            else:
                self._play(connection, answer)

    def _play(self, connection: socket.socket, steps: Sequence[Step]) -> None:
        until = time.monotonic() + LONGEST
        for step in steps:
            piece, sent = self.bytes_of(step), 0
            # For ever is not told by thousands of tiny packets.
            batch = piece * max(1, 65536 // max(1, len(piece))) if step.times == 0 and not step.every else piece
            while (step.hold or step.times == 0 or sent < step.times) and time.monotonic() < until:
                if self._stop.is_set():
                    return
                if step.hold:
                    self._stop.wait(0.5)
                    continue
                connection.sendall(batch)
                sent += 1
                if step.every:
                    self._stop.wait(step.every)

    def bytes_of(self, step: Step) -> bytes:
        """The bytes of a step, once."""
        if step.ok is not None:
            piece = page(step.ok.encode(self.charset, "replace"), f"text/html; charset={self.charset}")
        elif step.gzip is not None:
            piece = gzip.compress(step.gzip.encode())
        elif step.deflate is not None:
            piece = zlib.compress(step.deflate.encode())
        elif step.text is not None:
            piece = step.text.encode(self.charset, "replace")
        else:
            piece = (step.send or "").encode("latin-1")
        return piece[: len(piece) - step.cut]


def _request(connection: socket.socket) -> bytes:
    """The head of a request, and as much of its body as came with it."""
    came = b""
    while b"\r\n\r\n" not in came and len(came) < LONGEST_REQUEST:
        piece = connection.recv(65536)
        if not piece:
            break
        came += piece
    return came
