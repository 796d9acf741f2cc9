"""Servers behind TLS that are not what they should be: an attachment is asked of each."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import Field

from attacks.boards import BoardInput, Elsewhere, Expected, missed_of, staged
from attacks.commands import Command
from attacks.files import FileSpec
from attacks.model import Input, Inputs, Outcome
from attacks.project import Project
from attacks.server import page

SECONDS = 20.0
DRIPS = 100


class TlsInput(Input):
    """A server, and what becomes of the file that is asked of it (alternatives with a bar), with a reason."""

    server: Literal[
        "good", "silent", "dripping", "plain", "closing", "self_signed", "no_intermediate", "expired", "other_name"
    ]
    file: str
    reason: str | None = None


class TlsKind(Inputs):
    inputs: list[TlsInput] = Field(min_length=1)


@dataclass(frozen=True)
class Signed:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def key_pem(self) -> bytes:
        plain = serialization.NoEncryption()
        return self.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)


def try_tls(kind: TlsKind, project: Project, home: Path, chosen: Sequence[TlsInput]) -> Iterator[Outcome]:
    """Collect a board for each server; what became of the file."""
    folder = home / "certificates"
    folder.mkdir(parents=True)
    chains = _chains(folder)
    bundle = {"REQUESTS_CA_BUNDLE": str(folder / "root.pem")}
    with ExitStack() as stack:
        stages, commands = [], []
        for one in chosen:
            right = Expected(file=one.file, reason=one.reason)
            asked = BoardInput(
                id=one.id, files=["https://«server»/f"], elsewhere={"server": Elsewhere()}, expected=right
            )
            stage = stack.enter_context(staged(f"{kind.kind}_{one.id}", asked))
            stage.others["server"].answers = {"": _talk(one, chains)}
            project.drop_in(stage.source, "board", {})
            allowed = f"127.0.0.1:{stage.others['server'].port}"
            env = project.environment(home / "tls", stage.source, stage.host.url, allowed) | bundle
            commands.append(Command(stage.source, ["collect", stage.source], env, SECONDS))
            stages.append(stage)
        ran = project.run(commands)
    for one, stage in zip(chosen, stages, strict=True):
        did = ran[stage.source]
        yield Outcome(kind.kind, one.id, list(missed_of(stage, did, home / "tls")), did.seconds)


def _talk(one: TlsInput, chains: dict[str, Path]) -> Callable[[socket.socket], None]:
    """What a server does with a connection."""
    answer = page(FileSpec(format="hwpx", lines=["붙임 공고문"]).content(), "application/octet-stream")

    def served(connection: socket.socket) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chains[one.server])
        with suppress(OSError), context.wrap_socket(connection, server_side=True) as secure:
            path = secure.recv(65536).split(b" ")[1]
            secure.sendall(b"HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n" if path == b"/robots.txt" else answer)

    def silent(connection: socket.socket) -> None:
        time.sleep(SECONDS)

    def dripping(connection: socket.socket) -> None:
        connection.recv(65536)
        for byte in b"\x16\x03\x03\x40\x00" + bytes(DRIPS):
            connection.sendall(bytes([byte]))
            time.sleep(0.3)

    def plain(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(answer)

    def closing(connection: socket.socket) -> None:
        connection.recv(65536)

    odd = {"silent": silent, "dripping": dripping, "plain": plain, "closing": closing}
    return odd.get(one.server, served)


def _chains(folder: Path) -> dict[str, Path]:
    """A file with chain and key for each server that has one, and ``root.pem``, which signed those that are good."""
    root = _signed("Test Root", None)
    middle = _signed("Test Intermediate", root)
    here, now = x509.IPAddress(ip_address("127.0.0.1")), datetime.now(UTC)
    leaf = _signed("127.0.0.1", middle, here)
    own = _signed("127.0.0.1", None, here)
    other = _signed("elsewhere.test", middle, x509.DNSName("elsewhere.test"))
    old = _signed("127.0.0.1", middle, here, ends=now - timedelta(days=1))
    (folder / "root.pem").write_bytes(root.pem())
    chains = {
        "good": (leaf, middle),
        "no_intermediate": (leaf,),
        "self_signed": (own,),
        "other_name": (other, middle),
        "expired": (old, middle),
    }
    for name, signed in chains.items():
        content = signed[0].key_pem() + b"".join(one.pem() for one in signed)
        (folder / f"{name}.pem").write_bytes(content)
    return {name: folder / f"{name}.pem" for name in chains}


def _signed(name: str, by: Signed | None, host: x509.GeneralName | None = None, ends: datetime | None = None) -> Signed:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    until = ends or datetime.now(UTC) + timedelta(days=2)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(until - timedelta(days=30))
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=host is None, path_length=None), critical=True)
    )
    if host is not None:
        builder = builder.add_extension(x509.SubjectAlternativeName([host]), critical=False)
    signer = by.key if by else key
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    return Signed(builder.sign(signer, hashes.SHA256()), key)
