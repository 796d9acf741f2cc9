"""Refuse connections to loopback, private and link-local addresses (server-side request forgery).

The addresses of a host are checked before a connection is made, and the connected one again after it: a name may
resolve to another address the second time.
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
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")
# ISATAP (RFC 5214): these four bytes are followed by an IPv4 address of the inner network.
_ISATAP = (0x00005EFE, 0x02005EFE)


class _AddressRegistry(BaseModel):
    model_config = ConfigDict(extra="forbid")
    public: list[str]
    special: dict[str, str]


@cache
def _networks() -> tuple[list[_Network], list[_Network]]:
    """Return the public networks, and the special-purpose networks within them."""
    data = load_model(Path(__file__).with_name("special_addresses.yaml"), _AddressRegistry)
    return [ipaddress.ip_network(network) for network in data.public], [
        ipaddress.ip_network(network) for network in data.special
    ]


def refuse_private(address: str, host: str, port: int | None, allowed: tuple[str, ...]) -> None:
    """Refuse an address that is not public, unless ``host:port`` is explicitly allowed.

    Raises:
        TerminalError: It is refused; the message names the host and the address.
    """
    if f"{host}:{port}" in allowed:
        return
    if not is_public(address):
        raise TerminalError(f"{host} leads to {address}, which is no public address; nothing was sent there")


def is_public(address: str) -> bool:
    """Return whether an address is public, and so is the IPv4 address that it may embed."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
        if parsed in _MAPPED or parsed in _NAT64:
            return is_public(str(inner))
        if (int(parsed) >> 32) & 0xFFFFFFFF in _ISATAP and not is_public(str(inner)):
            return False
    public, special = _networks()
    return any(parsed in network for network in public) and not any(parsed in network for network in special)


def tls_context(*, legacy: bool = False) -> ssl.SSLContext:
    """Return a TLS context for metered sockets that verifies certificates up to a root.

    ``legacy`` accepts the short keys and the renegotiation of old servers, for sites whose YAML file says so.
    """
    if legacy:
        context = create_urllib3_context(ciphers="DEFAULT:@SECLEVEL=1")
        context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    else:
        context = create_urllib3_context()
    # Newer Python versions let a chain end at any loaded certificate; here it must end at a root.
    context.verify_flags &= ~ssl.VERIFY_X509_PARTIAL_CHAIN
    return metered_tls(context)


def guarded_socket(host: str, port: int, allowed: tuple[str, ...], wire: Wire, seconds: float) -> socket.socket:
    """Return a metered connection to a host whose addresses are public.

    Raises:
        TerminalError: An address of the host is not public.
        TransientError: Connecting took too long.
        OSError: The connection failed.
    """

    def connect() -> socket.socket:
        return socket.create_connection((host, port), seconds)

    return wire.connected(lambda: _connect_guarded(connect, host, port, allowed))


def _connect_guarded(
    connect: Callable[[], socket.socket], host: str, port: int | None, allowed: tuple[str, ...]
) -> socket.socket:
    """Connect to a host; check its addresses before, and the connected one after."""
    # A name that does not resolve fails again when connecting.
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
    """Return a requests adapter with metered connections, whose peer is checked before a byte is sent.

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
