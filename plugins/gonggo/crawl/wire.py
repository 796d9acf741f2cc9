"""What one exchange may cost, held below everything that reads from the network.

HTTP has many places in which an answer can go on for ever: interim answers, the status line, headers, chunks and what
follows them, names and blocks of packed data. So the limits are not kept by whoever reads these, but by the socket:
one clock and one count of bytes for the look-up of the name, the connection, the handshake of TLS and the answer.
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

# Headers, chunks and packing may take as much again as the body, and this.
_AROUND_A_BODY = 256 * 1024


class Meter:
    """What one exchange, its redirects included, may still cost: seconds, bytes as they come, bytes of its body.

    The clock stands still unless the meter is ``running``: the pause before a request is no cost of the exchange.
    """

    def __init__(self, seconds: float, most_bytes: int) -> None:
        self.seconds, self.most_bytes = seconds, most_bytes
        self.most_raw = 2 * most_bytes + _AROUND_A_BODY
        self.about, self.used, self.raw = "", 0.0, 0
        self._since: float | None = None

    @contextmanager
    def running(self, about: str) -> Iterator[None]:
        """Count the time from here on; ``about`` is the address that messages name."""
        self.about, self._since = about, time.monotonic()
        try:
            yield
        finally:
            self.used += time.monotonic() - self._since
            self._since = None

    def remaining(self) -> float:
        """Return the seconds that are left.

        Raises:
            TransientError: none are.
        """
        left = self.seconds - self.used - (time.monotonic() - self._since if self._since is not None else 0.0)
        if left <= 0:
            raise TransientError(f"{self.about}: not finished after {self.seconds:.0f} s")
        return left

    def count(self, size: int) -> None:
        """Count bytes that came.

        Raises:
            TerminalError: they are more than may come.
        """
        self.raw += size
        if self.raw > self.most_raw:
            raise TerminalError(f"{self.about}: more than {self.most_raw} bytes came, headers and packing included")

    def demand_room(self, size: int) -> None:
        """Refuse a body, or a layer of its packing, of more bytes than may be.

        Raises:
            TerminalError: it has more. TransientError: no time is left.
        """
        if size > self.most_bytes:
            raise TerminalError(f"{self.about}: more than {self.most_bytes} bytes")
        self.remaining()


class Wire:
    """The meter of the exchange that is under way, for the connections that several exchanges share.

    ``dialled`` counts these: where it stays the same, a request went over one that was there before.
    """

    def __init__(self) -> None:
        self.meter = Meter(0.0, 0)
        self.dialled = 0

    def connected(self, connect: Callable[[], socket.socket]) -> socket.socket:
        """Return the metered socket of ``connect``, which may look a name up: no system lets that be timed.

        Raises:
            TransientError: it took too long. Whatever ``connect`` raises.
        """
        self.dialled += 1
        made = _Made()
        threading.Thread(target=made.make, args=(connect,), daemon=True).start()
        sock = made.wait(self.meter.remaining())
        if sock is None:
            self.meter.remaining()
            raise TransientError(f"{self.meter.about}: no connection came about")
        return Metered(sock, self)


class _Made:
    """A socket that another thread makes; closed there when nobody waits for it any more."""

    def __init__(self) -> None:
        self.lock, self.done = threading.Lock(), threading.Event()
        self.sock: socket.socket | None = None
        self.error: BaseException | None = None
        self.late = False

    def make(self, connect: Callable[[], socket.socket]) -> None:
        try:
            sock = connect()
        except BaseException as error:
            self.error = error
        else:
            with self.lock:
                if self.late:
                    sock.close()
                self.sock = sock
        self.done.set()

    def wait(self, seconds: float) -> socket.socket | None:
        """Return the socket; None when it did not come in time."""
        self.done.wait(seconds)
        with self.lock:
            self.late = self.sock is None
        if self.done.is_set() and self.error:
            raise self.error
        return self.sock


class Metered(socket.socket):
    """A connected socket that waits no longer, and takes no more, than the meter of its wire allows."""

    def __init__(self, sock: socket.socket, wire: Wire) -> None:
        self.wanted, self.wire = sock.gettimeout(), wire
        super().__init__(sock.family, sock.type, sock.proto, fileno=sock.detach())
        super().settimeout(self.wanted)

    def settimeout(self, value: float | None) -> None:
        self.wanted = value
        super().settimeout(value)

    def recv(self, bufsize: int, flags: int = 0) -> bytes:
        came: bytes = self._in_time(super().recv, bufsize, flags)
        self.wire.meter.count(len(came))
        return came

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
        super().settimeout(left if self.wanted is None else min(self.wanted, left))
        try:
            return do(*args)
        except TimeoutError:
            # Whose time it was: that of the whole exchange, or that of this read.
            self.wire.meter.remaining()
            raise


def metered_tls(context: ssl.SSLContext) -> ssl.SSLContext:
    """Return the context, made to speak TLS over a metered socket.

    The sockets of the standard library read from the operating system themselves, past every method of ours; this way
    the handshake, and records that carry nothing, are counted too.
    """
    vars(context)["wrap_socket"] = functools.partial(_over, context)
    return context


def _over(context: ssl.SSLContext, sock: socket.socket, *, server_hostname: str | None = None) -> SSLTransport:
    return SSLTransport(sock, context, server_hostname)
