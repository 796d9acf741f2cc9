"""Old TLS is spoken with the hosts whose description asks for it; what is wrong with a certificate is reported."""

import datetime
import http.server
import ipaddress
import re
import ssl
import uuid
from contextlib import contextmanager
from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from gonggo.crawl.client import Client
from gonggo.crawl.warc import Archive
from gonggo.errors import CertificateError, DataFileError, TerminalError
from gonggo.settings import SITES
from gonggo.sources.adapter import Request
from gonggo.sources.catalogue import Politeness, load_catalogue, load_site
from tests.serving import running


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"User-agent: *\nDisallow:\n" if self.path == "/robots.txt" else "공고".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Silence."""


def signed(name, issuer=None, *, ca=False, days=(-1, 1), hosts=("127.0.0.1",), issuer_at=None):
    """A key and a certificate; the issuer is such a pair too, or it signs itself. Its own stands at ``issuer_at``."""
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
    if issuer_at:
        at = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(issuer_at))
        built = built.add_extension(x509.AuthorityInformationAccess([at]), critical=False)
    return key, built.sign(above[0], hashes.SHA256())


def pem_of(*certificates):
    return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in certificates)


@contextmanager
def issuing(content, status=200):
    """A server of certificates; yields its address and the paths that were asked of it."""
    asked = []

    class Issuer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            """Silence."""

    with running(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Issuer)) as server:
        yield f"http://127.0.0.1:{server.server_port}/issuer.cer", asked


@contextmanager
def serving(pair, folder, *above, prepare=lambda context: None):
    """A server with this key and certificate, and those above it that it sends along; yields port and connections."""
    secret = serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    path = folder / "chain.pem"
    path.write_bytes(pair[0].private_bytes(serialization.Encoding.PEM, *secret) + pem_of(pair[1], *above))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    prepare(context)
    taken = []

    class Counting(http.server.ThreadingHTTPServer):
        def get_request(self):
            sock, peer = super().get_request()
            taken.append(peer)
            return context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False), peer

        def handle_error(self, *_):
            """Silence."""

    with running(Counting(("127.0.0.1", 0), Answer)) as server:
        yield server.server_port, taken


FAULTS = {
    "expired": ({"days": (-9, -1)}, "has expired.*tell the site"),
    "not_yet_valid": ({"days": (1, 9)}, "not valid yet.*clock"),
    "wrong_host": ({"hosts": ("127.0.0.2",)}, "for another host.*YAML"),
}


@pytest.fixture(scope="module")
def authorities():
    """A root, and the intermediate one under it."""
    root = signed("root", ca=True)
    return root, signed("intermediate", root, ca=True)


def refused(settings, folder, port, fault, issuer=""):
    with client(settings, folder, "modern", port, attempts=4, issuer=issuer) as one:
        log = []
        one.log = log.append
        with pytest.raises(CertificateError) as caught:
            one.get(Request(f"https://127.0.0.1:{port}/list"), "list")
    assert isinstance(caught.value, TerminalError) and caught.value.outcome == "certificate"
    assert caught.value.fault == fault
    assert [fetch.outcome for fetch in log] == ["certificate"]
    return str(caught.value)


def answered(settings, folder, port, tls="modern", **more):
    """Whether a page comes; another error than that of a certificate is raised."""
    with client(settings, folder, tls, port, **more) as one:
        return one.get(Request(f"https://127.0.0.1:{port}/list"), "list")[0].text("utf-8") == "공고"


@pytest.fixture
def root_only(authorities, settings, tmp_path):
    """Settings under which the test's root is trusted, and no other."""
    (tmp_path / "root.pem").write_bytes(pem_of(authorities[0][1]))
    return replace(settings, ca_bundle=tmp_path / "root.pem")


@pytest.mark.parametrize("kind", FAULTS)
def test_what_a_certificate_lacks_is_reported_after_one_try(authorities, tmp_path, root_only, kind):
    (_, middle), (more, words) = authorities, FAULTS[kind]
    with serving(signed("leaf", middle, **more), tmp_path, middle[1]) as (port, taken):
        assert re.search(words, refused(root_only, tmp_path, port, kind))
        assert len(taken) == 1


def test_a_complete_chain_is_read_and_nothing_is_fetched_for_it(authorities, tmp_path, root_only):
    _, middle = authorities
    with serving(signed("leaf", middle), tmp_path, middle[1]) as (port, taken):
        assert answered(root_only, tmp_path, port)
        assert len(taken) == len(["robots.txt", "the page"])
    assert not (root_only.state / "certificates").exists()


FORMS = {
    "PEM": lambda certificate: pem_of(certificate),
    "DER": lambda certificate: certificate.public_bytes(serialization.Encoding.DER),
    "PKCS #7": lambda certificate: pkcs7.serialize_certificates([certificate], serialization.Encoding.DER),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.slow
def test_a_missing_intermediate_is_fetched_from_its_issuer_and_kept(authorities, tmp_path, root_only, form):
    _, middle = authorities
    with issuing(FORMS[form](middle[1])) as (issuer, asked):
        with serving(signed("leaf", middle, issuer_at=issuer), tmp_path) as (port, _):
            assert answered(root_only, tmp_path, port, issuer=issuer)
            assert answered(root_only, tmp_path, port, issuer=issuer)
        assert asked == ["/issuer.cer"]


def test_a_chain_is_completed_over_several_issuers(authorities, tmp_path, root_only):
    _, middle = authorities
    with issuing(pem_of(middle[1])) as (above, _):
        low = signed("low", middle, ca=True, issuer_at=above)
        with (
            issuing(pem_of(low[1])) as (issuer, _),
            serving(signed("leaf", low, issuer_at=issuer), tmp_path) as (port, _),
        ):
            assert answered(root_only, tmp_path, port, issuer=issuer + above)


def test_a_damaged_or_expired_intermediate_is_removed_and_fetched_again(authorities, tmp_path, root_only):
    root, middle = authorities
    folder = root_only.state / "certificates"
    with issuing(pem_of(middle[1])) as (issuer, asked):
        with serving(signed("leaf", middle, issuer_at=issuer), tmp_path) as (port, _):
            assert answered(root_only, tmp_path, port, issuer=issuer)
            (stored,) = folder.iterdir()
            for content in (b"\x00 no certificate", pem_of(signed("intermediate", root, ca=True, days=(-9, -1))[1])):
                stored.write_bytes(content)
                assert answered(root_only, tmp_path, port, issuer=issuer)
                assert stored.read_bytes() == pem_of(middle[1])
        assert len(asked) == 3


def test_a_root_that_an_issuer_offers_is_not_trusted(authorities, tmp_path, root_only):
    stranger = signed("stranger", ca=True)
    with issuing(pem_of(stranger[1])) as (issuer, asked):
        with serving(signed("leaf", stranger, issuer_at=issuer), tmp_path) as (port, _):
            assert "trusted here" in refused(root_only, tmp_path, port, "unknown_issuer", issuer)
        assert asked
        # Nor is it when someone puts it among the stored ones.
        (root_only.state / "certificates").mkdir()
        (root_only.state / "certificates" / "stranger.pem").write_bytes(pem_of(stranger[1]))
        with serving(signed("leaf", stranger), tmp_path) as (port, _):
            refused(root_only, tmp_path, port, "unknown_issuer")


def test_a_kept_intermediate_is_trusted_only_with_its_root(authorities, settings, tmp_path):
    _, middle = authorities
    (settings.state / "certificates").mkdir(parents=True)
    (settings.state / "certificates" / "middle.pem").write_bytes(pem_of(middle[1]))
    with serving(signed("leaf", middle), tmp_path) as (port, _):
        refused(settings, tmp_path, port, "unknown_issuer")


@pytest.mark.parametrize(("content", "status"), [(b"<html>", 200), (b"", 404), (b"x" * 100_000, 200)])
def test_an_issuer_that_gives_no_certificate_is_reported(authorities, tmp_path, root_only, content, status):
    _, middle = authorities
    with issuing(content, status) as (issuer, asked):
        with serving(signed("leaf", middle, issuer_at=issuer), tmp_path) as (port, _):
            assert "leaves out the intermediate" in refused(root_only, tmp_path, port, "incomplete_chain", issuer)
        assert len(asked) == 1


def test_an_issuer_at_a_private_address_is_not_asked(authorities, tmp_path, root_only):
    _, middle = authorities
    with issuing(pem_of(middle[1])) as (issuer, asked):
        with serving(signed("leaf", middle, issuer_at=issuer), tmp_path) as (port, _):
            refused(root_only, tmp_path, port, "incomplete_chain")
        assert not asked


def test_a_site_may_name_the_certificates_of_its_issuers(authorities, settings, tmp_path):
    root, middle = authorities
    (tmp_path / "issuers.pem").write_bytes(pem_of(root[1], middle[1]))
    own = signed("own")
    (tmp_path / "own.pem").write_bytes(pem_of(own[1]))
    with serving(signed("leaf", middle), tmp_path) as (port, _):
        assert "ca_file" in refused(settings, tmp_path, port, "unknown_issuer")
        assert answered(settings, tmp_path, port, ca_file=str(tmp_path / "issuers.pem"))
    with serving(own, tmp_path) as (port, _):
        assert "self-signed" in refused(settings, tmp_path, port, "self_signed")
        assert answered(settings, tmp_path, port, ca_file=str(tmp_path / "own.pem"))


@pytest.mark.parametrize("content", [None, b"no certificate"])
def test_a_site_whose_file_of_certificates_holds_none_is_reported_with_its_line(tmp_path, content):
    described = (SITES / "btp.yaml").read_text("utf-8")
    path = tmp_path / "btp.yaml"
    path.write_text(f"{described}\npoliteness:\n  ca_file: issuers.pem\n", "utf-8")
    if content is not None:
        (tmp_path / "issuers.pem").write_bytes(content)
    line = path.read_text("utf-8").splitlines().index("  ca_file: issuers.pem") + 1
    with pytest.raises(DataFileError, match=rf"btp.yaml:{line}: politeness.ca_file: .*holds no certificates"):
        load_site(path)


def test_a_site_finds_its_file_of_certificates_beside_its_own(authorities, tmp_path):
    described = (SITES / "btp.yaml").read_text("utf-8")
    (tmp_path / "btp.yaml").write_text(f"{described}\npoliteness: {{ca_file: issuers.pem}}\n", "utf-8")
    (tmp_path / "issuers.pem").write_bytes(pem_of(authorities[0][1]))
    assert load_site(tmp_path / "btp.yaml").politeness.ca_file == str(tmp_path / "issuers.pem")


def test_a_server_of_tls_1_0_alone_is_distinguished(authorities, tmp_path, root_only):
    def old(context):
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1

    _, middle = authorities
    with serving(signed("leaf", middle), tmp_path, middle[1], prepare=old) as (port, _):
        assert "TLS 1.0" in refused(root_only, tmp_path, port, "old_protocol")


def test_a_server_of_old_ciphers_alone_is_read_when_its_site_says_so(authorities, tmp_path, root_only):
    def old(context):
        context.set_ciphers("ECDHE-ECDSA-AES128-SHA")
        context.maximum_version = ssl.TLSVersion.TLSv1_2

    _, middle = authorities
    with serving(signed("leaf", middle), tmp_path, middle[1], prepare=old) as (port, _):
        assert "tls: legacy" in refused(root_only, tmp_path, port, "old_ciphers")
        assert answered(root_only, tmp_path, port, tls="legacy")


def test_a_chain_that_ends_at_an_unknown_root_is_reported(authorities, settings, tmp_path):
    root, middle = authorities
    with serving(signed("leaf", middle), tmp_path, middle[1], root[1]) as (port, _):
        assert "an authority that is trusted here" in refused(settings, tmp_path, port, "unknown_issuer")


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
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with running(server):
        yield server.server_port, pem


@contextmanager
def client(settings, tmp_path, tls, port, attempts=1, issuer="", ca_file=None):
    """A client that may speak with the server, and with those of the addresses in ``issuer``."""
    site = load_catalogue()["btp"].model_copy(update={"politeness": Politeness(tls=tls, ca_file=ca_file)})
    limits = replace(settings.limits, attempts=attempts)
    allowed = (f"127.0.0.1:{port}", *re.findall(r"127\.0\.0\.1:\d+", issuer))
    settings = replace(settings, limits=limits, allow_private=allowed)
    with Archive(tmp_path / f"{uuid.uuid4()}.warc.gz") as archive:
        yield Client(settings, site, "r", archive, lambda fetch: None)


def test_a_short_key_is_refused_unless_the_site_says_that_its_server_is_old(old_server, settings, tmp_path):
    port, pem = old_server
    settings = replace(settings, ca_bundle=pem)
    assert "tls: legacy" in refused(settings, tmp_path, port, "weak")
    assert answered(settings, tmp_path, port, tls="legacy")


def test_a_certificate_nobody_vouches_for_is_refused_by_old_tls_too(old_server, settings, tmp_path):
    port, _ = old_server
    with pytest.raises(CertificateError, match="SSL"):
        answered(settings, tmp_path, port, tls="legacy")
