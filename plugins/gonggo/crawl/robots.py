"""robots.txt by RFC 9309: no file means all is allowed, a failing server means nothing is."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from protego import Protego

from gonggo.crawl.throttle import file_name
from gonggo.errors import TerminalError, TransientError
from gonggo.model import write_text
from gonggo.sources.adapter import Page

# RFC 9309 allows a day; half of one obeys a change sooner.
KEPT_SECONDS = 12 * 3600


class Robots:
    """The rules of the hosts that a source talks to, kept in ``folder`` so that not every task asks for them again."""

    def __init__(self, user_agent: str, fetch: Callable[[str], Page], folder: Path) -> None:
        self.user_agent = user_agent
        self.fetch = fetch
        self.folder = folder
        self.rules: dict[str, Protego] = {}

    def demand(self, url: str) -> float | None:
        """Refuse an address that robots.txt forbids; returns the host's crawl delay in seconds, if it names one.

        Errors:
            TerminalError: forbidden. TransientError: robots.txt cannot be had, so nothing may be fetched now.
        """
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        if origin not in self.rules:
            self.rules[origin] = Protego.parse(self._kept(origin) or self._load(origin))
        rules = self.rules[origin]
        if not rules.can_fetch(url, self.user_agent):
            raise TerminalError(f"{origin}/robots.txt forbids {urlsplit(url).path}; disable the source or use its API")
        return rules.crawl_delay(self.user_agent)

    def _path(self, origin: str) -> Path:
        return self.folder / f"{file_name(origin)}.robots"

    def _kept(self, origin: str) -> str | None:
        path = self._path(origin)
        try:
            return path.read_text("utf-8") if time.time() - path.stat().st_mtime < KEPT_SECONDS else None
        except OSError:
            return None

    def _load(self, origin: str) -> str:
        page = self.fetch(f"{origin}/robots.txt")
        if page.status >= 500:
            raise TransientError(f"{origin}/robots.txt answered {page.status}; without it nothing may be fetched")
        text = page.content.decode("utf-8", "replace") if page.status < 400 else ""
        # A file that is empty would read as "not kept".
        write_text(self._path(origin), text or "\n")
        return text
