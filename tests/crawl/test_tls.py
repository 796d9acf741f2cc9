"""Old TLS is spoken with the hosts whose description asks for it; what is wrong with a certificate is told."""

import datetime
import http.server
import ipaddress
import re
import ssl
import threading
from contextlib import contextmanager
from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from gonggo.crawl.client import Client
from gonggo.crawl.warc import Archive
from gonggo.errors import CertificateError, TerminalError
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


def signed(name, issuer=None, *, ca=False, days=(-1, 1), hosts=("127.0.0.1",)):
    """A key and a certificate; the issuer is such a pair too, or it signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    above, at = issuer or (key, None), datetime.datetime.now(datetime.UTC)
    built = x509.CertificateBuilder().subject_name(subject).issuer_name(above[1].subject if above[1] else subject)
    built = built.public_key(key.public_key()).serial_number(x509.random_serial_number())
    built = built.not_valid_before(at + datetime.timedelta(days[0])).not_valid_after(at + datetime.timedelta(days[1]))
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    vouches = x509.AuthorityKeyIdentifier.from_issuer_public_key(above[0].public_key())
    usage = x509.KeyUsage(*(True,) + (False,) * 4 + (ca, ca) + (False,) * 2)
    built = built.add_extension(own, critical=False).add_extension(vouches, critical=False)
    built = built.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    built = built.add_extension(usage, critical=True)
    names = [x509.IPAddress(ipaddress.ip_address(host)) for host in hosts]
    if not ca:
        built = built.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return key, built.sign(above[0], hashes.SHA256())


def pem_of(*certificates):
    return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in certificates)


@contextmanager
def serving(pair, folder, *above):
    """A server with this key and certificate, and those above it that it sends along; yields port and connections."""
    secret = serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    path = folder / "chain.pem"
    path.write_bytes(pair[0].private_bytes(serialization.Encoding.PEM, *secret) + pem_of(pair[1], *above))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    taken = []

    class Counting(http.server.ThreadingHTTPServer):
        def get_request(self):
            sock, peer = super().get_request()
            taken.append(peer)
            return context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False), peer

        def handle_error(self, *_):
            """Silence."""

    with Counting(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, taken
        server.shutdown()


FAULTS = {
    "expired": ({"days": (-9, -1)}, "has expired"),
    "not valid yet": ({"days": (1, 9)}, "not valid yet.*clock"),
    "another host": ({"hosts": ("127.0.0.2",)}, "for another host.*YAML"),
}


@pytest.fixture(scope="module")
def authorities():
    """A root, and the intermediate one under it."""
    root = signed("root", ca=True)
    return root, signed("intermediate", root, ca=True)


def refused(settings, folder, port):
    with client(settings, folder, "modern", port, attempts=4).archive as archive:
        one = client(settings, folder, "modern", port, attempts=4)
        one.archive, log = archive, []
        one.log = log.append
        with pytest.raises(CertificateError) as told:
            one.get(Request(f"https://127.0.0.1:{port}/list"), "list")
    assert isinstance(told.value, TerminalError) and told.value.outcome == "certificate"
    assert [fetch.outcome for fetch in log] == ["certificate"]
    return str(told.value)


@pytest.mark.parametrize("kind", FAULTS)
def test_what_a_certificate_lacks_is_told_after_one_try(authorities, settings, tmp_path, monkeypatch, kind):
    (root, middle), (more, words) = authorities, FAULTS[kind]
    (tmp_path / "root.pem").write_bytes(pem_of(root[1]))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "root.pem"))
    with serving(signed("leaf", middle, **more), tmp_path, middle[1]) as (port, taken):
        assert re.search(words, refused(settings, tmp_path, port))
        assert len(taken) == 1


def test_a_chain_without_its_intermediate_is_told_with_the_next_step(authorities, settings, tmp_path, monkeypatch):
    root, middle = authorities
    leaf = signed("leaf", middle)
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(pem_of(root[1]))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    with serving(leaf, tmp_path) as (port, taken):
        assert re.search("without the intermediate one.*REQUESTS_CA_BUNDLE", refused(settings, tmp_path, port))
        assert len(taken) == 1
        # The next step that the message names, taken.
        bundle.write_bytes(pem_of(root[1], middle[1]))
        with client(settings, tmp_path, "modern", port).archive as archive:
            mended = client(settings, tmp_path, "modern", port)
            mended.archive = archive
            assert mended.get(Request(f"https://127.0.0.1:{port}/list"), "list")[0].status == 200


def test_a_certificate_that_signs_itself_or_is_of_an_unknown_root_is_told(authorities, settings, tmp_path, monkeypatch):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    with serving(signed("leaf"), tmp_path) as (port, _):
        assert "signed by itself alone" in refused(settings, tmp_path, port)
    root, middle = authorities
    with serving(signed("leaf", middle), tmp_path, middle[1], root[1]) as (port, _):
        assert "vouched for by nobody that is known here" in refused(settings, tmp_path, port)


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


def client(settings, tmp_path, tls, port, attempts=1):
    site = load_catalogue()["btp"].model_copy(update={"politeness": Politeness(tls=tls)})
    limits = replace(settings.limits, attempts=attempts)
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
        with pytest.raises(CertificateError, match=r"SSL.*tls: legacy"):
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
    with legacy.archive, pytest.raises(CertificateError, match="SSL"):
        legacy.get(Request(f"https://127.0.0.1:{port}/list"), "list")
