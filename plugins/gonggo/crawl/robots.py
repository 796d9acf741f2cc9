"""robots.txt by RFC 9309: no file means all is allowed, a failing server means nothing is."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from protego import Protego

from gonggo.errors import TerminalError, TransientError
from gonggo.sources.adapter import Page


class Robots:
    """The rules of the hosts that one run talks to; each robots.txt is asked for once a run."""

    def __init__(self, user_agent: str, fetch: Callable[[str], Page]) -> None:
        self.user_agent = user_agent
        self.fetch = fetch
        self.rules: dict[str, Protego] = {}

    def demand(self, url: str) -> float | None:
        """Refuse an address that robots.txt forbids; returns the host's crawl delay in seconds, if it names one.

        Errors:
            TerminalError: forbidden. TransientError: robots.txt cannot be had, so nothing may be fetched now.
        """
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        if origin not in self.rules:
            self.rules[origin] = self._load(f"{origin}/robots.txt")
        rules = self.rules[origin]
        if not rules.can_fetch(url, self.user_agent):
            raise TerminalError(f"{origin}/robots.txt forbids {urlsplit(url).path}; disable the source or use its API")
        return rules.crawl_delay(self.user_agent)

    def _load(self, url: str) -> Protego:
        page = self.fetch(url)
        if page.status >= 500:
            raise TransientError(f"{url} answered {page.status}; without it nothing may be fetched")
        return Protego.parse(page.content.decode("utf-8", "replace") if page.status < 400 else "")
