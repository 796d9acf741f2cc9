"""No request to loopback, private or link-local addresses.

A host's addresses are looked at before anything is connected, and again the one that was really connected to: a name
may lead elsewhere the second time.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util import create_urllib3_context

from gonggo.errors import TerminalError

# Assigned to protocols and to the metadata of a cloud, whatever a table of registries says.
_ASSIGNED = ipaddress.IPv4Network("192.0.0.0/24")
# NAT64 (RFC 6052, RFC 8215): the last four bytes are an IPv4 address.
_TRANSLATED = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))


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
    """Whether an address belongs to the public internet, and so does the IPv4 address that it may stand for."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if inner is None and any(found in network for network in _TRANSLATED):
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        # 6to4 and Teredo are relays to a network of whoever names them.
        if inner is not None:
            return found.sixtofour is None and found.teredo is None and is_public(str(inner))
    return found.is_global and not found.is_multicast and found not in _ASSIGNED


def legacy_context() -> ssl.SSLContext:
    """TLS as old servers of the state still speak it: weak keys and unsafe renegotiation, certificates checked."""
    context = create_urllib3_context(ciphers="DEFAULT:@SECLEVEL=1")
    context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    return context


def guarded_adapter(allowed: tuple[str, ...], *, legacy: bool = False) -> HTTPAdapter:
    """A requests adapter whose connections check their peer before a byte is sent.

    ``legacy`` allows old TLS, for servers whose site says that they need it.
    """

    class Plain(HTTPConnection):
        def _new_conn(self) -> Any:
            _refuse_named(self.host, self.port)
            return _checked(super()._new_conn(), self.host, self.port)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> Any:
            _refuse_named(self.host, self.port)
            return _checked(super()._new_conn(), self.host, self.port)

    def _refuse_named(host: str, port: int | None) -> None:
        # A name that leads nowhere is told by the connection.
        with contextlib.suppress(OSError):
            for *_, address in socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM):
                refuse_private(str(address[0]), host, port, allowed)

    def _checked(sock: Any, host: str, port: int | None) -> Any:
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
            if legacy:
                kwargs["ssl_context"] = legacy_context()
            self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **kwargs)
            self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}

    return Guarded(max_retries=0)
