"""Intermediate certificates that servers leave out, fetched from the address that the server's certificate names.

A fetched certificate never becomes an anchor of trust. It only leads from the server's certificate to a root that is
trusted already, and OpenSSL verifies the whole chain, dates and host again in the handshake that follows.
"""

from __future__ import annotations

import hashlib
import logging
import socket
import ssl
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests
import urllib3
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.util.ssltransport import SSLTransport

from gonggo.crawl.certificates import certificate_error
from gonggo.crawl.ssrf import guarded_adapter, guarded_socket, tls_context
from gonggo.crawl.throttle import throttle_of
from gonggo.crawl.wire import Wire
from gonggo.errors import CollectError
from gonggo.model import write_text
from gonggo.redaction import masked
from gonggo.settings import Settings
from gonggo.small_state import quarantine
from gonggo.sources.catalogue import Politeness

# It takes 9 MB, and few servers omit a certificate: imported where one is read.
if TYPE_CHECKING:
    from cryptography import x509

_MAX_CHAIN = 4
_MAX_ADDRESSES = 3
_MAX_BYTES = 64 * 1024
_PAUSE_SECONDS = 1.0
Fetch = Callable[[str], bytes | None]
log = logging.getLogger(__name__)


class TrustedChains:
    """The TLS of one source: the roots that it trusts, and stored intermediate certificates that servers omit.

    ``context`` is for the connections of the source. ``bundle`` is a file or a folder of roots.
    """

    def __init__(self, settings: Settings, politeness: Politeness, wire: Wire, agent: str) -> None:
        self.settings, self.politeness, self.wire, self.agent = settings, politeness, wire, agent
        self.bundle = str(settings.ca_bundle or DEFAULT_CA_BUNDLE_PATH)
        self.store = IntermediateStore(settings.state / "certificates")
        self.context = tls_context(legacy=politeness.tls == "legacy")
        if politeness.ca_file:
            self.context.load_verify_locations(cafile=politeness.ca_file)
        self._add(self.store.load())

    def complete(self, url: str) -> None:
        """Fetch the certificates that a server omits from its chain, and store them.

        Raises:
            CertificateError: The chain leads to no trusted root, or no certificate is at the address of the issuer.
            CollectError, OSError: The server does not present its certificate.
        """
        intermediates = find_intermediates(masked(url), self._leaf(url), self._roots(), self._fetch)
        self._add(intermediates)
        self.store.save(intermediates)

    def _add(self, certificates: list[x509.Certificate]) -> None:
        if not certificates:
            return
        from cryptography.hazmat.primitives.serialization import Encoding

        for certificate in certificates:
            # A self-signed one would be a root, and no root is ever added from the network.
            if certificate.subject != certificate.issuer:
                self.context.load_verify_locations(cadata=certificate.public_bytes(Encoding.DER))

    def _leaf(self, url: str) -> bytes:
        """Return the certificate of a server, from a handshake after which nothing is sent or read."""
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 443
        context = tls_context(legacy=self.politeness.tls == "legacy")
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with closing(self._connection(host, port)) as sock, closing(SSLTransport(sock, context, host)) as tls:
            return tls.getpeercert(binary_form=True) or b""

    def _connection(self, host: str, port: int) -> socket.socket:
        return guarded_socket(host, port, self.settings.allow_private, self.wire, self.settings.limits.connect_seconds)

    def _roots(self) -> list[x509.Certificate]:
        """Return the certificates that are trusted: those of the bundle and of the site's own file."""
        from cryptography.utils import CryptographyDeprecationWarning

        bundle, context = Path(self.bundle), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        files = [path for path in bundle.iterdir() if path.is_file()] if bundle.is_dir() else [bundle]
        for path in [*files, *([Path(self.politeness.ca_file)] if self.politeness.ca_file else [])]:
            try:
                context.load_verify_locations(cafile=path)
            except ssl.SSLError:
                log.warning("%s holds no certificates", path)
        with warnings.catch_warnings():
            # One widely trusted root has the serial number zero, which the parser warns of.
            warnings.simplefilter("ignore", CryptographyDeprecationWarning)
            return [
                certificate for der in context.get_ca_certs(binary_form=True) for certificate in parse_certificates(der)
            ]

    def _fetch(self, address: str) -> bytes | None:
        """Return the content at the address of an issuer; None when it is of no use."""
        parts, limits = urlsplit(address), self.settings.limits
        try:
            throttle_of(self.settings, parts.netloc, self.settings.pause(_PAUSE_SECONDS)).wait()
            request = requests.Request("GET", address, headers={"User-Agent": self.agent}).prepare()
            adapter = guarded_adapter(self.settings.allow_private, self.wire, self.context)
            times = (limits.connect_seconds, limits.read_seconds)
            with adapter.send(request, stream=True, timeout=times, verify=self.bundle) as response:
                content: bytes = response.raw.read(_MAX_BYTES + 1, decode_content=False)
                return content if response.status_code == 200 and len(content) <= _MAX_BYTES else None
        except (CollectError, requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            log.info("%s: no certificate from there: %s", masked(address), masked(str(error))[:200])
            self.wire.meter.remaining()
            return None


class IntermediateStore:
    """A folder with one PEM file per certificate; a damaged or expired one is deleted and fetched again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load(self) -> list[x509.Certificate]:
        """Return the stored certificates that are valid today."""
        return [certificate for path in sorted(self.folder.glob("*.pem")) if (certificate := _load(path))]

    def save(self, certificates: list[x509.Certificate]) -> None:
        """Store certificates; where they cannot be written, the next run fetches them again."""
        from cryptography.hazmat.primitives.serialization import Encoding

        try:
            if self.folder.exists() and not self.folder.is_dir():
                quarantine(self.folder, "no folder")
            for certificate in filter(_is_valid_today, certificates):
                der = certificate.public_bytes(Encoding.DER)
                path = self.folder / f"{hashlib.sha256(der).hexdigest()[:32]}.pem"
                write_text(path, certificate.public_bytes(Encoding.PEM).decode())
        except OSError as error:
            log.warning("%s: certificates cannot be stored: %s", self.folder, error)


def _load(path: Path) -> x509.Certificate | None:
    try:
        certificates = parse_certificates(path.read_bytes())
    except OSError as error:
        log.warning("%s cannot be read: %s", path, error)
        return None
    if len(certificates) == 1 and _is_valid_today(certificates[0]):
        return certificates[0]
    log.warning("%s is damaged or has expired; it is deleted, and fetched again when a server needs it", path)
    path.unlink(missing_ok=True)
    return None


def find_intermediates(server: str, leaf: bytes, roots: list[x509.Certificate], fetch: Fetch) -> list[x509.Certificate]:
    """Return the certificates between that of a server and a trusted root, each signed by the next.

    Raises:
        CertificateError: No address gives the certificate of an issuer, or the chain leads to no trusted root.
    """
    intermediates: list[x509.Certificate] = []
    certificates = parse_certificates(leaf)
    if not certificates:
        raise certificate_error(server, "untrusted")
    last = certificates[0]
    while not any(_is_issued_by(last, root) for root in roots):
        if last.subject == last.issuer or len(intermediates) == _MAX_CHAIN:
            raise certificate_error(server, "unknown_issuer")
        last = _issuer_of(server, last, fetch)
        intermediates.append(last)
    return intermediates


def _issuer_of(server: str, certificate: x509.Certificate, fetch: Fetch) -> x509.Certificate:
    addresses = list(issuer_addresses(certificate))[:_MAX_ADDRESSES]
    if not addresses:
        raise certificate_error(server, "unknown_issuer")
    for address in addresses:
        for candidate in parse_certificates(fetch(address) or b""):
            if _is_issued_by(certificate, candidate):
                return candidate
    raise certificate_error(server, "incomplete_chain")


def issuer_addresses(certificate: x509.Certificate) -> Iterator[str]:
    """Yield the web addresses of the issuer's certificate that a certificate names (AIA, caIssuers)."""
    from cryptography import x509
    from cryptography.x509.oid import AuthorityInformationAccessOID, ExtensionOID

    try:
        access = certificate.extensions.get_extension_for_oid(ExtensionOID.AUTHORITY_INFORMATION_ACCESS).value
    except _unreadable():
        return
    for description in access if isinstance(access, x509.AuthorityInformationAccess) else ():
        address = description.access_location.value
        by_web = isinstance(address, str) and address.startswith(("http://", "https://"))
        if by_web and description.access_method == AuthorityInformationAccessOID.CA_ISSUERS:
            yield address


def parse_certificates(content: bytes) -> list[x509.Certificate]:
    """Return the certificates of a file in PEM, DER or PKCS #7; none when it is something else."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import pkcs7

    if b"-----BEGIN CERTIFICATE" in content:
        readers: tuple[Callable[[bytes], list[x509.Certificate]], ...] = (x509.load_pem_x509_certificates,)
    else:
        readers = (lambda der: [x509.load_der_x509_certificate(der)], pkcs7.load_der_pkcs7_certificates)
    for read in readers:
        try:
            return read(content)
        except _unreadable():
            continue
    return []


@cache
def _unreadable() -> tuple[type[Exception], ...]:
    """Return what ``cryptography`` raises for certificates that are malformed or inconsistent."""
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    return (
        *(ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm),
        *(x509.DuplicateExtension, x509.ExtensionNotFound, x509.UnsupportedGeneralNameType, x509.InvalidVersion),
    )


def _is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    if certificate.issuer != issuer.subject:
        return False
    try:
        certificate.verify_directly_issued_by(issuer)
    except _unreadable():
        return False
    return True


def _is_valid_today(certificate: x509.Certificate) -> bool:
    return certificate.not_valid_before_utc <= datetime.now(UTC) <= certificate.not_valid_after_utc
