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

    Errors:
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


def legacy_context() -> ssl.SSLContext:
    """TLS as old servers of the state still speak it: weak keys and unsafe renegotiation, certificates checked."""
    context = create_urllib3_context(ciphers="DEFAULT:@SECLEVEL=1")
    context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    return context


def guarded_adapter(allowed: tuple[str, ...], wire: Wire, *, legacy: bool = False) -> HTTPAdapter:
    """A requests adapter whose connections check their peer before a byte is sent, and are held by the wire's meter.

    ``legacy`` allows old TLS, for servers whose site says that they need it.
    """

    class Plain(HTTPConnection):
        def _new_conn(self) -> Any:
            return wire.connected(lambda: _looked_at(super(Plain, self)._new_conn, self.host, self.port))

    class Secure(HTTPSConnection):
        def _new_conn(self) -> Any:
            return wire.connected(lambda: _looked_at(super(Secure, self)._new_conn, self.host, self.port))

    def _looked_at(connect: Callable[[], socket.socket], host: str, port: int | None) -> socket.socket:
        _refuse_named(host, port)
        return _checked(connect(), host, port)

    def _refuse_named(host: str, port: int | None) -> None:
        # A name that leads nowhere is told by the connection.
        with contextlib.suppress(OSError, UnicodeError):
            for *_, address in socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM):
                refuse_private(str(address[0]), host, port, allowed)

    def _checked(sock: socket.socket, host: str, port: int | None) -> socket.socket:
        try:
            refuse_private(sock.getpeername()[0], host, port, allowed)
        except TerminalError:
            sock.close()
            raise
        return sock

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    class Guarded(HTTPAdapter):
        def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kwargs: Any) -> None:
            kwargs["ssl_context"] = metered_tls(legacy_context() if legacy else create_urllib3_context())
            self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **kwargs)
            self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}

    return Guarded(max_retries=0)
