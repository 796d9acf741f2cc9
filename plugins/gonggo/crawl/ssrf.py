"""No request to loopback, private or link-local addresses.

A host's addresses are looked at before anything is connected, and again the one that was really connected to: a name
may lead elsewhere the second time.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict
from requests.adapters import HTTPAdapter
from urllib3 import PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util import create_urllib3_context

from gonggo.crawl.wire import Wire, metered_tls
from gonggo.datafile import load_model
from gonggo.errors import TerminalError

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
# NAT64 (RFC 6052): the last four bytes are an IPv4 address.
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")
# ISATAP (RFC 5214): these four bytes, and then an IPv4 address of the network within.
_ISATAP = (0x00005EFE, 0x02005EFE)


class _Special(BaseModel):
    model_config = ConfigDict(extra="forbid")
    public: list[str]
    special: dict[str, str]


@cache
def _networks() -> tuple[list[_Network], list[_Network]]:
    """The networks that are public, and those within them that are not, or stand for another."""
    known = load_model(Path(__file__).with_name("special_addresses.yaml"), _Special)
    return [ipaddress.ip_network(one) for one in known.public], [ipaddress.ip_network(one) for one in known.special]


def refuse_private(address: str, host: str, port: int | None, allowed: tuple[str, ...]) -> None:
    """Raise when ``address`` is not a public one and ``host:port`` is not expressly allowed.

    Raises:
        TerminalError: names the host and the address.
    """
    if f"{host}:{port}" in allowed:
        return
    if not is_public(address):
        raise TerminalError(f"{host} leads to {address}, which is no public address; nothing was sent there")


def is_public(address: str) -> bool:
    """Return whether an address belongs to the public internet, and so does the IPv4 address that it may stand for."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if found in _MAPPED or found in _TRANSLATED:
            return is_public(str(inner))
        if (int(found) >> 32) & 0xFFFFFFFF in _ISATAP and not is_public(str(inner)):
            return False
    public, special = _networks()
    return any(found in network for network in public) and not any(found in network for network in special)


def tls_context(*, legacy: bool = False) -> ssl.SSLContext:
    """Return a context that verifies certificates up to a root, over sockets that the meter holds.

    ``legacy`` accepts the short keys and the renegotiation of old servers, for sites that say they need it.
    """
    if legacy:
        context = create_urllib3_context(ciphers="DEFAULT:@SECLEVEL=1")
        context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    else:
        context = create_urllib3_context()
    # Newer Pythons let a chain end at any certificate that is loaded; here it must end at a root.
    context.verify_flags &= ~ssl.VERIFY_X509_PARTIAL_CHAIN
    return metered_tls(context)


def guarded_socket(host: str, port: int, allowed: tuple[str, ...], wire: Wire, seconds: float) -> socket.socket:
    """Return a connection to a host whose addresses are public, held by the wire's meter.

    Raises:
        TerminalError: an address of the host is private. TransientError: it took too long. OSError: no connection.
    """

    def connect() -> socket.socket:
        return socket.create_connection((host, port), seconds)

    return wire.connected(lambda: _connect_guarded(connect, host, port, allowed))


def _connect_guarded(
    connect: Callable[[], socket.socket], host: str, port: int | None, allowed: tuple[str, ...]
) -> socket.socket:
    """Connect to a host; its addresses are checked before, and the one that was connected to after."""
    # A name that leads nowhere is told by the connection.
    with contextlib.suppress(OSError, UnicodeError):
        for *_, address in socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM):
            refuse_private(str(address[0]), host, port, allowed)
    sock = connect()
    try:
        refuse_private(sock.getpeername()[0], host, port, allowed)
    except TerminalError:
        sock.close()
        raise
    return sock


def guarded_adapter(allowed: tuple[str, ...], wire: Wire, context: ssl.SSLContext) -> HTTPAdapter:
    """Return a requests adapter whose connections check their peer before a byte is sent, and that the meter holds.

    ``context`` is one of ``tls_context``.
    """

    class Plain(HTTPConnection):
        def _new_conn(self) -> Any:
            connect = super()._new_conn
            return wire.connected(lambda: _connect_guarded(connect, self.host, self.port, allowed))

    class Secure(HTTPSConnection):
        def _new_conn(self) -> Any:
            connect = super()._new_conn
            return wire.connected(lambda: _connect_guarded(connect, self.host, self.port, allowed))

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    class Guarded(HTTPAdapter):
        def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kwargs: Any) -> None:
            kwargs["ssl_context"] = context
            self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **kwargs)
            self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}

    return Guarded(max_retries=0)
