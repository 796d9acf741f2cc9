"""Old TLS is spoken with the hosts whose description asks for it, and with no other."""

import datetime
import http.server
import ipaddress
import ssl
import threading
from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from gonggo.crawl.client import Client
from gonggo.crawl.warc import Archive
from gonggo.errors import TransientError
from gonggo.sources.adapter import Request
from gonggo.sources.catalogue import Politeness, load_catalogue


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"User-agent: *\nDisallow:\n" if self.path == "/robots.txt" else "공고".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Silence."""


@pytest.fixture
def old_server(tmp_path):
    """A server whose certificate has the short key of years ago. Yields its port and the certificate's file."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.datetime.now(datetime.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    pem = tmp_path / "server.pem"
    pem.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, *secret) + built.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.load_cert_chain(pem)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, pem
        server.shutdown()


def client(settings, tmp_path, tls, port):
    site = load_catalogue()["btp"].model_copy(update={"politeness": Politeness(tls=tls)})
    limits = replace(settings.limits, attempts=1)
    settings = replace(settings, limits=limits, allow_private=(f"127.0.0.1:{port}",))
    return Client(settings, site, "r", Archive(tmp_path / f"{tls}.warc.gz"), lambda fetch: None)


def test_a_short_key_is_refused_unless_the_site_says_that_its_server_is_old(
    old_server, settings, tmp_path, monkeypatch
):
    port, pem = old_server
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(pem))
    with client(settings, tmp_path, "modern", port).archive as archive:
        modern = client(settings, tmp_path, "modern", port)
        modern.archive = archive
        with pytest.raises(TransientError, match="SSL"):
            modern.get(Request(f"https://127.0.0.1:{port}/list"), "list")
    with client(settings, tmp_path, "legacy", port).archive as archive:
        legacy = client(settings, tmp_path, "legacy", port)
        legacy.archive = archive
        page, _ = legacy.get(Request(f"https://127.0.0.1:{port}/list"), "list")
    assert page.text("utf-8") == "공고"


def test_a_certificate_nobody_vouches_for_is_refused_by_old_tls_too(old_server, settings, tmp_path, monkeypatch):
    port, _ = old_server
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    legacy = client(settings, tmp_path, "legacy", port)
    with legacy.archive, pytest.raises(TransientError, match="SSL"):
        legacy.get(Request(f"https://127.0.0.1:{port}/list"), "list")
