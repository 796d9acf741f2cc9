"""Base images by digest, asked of a registry that answers as Docker's does, and of ones that do not."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.serving import running
from tools import images

ROOT = Path(__file__).parents[1]
MANIFEST = b'{"schemaVersion": 2, "manifests": []}'
KIND = "application/vnd.oci.image.index.v1+json"


@contextmanager
def registry(content: bytes = MANIFEST, kind: str = KIND, status: int = 200) -> Iterator[str]:
    """A registry that gives its manifests to those who have asked for a token."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/token?"):
                self.answer(200, "application/json", json.dumps({"token": "let-me-read"}).encode())
            elif self.headers.get("Authorization") != "Bearer let-me-read":
                realm = f'Bearer realm="http://{self.headers["Host"]}/token",service="here",scope="repository:pull"'
                self.answer(401, "application/json", b"{}", **{"WWW-Authenticate": realm})
            else:
                self.answer(status, kind, content, **{"Docker-Content-Digest": "sha256:" + "0" * 64})

        def answer(self, code: int, media: str, body: bytes, **headers: str) -> None:
            self.send_response(code)
            for name, value in {"Content-Type": media, "Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with running(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as server:
        yield f"127.0.0.1:{server.server_port}"


def files(folder: Path, place: str) -> list[str]:
    old = "sha256:" + "a" * 64
    (folder / "Dockerfile").write_text(f"# base\nFROM {place}/library/python:3.12-slim\nRUN true\n", "utf-8")
    (folder / "compose.yml").write_text(
        f"services:\n  a:\n    image: gonggo:0.1.0\n  b:\n    image: {place}/postgres:16@{old}\n    user: x\n", "utf-8"
    )
    return [str(folder / "Dockerfile"), str(folder / "compose.yml")]


def test_digests_are_of_what_came_and_written_behind_the_tags(tmp_path: Path, capsys) -> None:
    digest = f"sha256:{hashlib.sha256(MANIFEST).hexdigest()}"
    with registry() as place:
        named = files(tmp_path, place)
        assert images.main(["--check", *named]) == 1 and "python:3.12-slim has no digest" in capsys.readouterr().out
        assert images.main(["--plain-http", *named]) == 0
    assert f"FROM {place}/library/python:3.12-slim@{digest}\nRUN" in (tmp_path / "Dockerfile").read_text("utf-8")
    text = (tmp_path / "compose.yml").read_text("utf-8")
    assert f"    image: {place}/postgres:16@{digest}\n    user" in text and "image: gonggo:0.1.0\n" in text
    assert images.main(["--check", *named]) == 0


@pytest.mark.parametrize("bad", [{"status": 404}, {"kind": "text/html"}, {"content": b"x" * (images.MAX_BYTES + 1)}])
def test_where_a_registry_answers_oddly_nothing_is_written(tmp_path: Path, capsys, bad: dict) -> None:
    with registry(**bad) as place:
        named = files(tmp_path, place)
        before = [Path(name).read_text("utf-8") for name in named]
        assert images.main(["--plain-http", *named]) == 1
    assert "Nothing was written" in capsys.readouterr().err
    assert [Path(name).read_text("utf-8") for name in named] == before
    assert images.main(["--plain-http", *named]) == 1 and "cannot be reached" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "image"),
    [
        ("python:3.12-slim-bookworm", ("registry-1.docker.io", "library/python", "3.12-slim-bookworm")),
        ("chrislusf/seaweedfs:3.97", ("registry-1.docker.io", "chrislusf/seaweedfs", "3.97")),
        ("quay.io/a/b", ("quay.io", "a/b", "latest")),
        ("127.0.0.1:5000/a:1", ("127.0.0.1:5000", "a", "1")),
        ("127.0.0.1:5000/a", ("127.0.0.1:5000", "a", "latest")),
    ],
)
def test_an_image_is_understood_as_docker_does(name: str, image: tuple[str, str, str]) -> None:
    assert images.Image.parse(name) == images.Image(*image)


def test_every_image_of_the_project_is_known_to_the_tool() -> None:
    images_by_file = {
        name: [one for one, _ in images.find_images((ROOT / name).read_text("utf-8"))]
        for name in ("Dockerfile", "docker-compose.yml")
    }
    assert set(images_by_file["Dockerfile"]) == {"python:3.12-slim-bookworm"}
    assert [name.partition(":")[0] for name in images_by_file["docker-compose.yml"]] == [
        "postgres",
        "redis",
        "chrislusf/seaweedfs",
    ]


def test_uv_comes_by_hash_in_the_image_and_on_the_machine() -> None:
    lock = (ROOT / "docker" / "uv.lock").read_text("utf-8")
    version = re.search(r"^UV_VERSION := (\S+)$", (ROOT / "Makefile").read_text("utf-8"), re.M)[1]
    assert lock.startswith(f"uv=={version} ") and lock.count("--hash=sha256:") >= 10
    for name in ("Makefile", "Dockerfile"):
        text = (ROOT / name).read_text("utf-8")
        assert re.search(r"pip install [^\n]*--require-hashes -r (docker/)?uv\.lock", text)
        assert not re.search(r"pip install [^\n]*uv==", text)
