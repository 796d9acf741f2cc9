"""robots.txt by RFC 9309: no file means all is allowed, a failing server means nothing is. In doubt, refuse."""

from __future__ import annotations

import codecs
import hashlib
import html
import logging
import math
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from protego import Protego

from gonggo.addresses import origin
from gonggo.crawl.throttle import file_name, quarantine_folder
from gonggo.errors import TerminalError, TransientError
from gonggo.model import write_text
from gonggo.sources.adapter import Page
from gonggo.sources.block_pages import blocked_phrase

# RFC 9309 allows a day; with half of one a change is followed sooner.
CACHE_SECONDS = 12 * 3600
# The product name that sites may use in their rules, whatever User-Agent a source sends.
OUR_NAME = "Gonggo"
# RFC 9309 requires reading 500 KiB; the rest of a longer file could forbid the requested path.
MAX_BYTES = 512 * 1024
# Statuses that mean "not now", not "there is none".
_TEMPORARY = {408, 425, 429}
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Zero-width characters, and spaces other than ASCII.
_INVISIBLE = re.compile("[\ufeff\u200b-\u200f\u2060]")
_SPACES = re.compile("[\t\u00a0\u2000-\u200a\u3000]")
_BINARY = re.compile("[\x00-\x08\x0e-\x1f]")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_AGENT = re.compile(r"(?im)^[ ]{0,20}user[- ]?agent[ ]{0,20}:")
_RULE = re.compile(r"(?im)^[ ]{0,20}(?:dis)?allow[ ]{0,20}:")
_DIRECTIVE = r"(?:user[- ]?agent|(?:dis)?allow|crawl-?delay|sitemap)"
# Where another directive begins on the same line.
_ON_ONE_LINE = re.compile(rf"(?<=[ ;,])(?={_DIRECTIVE} {{0,20}}:)", re.I)
_LINE = re.compile(rf" {{0,99}}({_DIRECTIVE}) {{0,20}}:(.*)", re.I)
_WITHOUT_COLON = re.compile(r" {0,99}(user-agent|disallow) {1,20}([/*][^ ]*|[\w-]{1,80}) {0,99}", re.I)
_QUOTES = "\"'`\u2018\u2019\u201c\u201d"
_CACHE_HEADER = "# kept, SHA-256 "
log = logging.getLogger(__name__)


class Robots:
    """The robots.txt rules of the hosts of a source, cached in ``folder`` so that not every task fetches them."""

    def __init__(self, user_agent: str, fetch: Callable[[str], Page], folder: Path) -> None:
        self.agents = (user_agent, OUR_NAME)
        self.fetch = fetch
        self.folder = folder
        self.rules: dict[str, Protego] = {}

    def require_allowed(self, url: str) -> float | None:
        """Refuse an address that robots.txt forbids; return the crawl delay of the host in seconds, if it has one.

        Raises:
            TerminalError: The address is forbidden.
            TransientError: robots.txt cannot be fetched, so nothing may be fetched now.
        """
        host = origin(url)
        if host not in self.rules:
            cached = self._cached(host)
            self.rules[host] = Protego.parse(self._load(host) if cached is None else cached)
        rules = self.rules[host]
        if not all(rules.can_fetch(url, agent) for agent in self.agents):
            raise TerminalError(f"{host}/robots.txt forbids {urlsplit(url).path}; disable the source or use its API")
        delays = [delay for agent in self.agents if (delay := rules.crawl_delay(agent)) and math.isfinite(delay)]
        return max(delays, default=None)

    def _path(self, host: str) -> Path:
        return self.folder / f"{file_name(host)}.robots"

    def _cached(self, host: str) -> str | None:
        """Return the cached rules where they are fresh and undamaged."""
        path = self._path(host)
        try:
            quarantine_folder(path)
            if not 0 <= time.time() - path.stat().st_mtime < CACHE_SECONDS:
                return None
            head, _, text = path.read_bytes().partition(b"\n")
        except OSError:
            return None
        if head != _cache_header(text):
            log.warning("%s is damaged; it is fetched again", path)
            return None
        return text.decode("utf-8")

    def _load(self, host: str) -> str:
        url = f"{host}/robots.txt"
        page = self.fetch(url)
        if page.status >= 500 or page.status in _TEMPORARY or 300 <= page.status < 400:
            raise TransientError(f"{url} answered {page.status}; without it nothing may be fetched")
        if len(page.content) > MAX_BYTES:
            raise TransientError(
                f"{url} has more than {MAX_BYTES} bytes; without reading it all nothing may be fetched"
            )
        text = rules_in(page.content, url) if page.status < 300 else ""
        try:
            write_text(self._path(host), f"{_cache_header(text.encode()).decode()}\n{text}")
        except OSError as error:
            log.warning("%s cannot be cached (%s); it is fetched again next time", url, error.strerror)
        return text


def rules_in(content: bytes, url: str) -> str:
    """Return the lines of a robots.txt, whatever its encoding.

    Raises:
        TransientError: It cannot be read, so that what it forbids is unknown.
    """
    text = _SPACES.sub(" ", _INVISIBLE.sub("", _decoded(content))).replace("\uff1a", ":")
    if _BINARY.search(text):
        raise TransientError(f"{url} is no text; without it nothing may be fetched")
    if text.lstrip()[:1] == "<":
        phrase = blocked_phrase(text)
        if phrase:
            raise TransientError(f"{url} is a page that says {phrase!r}; without it nothing may be fetched")
        # An HTML page in its place forbids nothing, unless it contains rules.
        text = html.unescape(_TAG.sub("\n", text))
    first, agent = _RULE.search(text), _AGENT.search(text)
    if first and (agent is None or first.start() < agent.start()):
        # Rules before any User-agent line are meant for all.
        text = f"User-agent: *\n{text}"
    host = _bare_host(urlsplit(url).hostname)
    return "\n".join(line for raw in text.splitlines() for line in _lines(raw, host))


def _lines(raw: str, host: str) -> Iterator[str]:
    """Yield the standard lines that a line means, which may hold several directives, quotes, or malformed paths.

    Only prohibitions are interpreted so broadly; a permission counts as it is written.
    """
    for directive in _ON_ONE_LINE.split(raw.partition("#")[0]):
        match = _LINE.fullmatch(directive) or _WITHOUT_COLON.fullmatch(directive)
        if match is None:
            yield directive
            continue
        name, value = match[1].casefold(), match[2].strip().strip(_QUOTES + ";, ")
        if name == "disallow":
            yield from (f"Disallow: {path}" for path in _paths(value, host))
        elif name.startswith("user"):
            yield from (f"User-agent: {agent.strip(_QUOTES + ' ')}" for agent in re.split("[,;]", value))
        else:
            yield f"{match[1]}: {value}"


def _paths(value: str, host: str) -> Iterator[str]:
    """Yield the paths that a rule forbids: as it is written, and as it may be intended."""
    if not value or value[0] in "/*":
        yield value
    if " " in value:
        # Several paths on one line.
        for part in re.split("[,; ]+", value):
            if part.strip(_QUOTES)[:1] in ("/", "*"):
                yield part.strip(_QUOTES)
    if not value or value[0] == "*":
        return
    address = re.fullmatch(r"(?:https?:)?//([^/?#:]{1,255})(?::\d{1,5})?(.*)", value, re.I)
    if address:
        if _bare_host(address[1]) == host:
            yield f"/{address[2].removeprefix('/')}"
    elif value[0] != "/":
        first, slash, rest = value.partition("/")
        yield "/*" + value if value[0] == "?" else f"/{value}"
        if _bare_host(first) == host:
            yield f"{slash or '/'}{rest}"


def _bare_host(host: str | None) -> str:
    return (host or "").casefold().removeprefix("www.")


def _decoded(content: bytes) -> str:
    for bom, charset in _BYTE_ORDER_MARKS:
        if content.startswith(bom):
            return content[len(bom) :].decode(charset, "replace")
    start = content[:200]
    if start.count(b"\0") > len(start) // 4:
        # UTF-16 without a byte order mark: every second byte of ASCII letters is NUL.
        return content.decode("utf-16-be" if start[:1] == b"\0" else "utf-16-le", "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _as_korean_and_encoded(content)


def _as_korean_and_encoded(content: bytes) -> str:
    """Decode a text that is not UTF-8: each line as CP949, and with its bytes percent-encoded as in an address."""
    lines = list[str]()
    for line in re.split(rb"\r\n|\r|\n", content):
        lines.append(line.decode("cp949", "replace"))
        if not line.isascii():
            lines.append("".join(chr(byte) if byte < 0x80 else f"%{byte:02X}" for byte in line))
    return "\n".join(lines)


def _cache_header(text: bytes) -> bytes:
    return f"{_CACHE_HEADER}{hashlib.sha256(text).hexdigest()}".encode()
