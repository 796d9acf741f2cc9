"""Limit the time and bytes of an exchange at the socket, below everything that reads from the network.

An HTTP response can be endless in many places: interim responses, the status line, headers, chunks and trailers, and
compressed data. So the limits are enforced not by their readers but by the socket: one clock and one byte count for the
name look-up, the connection, the TLS handshake and the response.
"""

from __future__ import annotations

import functools
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from urllib3.util.ssltransport import SSLTransport

from gonggo.errors import TerminalError, TransientError

# Headers, chunks and compression may take as much again as the body, and this.
_OVERHEAD_BYTES = 256 * 1024


class Meter:
    """The remaining budget of an exchange with its redirects: seconds, received bytes, and bytes of the decoded body.

    The clock runs only inside ``running``: the pause before a request does not count.
    """

    def __init__(self, seconds: float, max_bytes: int) -> None:
        self.seconds, self.max_bytes = seconds, max_bytes
        self.max_raw_bytes = 2 * max_bytes + _OVERHEAD_BYTES
        self.label, self.used_seconds, self.raw_bytes = "", 0.0, 0
        self._since: float | None = None

    @contextmanager
    def running(self, label: str) -> Iterator[None]:
        """Run the clock inside this context; ``label`` is the address for messages."""
        self.label, self._since = label, time.monotonic()
        try:
            yield
        finally:
            self.used_seconds += time.monotonic() - self._since
            self._since = None

    def remaining(self) -> float:
        """Return the seconds that are left.

        Raises:
            TransientError: None are left.
        """
        left = self.seconds - self.used_seconds - (time.monotonic() - self._since if self._since is not None else 0.0)
        if left <= 0:
            raise TransientError(f"{self.label}: not finished after {self.seconds:.0f} s")
        return left

    def count(self, size: int) -> None:
        """Count received bytes.

        Raises:
            TerminalError: They exceed the limit.
        """
        self.raw_bytes += size
        if self.raw_bytes > self.max_raw_bytes:
            raise TerminalError(
                f"{self.label}: more than {self.max_raw_bytes} bytes received, headers included, before decompression"
            )

    def check_size(self, size: int) -> None:
        """Check the size of a body, or of one layer of its compression.

        Raises:
            TerminalError: It exceeds the limit.
            TransientError: No time is left.
        """
        if size > self.max_bytes:
            raise TerminalError(f"{self.label}: more than {self.max_bytes} bytes")
        self.remaining()


class Wire:
    """The meter of the current exchange, for connections that several exchanges share.

    ``connections`` counts the connections made: where it stays the same, a request reused one.
    """

    def __init__(self) -> None:
        self.meter = Meter(0.0, 0)
        self.connection_count = 0

    def connected(self, connect: Callable[[], socket.socket]) -> socket.socket:
        """Return the metered socket of ``connect``, which runs in a thread, since a name look-up has no timeout.

        Raises:
            TransientError: It took too long. Errors of ``connect`` are raised unchanged.
        """
        self.connection_count += 1
        pending = _PendingSocket()
        threading.Thread(target=pending.run, args=(connect,), daemon=True).start()
        sock = pending.wait(self.meter.remaining())
        if sock is None:
            self.meter.remaining()
            raise TransientError(f"{self.meter.label}: no connection was made")
        return Metered(sock, self)


class _PendingSocket:
    """A socket that another thread connects, and closes where nobody waits for it any more."""

    def __init__(self) -> None:
        self.lock, self.done = threading.Lock(), threading.Event()
        self.sock: socket.socket | None = None
        self.error: BaseException | None = None
        self.abandoned = False

    def run(self, connect: Callable[[], socket.socket]) -> None:
        try:
            sock = connect()
        except BaseException as error:
            self.error = error
        else:
            with self.lock:
                if self.abandoned:
                    sock.close()
                self.sock = sock
        self.done.set()

    def wait(self, seconds: float) -> socket.socket | None:
        """Return the socket; None where it is not connected in time."""
        self.done.wait(seconds)
        with self.lock:
            self.abandoned = self.sock is None
        if self.done.is_set() and self.error:
            raise self.error
        return self.sock


class Metered(socket.socket):
    """A connected socket that waits no longer and receives no more than the meter of its wire allows."""

    def __init__(self, sock: socket.socket, wire: Wire) -> None:
        self.timeout_seconds, self.wire = sock.gettimeout(), wire
        super().__init__(sock.family, sock.type, sock.proto, fileno=sock.detach())
        super().settimeout(self.timeout_seconds)

    def settimeout(self, value: float | None) -> None:
        self.timeout_seconds = value
        super().settimeout(value)

    def recv(self, bufsize: int, flags: int = 0) -> bytes:
        received: bytes = self._in_time(super().recv, bufsize, flags)
        self.wire.meter.count(len(received))
        return received

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        size: int = self._in_time(super().recv_into, buffer, nbytes, flags)
        self.wire.meter.count(size)
        return size

    def sendall(self, data: Any, flags: int = 0) -> None:
        self._in_time(super().sendall, data, flags)

    def send(self, data: Any, flags: int = 0) -> int:
        sent: int = self._in_time(super().send, data, flags)
        return sent

    def _in_time(self, do: Callable[..., Any], *args: Any) -> Any:
        left = self.wire.meter.remaining()
        super().settimeout(left if self.timeout_seconds is None else min(self.timeout_seconds, left))
        try:
            return do(*args)
        except TimeoutError:
            # Raises where the time of the whole exchange is over, not just that of this read.
            self.wire.meter.remaining()
            raise


def metered_tls(context: ssl.SSLContext) -> ssl.SSLContext:
    """Return the context, changed to speak TLS over a metered socket.

    The TLS sockets of the standard library read from the operating system directly, bypassing the meter; this way the
    handshake and empty records are counted too.
    """
    vars(context)["wrap_socket"] = functools.partial(_wrap, context)
    return context


def _wrap(context: ssl.SSLContext, sock: socket.socket, *, server_hostname: str | None = None) -> SSLTransport:
    return SSLTransport(sock, context, server_hostname)
