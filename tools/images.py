"""Pin the base images by digest, since a tag may be moved to another image.

    python tools/images.py Dockerfile docker-compose.yml           look the digests up and write them
    python tools/images.py --check Dockerfile docker-compose.yml   fail for an image without a digest, offline

Existing digests are looked up again and so updated. The digest is calculated from the manifest, not taken from a header
of the registry. If a registry cannot be reached, nothing is written.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import requests

TIMEOUT_SECONDS, MAX_BYTES = 20.0, 4 * 1024 * 1024
MEDIA_TYPES = "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json"
# `FROM` of a Dockerfile and `image:` of a compose file; the project's own images (gonggo:) are in no registry.
_IMAGE = re.compile(r"^(?:FROM|[ \t]{1,20}image:)[ \t]{1,4}(?!gonggo:)([^\s@]{1,200})(?:@(sha256:[0-9a-f]{64}))?", re.M)


class RegistryError(Exception):
    """Raised if a registry cannot be reached or its answer is invalid; the message names it."""


@dataclass(frozen=True)
class Image:
    """A tag of a repository of a registry."""

    registry: str
    repository: str
    tag: str

    @classmethod
    def parse(cls, name: str) -> Image:
        """Parse a name as Docker does: the default registry is Docker Hub, its default owner ``library``."""
        path, _, tag = name.rpartition(":")
        if not path or "/" in tag:
            # A colon before the last slash belongs to the port of the registry.
            path, tag = name, ""
        first, _, rest = path.partition("/")
        if rest and ("." in first or ":" in first):
            return cls(first, rest, tag or "latest")
        return cls("registry-1.docker.io", path if rest else f"library/{path}", tag or "latest")


def find_images(text: str) -> list[tuple[str, str | None]]:
    """Return the images that a file names, each with its digest if it has one."""
    return [(match[1], match[2]) for match in _IMAGE.finditer(text)]


def digest_of(name: str, scheme: str = "https") -> str:
    """Return the current digest of a tag, for all processor architectures.

    Raises:
        RegistryError: The registry cannot be reached, refuses, or sends something other than a list of images.
    """
    image = Image.parse(name)
    address = f"{scheme}://{image.registry}/v2/{image.repository}/manifests/{image.tag}"
    try:
        answer = requests.get(address, headers={"Accept": MEDIA_TYPES}, timeout=TIMEOUT_SECONDS, stream=True)
        if answer.status_code == 401:
            token = _token(answer.headers.get("WWW-Authenticate", ""))
            headers = {"Accept": MEDIA_TYPES, "Authorization": f"Bearer {token}"}
            answer = requests.get(address, headers=headers, timeout=TIMEOUT_SECONDS, stream=True)
        content = answer.raw.read(MAX_BYTES + 1, decode_content=True)
    except (requests.RequestException, OSError) as error:
        raise RegistryError(f"{name}: {image.registry} cannot be reached ({type(error).__name__})") from error
    media_type = answer.headers.get("Content-Type", "").partition(";")[0]
    if answer.status_code != 200 or len(content) > MAX_BYTES or media_type not in MEDIA_TYPES.split(", "):
        raise RegistryError(
            f"{name}: {image.registry} answered {answer.status_code}, {media_type or 'without a media type'}"
        )
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _token(challenge: str) -> str:
    """Return a token for anonymous reading, from the address in the challenge of a registry."""
    challenge_values = dict(re.findall(r'(\w{1,20})="([^"]{1,500})"', challenge))
    if "realm" not in challenge_values:
        raise requests.RequestException("no address for a token")
    params = {name: challenge_values[name] for name in ("service", "scope") if name in challenge_values}
    answer = requests.get(challenge_values["realm"], params=params, timeout=TIMEOUT_SECONDS)
    answer.raise_for_status()
    token: str = answer.json().get("token") or answer.json()["access_token"]
    return token


def pin_images(text: str, digests: dict[str, str]) -> str:
    """Return the text of a file with the digest of each image after its tag."""

    def with_digest(match: re.Match[str]) -> str:
        return match[0].partition("@")[0] + f"@{digests[match[1]]}"

    return _IMAGE.sub(with_digest, text)


def main(argv: list[str] | None = None) -> int:
    """Write the digests, or check that every image has one; return 1 if that fails."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--check", action="store_true", help="fail for an image without a digest, offline")
    parser.add_argument("--plain-http", action="store_true", help="for a registry on this machine")
    parser.add_argument("files", nargs="+", type=Path)
    args = parser.parse_args(argv)
    texts = {path: path.read_text("utf-8") for path in args.files}
    named = {name: digest for text in texts.values() for name, digest in find_images(text)}
    if args.check:
        without_digest = [name for name, digest in named.items() if digest is None]
        print(
            "\n".join(f"{name} has no digest; `make images` looks it up" for name in without_digest)
            or "every image has a digest"
        )
        return 1 if without_digest else 0
    try:
        digests = {name: digest_of(name, "http" if args.plain_http else "https") for name in named}
    except RegistryError as error:
        print(f"images: {error}. Nothing was written.", file=sys.stderr)
        return 1
    for path, text in texts.items():
        path.write_text(pin_images(text, digests), "utf-8")
    print("\n".join(f"{name}@{digest}" for name, digest in digests.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
