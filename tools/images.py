"""The base images by digest: what a tag means today may be something else tomorrow.

    python tools/images.py Dockerfile docker-compose.yml           asks the registries and writes the digests in
    python tools/images.py --check Dockerfile docker-compose.yml   fails where an image has none; asks nobody

A digest that is there is asked for again, so that this also renews them. The manifest's own bytes are hashed; a
registry's word for it is not taken. Where a registry cannot be reached nothing is written.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import requests

SECONDS, LARGEST = 20.0, 4 * 1024 * 1024
KINDS = "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json"
# `FROM` of a Dockerfile and `image:` of a compose file; ours, which are built here, have no registry.
_IMAGE = re.compile(r"^(?:FROM|[ \t]{1,20}image:)[ \t]{1,4}(?!gonggo:)([^\s@]{1,200})(?:@(sha256:[0-9a-f]{64}))?", re.M)


class RegistryError(Exception):
    """A registry that did not answer, or not as one; the message names it."""


@dataclass(frozen=True)
class Image:
    """A tag of a repository of a registry."""

    registry: str
    repository: str
    tag: str

    @classmethod
    def read(cls, name: str) -> Image:
        """An image as Docker names it: without a registry it is Docker Hub's, without an owner the library's."""
        path, _, tag = name.rpartition(":")
        if not path or "/" in tag:
            # The colon, if there is one, is of the registry's port.
            path, tag = name, ""
        first, _, rest = path.partition("/")
        if rest and ("." in first or ":" in first):
            return cls(first, rest, tag or "latest")
        return cls("registry-1.docker.io", path if rest else f"library/{path}", tag or "latest")


def images(text: str) -> list[tuple[str, str | None]]:
    """The images that a file names, each with its digest if it has one."""
    return [(found[1], found[2]) for found in _IMAGE.finditer(text)]


def digest_of(name: str, scheme: str = "https") -> str:
    """The digest of what a tag means now, for all processors.

    Errors:
        RegistryError: the registry cannot be reached, refuses, or sends what is no list of images.
    """
    image = Image.read(name)
    address = f"{scheme}://{image.registry}/v2/{image.repository}/manifests/{image.tag}"
    try:
        answer = requests.get(address, headers={"Accept": KINDS}, timeout=SECONDS, stream=True)
        if answer.status_code == 401:
            token = _token(answer.headers.get("WWW-Authenticate", ""))
            told = {"Accept": KINDS, "Authorization": f"Bearer {token}"}
            answer = requests.get(address, headers=told, timeout=SECONDS, stream=True)
        content = answer.raw.read(LARGEST + 1, decode_content=True)
    except (requests.RequestException, OSError) as error:
        raise RegistryError(f"{name}: {image.registry} cannot be reached ({type(error).__name__})") from error
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    if answer.status_code != 200 or len(content) > LARGEST or kind not in KINDS.split(", "):
        raise RegistryError(f"{name}: {image.registry} answered {answer.status_code}, {kind or 'of no type'}")
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _token(challenge: str) -> str:
    """What lets anybody read, from where the registry says that it is given."""
    told = dict(re.findall(r'(\w{1,20})="([^"]{1,500})"', challenge))
    if "realm" not in told:
        raise requests.RequestException("no place to ask for a token")
    wanted = {name: told[name] for name in ("service", "scope") if name in told}
    answer = requests.get(told["realm"], params=wanted, timeout=SECONDS)
    answer.raise_for_status()
    token: str = answer.json().get("token") or answer.json()["access_token"]
    return token


def pinned(text: str, digests: dict[str, str]) -> str:
    """The text of a file with each image's digest behind its tag."""

    def with_digest(found: re.Match[str]) -> str:
        return found[0].partition("@")[0] + f"@{digests[found[1]]}"

    return _IMAGE.sub(with_digest, text)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--check", action="store_true", help="fail where an image has no digest; ask nobody")
    parser.add_argument("--plain-http", action="store_true", help="for a registry of this machine")
    parser.add_argument("files", nargs="+", type=Path)
    args = parser.parse_args(argv)
    texts = {path: path.read_text("utf-8") for path in args.files}
    named = {name: digest for text in texts.values() for name, digest in images(text)}
    if args.check:
        bare = [name for name, digest in named.items() if digest is None]
        print("\n".join(f"{name} has no digest; `make images` asks for it" for name in bare) or "all by digest")
        return 1 if bare else 0
    try:
        digests = {name: digest_of(name, "http" if args.plain_http else "https") for name in named}
    except RegistryError as error:
        print(f"images: {error}. Nothing was written.", file=sys.stderr)
        return 1
    for path, text in texts.items():
        path.write_text(pinned(text, digests), "utf-8")
    print("\n".join(f"{name}@{digest}" for name, digest in digests.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
