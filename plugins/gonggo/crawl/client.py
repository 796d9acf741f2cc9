"""The polite client: one session a source, pauses, retries, limits, and every exchange archived."""

from __future__ import annotations

import email.utils
import logging
import os
import random
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit

import requests
import urllib3

from gonggo import __version__
from gonggo.crawl.guard import guarded_adapter
from gonggo.crawl.robots import Robots
from gonggo.crawl.secrets import mask_logs, masked, masked_bytes
from gonggo.crawl.throttle import Throttle
from gonggo.crawl.warc import Archive
from gonggo.errors import BlockedError, CollectError, GoneError, TerminalError, TransientError
from gonggo.model import Fetch, now
from gonggo.read.decode import codec
from gonggo.settings import Limits, Settings
from gonggo.sources.adapter import Page, Request
from gonggo.sources.catalogue import Site
from gonggo.sources.refusals import in_words

BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36"
RETRY_STATUS = {408, 425, 429, 500, 502, 503, 504}
LONGEST_PAUSE = 120.0
log = logging.getLogger(__name__)


def honest_agent() -> str:
    """The User-Agent that says who asks and how to reach them."""
    contact = os.environ.get("GONGGO_CONTACT", "no contact given")
    return f"Gonggo/{__version__} (collects public AI programme announcements; {contact})"


class Client:
    """Fetches the pages of one source in one run.

    ``log`` gets a Fetch for each exchange, good or bad. ``archive`` may be exchanged between chunks.
    """

    def __init__(
        self, settings: Settings, site: Site, run_id: str, archive: Archive, log: Callable[[Fetch], None]
    ) -> None:
        self.settings, self.site, self.run_id, self.archive, self.log = settings, site, run_id, archive, log
        self.limits: Limits = settings.limits
        self.most_bytes = self.limits.page_bytes
        self.agent = BROWSER if site.politeness.user_agent == "browser" else honest_agent()
        self.session = requests.Session()
        self.session.headers.update({"User-Agent": self.agent, "Accept-Language": "ko-KR,ko;q=0.9"})
        # A proxy from the environment would fetch what the guard refuses.
        self.session.trust_env = False
        self.session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
        for scheme in ("http://", "https://"):
            self.session.mount(scheme, guarded_adapter(settings.allow_private, legacy=site.politeness.tls == "legacy"))
        mask_logs()
        hosts = settings.state / "hosts"
        self.robots = Robots(self.agent, lambda url: self._try(Request(url), "robots", {})[0], hosts)
        self.delay = settings.pause(site.politeness.delay_seconds)

    def open_front(self) -> None:
        """Open the page that a site wants to see first, for the cookie it sets. Its failure is not the list's."""
        front = self.site.politeness.front
        if front:
            try:
                self.get(Request(front), "front")
            except CollectError:
                log.info("%s: the front page did not answer; going on without its cookie", self.site.id)

    def get(self, request: Request, purpose: str, conditional: dict[str, str] | None = None) -> tuple[Page, str]:
        """One page, keys masked, and the id of its archive record. Status 304 is returned as it is when ``conditional``
        is given.

        Errors:
            TransientError, TerminalError, BlockedError: by what went wrong, after the retries.
        """
        delay = self.robots.demand(_with_query(request))
        if delay:
            self.delay = max(self.delay, min(float(delay), LONGEST_PAUSE)) if not self.settings.demo_url else self.delay
        page, record = self._try(request, purpose, conditional or {})
        if page.status >= 400 and (refused := in_words(self.site, page.text(self.site.charset))):
            raise refused
        if page.status in (401, 403):
            raise BlockedError(f"{page.url} answered {page.status}")
        if page.status in (404, 410) and purpose == "detail":
            raise GoneError(f"{page.url} answered {page.status}")
        if page.status >= 400:
            raise TerminalError(f"{page.url} answered {page.status}")
        return page, record

    def _try(self, request: Request, purpose: str, conditional: dict[str, str]) -> tuple[Page, str]:
        """Ask until there is an answer that more asking would not change."""
        self.most_bytes = self.limits.file_bytes if purpose == "file" else self.limits.page_bytes
        for attempt in range(1, self.limits.attempts + 1):
            started, at = time.monotonic(), now()
            try:
                page = self._send(request, conditional, obey=purpose != "robots")
            except CollectError as error:
                self._note(request.url, purpose, at, started, error=error)
                if not isinstance(error, TransientError) or attempt == self.limits.attempts:
                    raise
                self._pause(attempt, None)
                continue
            sent = {"User-Agent": self.agent}
            record = self.archive.exchange(page, request.method, sent, at, is_file=purpose == "file")
            self._note(page.url, purpose, at, started, page=page, record=record)
            if page.status not in RETRY_STATUS:
                return page, record
            if attempt < self.limits.attempts:
                self._pause(attempt, parse_retry_after(page.headers.get("retry-after"), page.headers.get("date")))
        if purpose == "robots":
            return page, record
        refused = in_words(self.site, page.text(self.site.charset))
        raise refused or TransientError(f"{page.url} answered {page.status}, {self.limits.attempts} times")

    def _pause(self, attempt: int, wanted: float | None) -> None:
        unit = 0.05 if self.settings.demo_url else 1.0
        pause = wanted if wanted is not None else unit * 2**attempt * random.uniform(0.5, 1.0)  # noqa: S311
        time.sleep(min(pause, LONGEST_PAUSE))

    def _send(self, request: Request, conditional: dict[str, str], *, obey: bool) -> Page:
        """One request with its redirects, each of which is checked like the first address."""
        url = _with_query(request)
        method, (data, kind), body = request.method, _form(request), request.json
        for _ in range(self.limits.redirects + 1):
            if urlsplit(url).scheme not in ("http", "https"):
                raise TerminalError(f"{masked(url)}: only http and https are followed")
            Throttle(self.settings.state / "hosts", urlsplit(url).netloc, self.delay, self.settings.catalogue).wait()
            answer = self._exchange(method, url, {**kind, **request.headers, **conditional}, data, body)
            if not (answer.status in (301, 302, 303, 307, 308) and answer.headers.get("location")):
                return answer
            self.archive.exchange(answer, method, {"User-Agent": self.agent}, now())
            url = urljoin(url, answer.headers["location"])
            if obey:
                self.robots.demand(url)
            if answer.status in (301, 302, 303):
                method, data, kind, body = "GET", None, {}, None
        raise TerminalError(f"{masked(request.url)}: more than {self.limits.redirects} redirects")

    def _exchange(self, method: str, url: str, headers: dict[str, str], data: Any, body: Any) -> Page:
        times = (self.limits.connect_seconds, self.limits.read_seconds)
        try:
            with self.session.request(
                method, url, headers=headers, data=data, json=body, timeout=times, stream=True, allow_redirects=False
            ) as response:
                content = b"".join(self._limited(response, url))
                found = {name.lower(): value for name, value in response.headers.items()}
                declared = found.get("content-length", "")
                plain = "content-encoding" not in found and method != "HEAD" and response.status_code != 304
                if plain and declared.isdigit() and int(declared) != len(content):
                    raise TransientError(f"{masked(url)}: {len(content)} of {declared} bytes came")
                return Page(masked(url), response.status_code, found, masked_bytes(content))
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            # Not its cause: a log would print its text, the whole address with it.
            raise TransientError(f"{masked(url)}: {type(error).__name__}: {masked(str(error))[:200]}") from None

    def _limited(self, response: requests.Response, url: str) -> Iterator[bytes]:
        """The decoded body in pieces, until it costs more than a page may."""
        size, deadline = 0, time.monotonic() + self.limits.total_seconds
        # One read at a time: a server that drips must not hold a read for a whole buffer.
        while piece := response.raw.read1(32768, decode_content=True):
            size += len(piece)
            if size > self.most_bytes:
                raise TerminalError(f"{masked(url)}: more than {self.most_bytes} bytes")
            if time.monotonic() > deadline:
                raise TransientError(f"{masked(url)}: not finished after {self.limits.total_seconds:.0f} s")
            yield piece

    def _note(
        self,
        url: str,
        purpose: str,
        at: str,
        started: float,
        page: Page | None = None,
        record: str | None = None,
        error: CollectError | None = None,
    ) -> None:
        spent = int((time.monotonic() - started) * 1000)
        outcome = error.outcome if error else "not_modified" if page and page.status == 304 else "ok"
        if page and page.status >= 400:
            outcome = "transient" if page.status in RETRY_STATUS else "terminal"
        self.log(
            Fetch(
                self.site.id,
                self.run_id,
                masked(url),
                purpose,
                at,
                outcome,
                page.status if page else None,
                len(page.content) if page else 0,
                spent,
                self.archive.path.name,
                record,
                str(error) if error else None,
            )
        )


def parse_retry_after(value: str | None, date: str | None = None) -> float | None:
    """Seconds that a Retry-After header asks for, as a number or an HTTP date; None when it says nothing usable.

    ``date`` is the Date header of the same answer: a server means its own clock.
    """
    if value and value.strip().isdigit():
        return float(value)
    until = _moment(value)
    if until is None:
        return None
    return max(0.0, until - (_moment(date) or time.time()))


def _moment(date: str | None) -> float | None:
    try:
        return email.utils.parsedate_to_datetime(date).timestamp() if date else None
    except ValueError:
        return None


def _with_query(request: Request) -> str:
    """The address with its parameters, percent-encoded in the charset of the site."""
    if not request.params:
        return request.url
    query = urlencode(request.params, encoding=codec(request.encoding), quote_via=quote)
    return f"{request.url}{'&' if '?' in request.url else '?'}{query}"


def _form(request: Request) -> tuple[str | None, dict[str, str]]:
    """The body of a form, percent-encoded in the charset of the site, and the header that says what it is."""
    if request.data is None:
        return None, {}
    body = urlencode(request.data, encoding=codec(request.encoding))
    return body, {"Content-Type": "application/x-www-form-urlencoded"}
