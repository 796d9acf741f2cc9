"""No request to loopback, private or link-local addresses: checked on the address that was really connected to."""

from __future__ import annotations

import ipaddress
import ssl
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util import create_urllib3_context

from gonggo.errors import TerminalError


def refuse_private(address: str, host: str, port: int | None, allowed: tuple[str, ...]) -> None:
    """Raise when ``address`` is not a public one and ``host:port`` is not expressly allowed.

    Errors:
        TerminalError: names the host and the address.
    """
    if f"{host}:{port}" in allowed:
        return
    if not ipaddress.ip_address(address.partition("%")[0]).is_global:
        raise TerminalError(f"{host} leads to {address}, which is no public address; nothing was sent there")


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
            return _checked(super()._new_conn(), self.host, self.port)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> Any:
            return _checked(super()._new_conn(), self.host, self.port)

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
