"""The polite HTTP client of a source: pauses between requests, retries, limits, and an archive of every exchange."""

from __future__ import annotations

import contextlib
import email.utils
import logging
import os
import random
import re
import time
import traceback
from collections.abc import Callable
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import requests
import urllib3
from requests.adapters import BaseAdapter
from requests.cookies import RequestsCookieJar, extract_cookies_to_jar, get_cookie_header

from gonggo import __version__
from gonggo.addresses import form_encoding, normalize, origin, resolve_redirect
from gonggo.crawl.certificates import explain, is_issuer_missing
from gonggo.crawl.intermediates import TrustedChains
from gonggo.crawl.robots import Robots
from gonggo.crawl.ssrf import guarded_adapter
from gonggo.crawl.throttle import Throttle, throttle_of
from gonggo.crawl.unpacking import ACCEPTED, decompressed
from gonggo.crawl.warc import Archive
from gonggo.crawl.wire import Meter, Wire
from gonggo.errors import BlockedError, CollectError, GoneError, TerminalError, TransientError
from gonggo.model import Fetch, now
from gonggo.redaction import contains_secret, mask_logs, masked, masked_bytes
from gonggo.settings import Limits, Settings
from gonggo.sources.adapter import Page, Request
from gonggo.sources.catalogue import Site
from gonggo.sources.refusals import refusal_in

BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36"
RETRY_STATUSES = {408, 425, 429, 500, 502, 503, 504}
REDIRECTS = (301, 302, 303, 307, 308)
MAX_PAUSE_SECONDS = 120.0
# Characters of all cookies together. Servers refuse longer headers, so a site that sets more wants no further requests.
MAX_COOKIE_LENGTH = 32_768
# Headers that may be sent to a host other than the source's.
SAFE_HEADERS = {"accept", "accept-language", "content-type", "user-agent", "x-requested-with"}
_PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
log = logging.getLogger(__name__)


def identifying_user_agent(contact: str) -> str:
    """Return the User-Agent that names this program and how to reach whoever runs it."""
    # Headers are ASCII; other characters are percent-encoded.
    encoded = quote(os.fsencode(contact or "no contact given"), safe=_PRINTABLE)
    return f"Gonggo/{__version__} (collects public AI programme announcements; {encoded})"


class Client:
    """Fetches the pages of one source in one run.

    ``log`` is called with a Fetch for each exchange, failed ones too. ``archive`` may be replaced between chunks.
    """

    def __init__(
        self, settings: Settings, site: Site, run_id: str, archive: Archive, log: Callable[[Fetch], None]
    ) -> None:
        self.settings, self.site, self.run_id, self.archive, self.log = settings, site, run_id, archive, log
        self.limits: Limits = settings.limits
        self.wire = Wire()
        self.agent = BROWSER if site.politeness.user_agent == "browser" else identifying_user_agent(settings.contact)
        self.session = requests.Session()
        self.session.headers.update(
            {"User-Agent": self.agent, "Accept-Language": "ko-KR,ko;q=0.9", "Accept-Encoding": ACCEPTED}
        )
        self.jars = dict[int | None, RequestsCookieJar]()
        # A proxy from the environment would reach the private addresses that the guarded adapter refuses.
        self.session.trust_env = False
        self.chains = TrustedChains(settings, site.politeness, self.wire, self.agent)
        for scheme in ("http://", "https://"):
            self.session.mount(scheme, guarded_adapter(settings.allow_private, self.wire, self.chains.context))
        mask_logs()
        hosts = settings.state / "hosts"
        self.robots = Robots(self.agent, lambda url: self._try(Request(url), "robots", {})[0], hosts)
        self.delay = settings.pause(site.politeness.delay_seconds)
        self._throttles = dict[tuple[str, float], Throttle]()

    def open_front(self) -> None:
        """Open the page that a site wants visited first, for the cookie it sets; a failure is only logged."""
        front = self.site.politeness.front
        if front:
            try:
                self.get(Request(front), "front")
            except CollectError:
                log.info("%s: the front page did not answer; going on without its cookie", self.site.id)

    def get(self, request: Request, purpose: str, conditional: dict[str, str] | None = None) -> tuple[Page, str]:
        """Return a page, with keys masked, and the id of its WARC record.

        With ``conditional`` headers, a page of status 304 may be returned.

        Raises:
            CollectError: The subclass says what went wrong, after the retries; no other error is raised, whatever the
                address and the response.
            OSError: The archive cannot be written.
        """
        self._obey_robots(_with_query(request))
        page, record = self._try(request, purpose, conditional or {})
        may_explain = page.status not in (401, 403) or self.site.key_env
        if page.status >= 400 and may_explain and (refused := refusal_in(self.site, page.text(self.site.charset))):
            raise refused
        if page.status in (401, 403):
            raise BlockedError(f"{page.url} answered {page.status}")
        if page.status in (404, 410) and purpose == "detail":
            raise GoneError(f"{page.url} answered {page.status}")
        if page.status >= 400:
            raise TerminalError(f"{page.url} answered {page.status}")
        return page, record

    def _try(self, request: Request, purpose: str, conditional: dict[str, str]) -> tuple[Page, str]:
        """Retry until a response is final, or the attempts or their time are used up."""
        elapsed, attempt = 0.0, 0
        while True:
            attempt += 1
            meter = Meter(
                self.limits.total_seconds, self.limits.file_bytes if purpose == "file" else self.limits.page_bytes
            )
            started, at = time.monotonic(), now()
            try:
                page = self._send(request, conditional, meter, obey=purpose != "robots")
                record = self._archive_exchange(page, request.method, at, is_file=purpose == "file")
            except CollectError as error:
                self._record_fetch(request.url, purpose, at, started, error=error)
                elapsed += meter.used_seconds
                if not isinstance(error, TransientError) or not self._may_retry(attempt, elapsed):
                    raise
                self._pause(attempt, None)
                continue
            self._record_fetch(page.url, purpose, at, started, page=page, record=record)
            if page.status not in RETRY_STATUSES:
                return page, record
            elapsed += meter.used_seconds
            retry_after = parse_retry_after(page.headers.get("retry-after"), page.headers.get("date"))
            if (retry_after or 0) > MAX_PAUSE_SECONDS and purpose != "robots":
                raise TransientError(f"{page.url} answered {page.status} and asks to wait {retry_after:.0f} s")
            if not self._may_retry(attempt, elapsed) or (retry_after or 0) > MAX_PAUSE_SECONDS:
                break
            self._pause(attempt, retry_after)
        if purpose == "robots":
            return page, record
        refused = refusal_in(self.site, page.text(self.site.charset))
        raise refused or TransientError(f"{page.url} answered {page.status}, {attempt} times")

    def _may_retry(self, attempt: int, elapsed: float) -> bool:
        """Return whether another attempt is allowed: all together take no longer than two exchanges may."""
        return attempt < self.limits.attempts and elapsed < self.limits.total_seconds

    def _pause(self, attempt: int, retry_after: float | None) -> None:
        unit = 0.05 if self.settings.demo_url else 1.0
        pause = retry_after if retry_after is not None else unit * 2**attempt * random.uniform(0.5, 1.0)  # noqa: S311
        time.sleep(min(pause, MAX_PAUSE_SECONDS))

    def _send(self, request: Request, conditional: dict[str, str], meter: Meter, *, obey: bool) -> Page:
        """Send a request and follow its redirects; each address is checked like the first."""
        first = url = _with_query(request)
        method, (data, form_headers), body = request.method, _form(request), request.json
        request_headers = {**form_headers, **request.headers, **conditional}
        for _ in range(self.limits.redirects + 1):
            host = urlsplit(url).netloc
            self._throttle(host).wait()
            headers = _headers(request_headers, url, elsewhere=not _same_site(first, url))
            page = self._exchange(method, url, headers, data, body, meter)
            if page.status not in REDIRECTS:
                return _require_complete(page, conditional)
            if not page.headers.get("location"):
                raise TerminalError(f"{page.url} answered {page.status} without an address to go to")
            self._archive_exchange(page, method, now())
            url = resolve_redirect(url, page.headers["location"])
            if page.status in (301, 302, 303):
                method, data, body = "GET", None, None
                request_headers = {name: value for name, value in request_headers.items() if name not in form_headers}
            if not _same_site(first, url):
                self._refuse_leak(url, data is not None or body is not None)
            if obey:
                self._obey_robots(url)
        raise TerminalError(f"{masked(first)}: more than {self.limits.redirects} redirects")

    def _throttle(self, host: str) -> Throttle:
        """Return the rate limit of a host; making one touches the disk, so that it is kept for the next request."""
        key = host, self.delay
        if key not in self._throttles:
            self._throttles[key] = throttle_of(self.settings, host, self.delay)
        return self._throttles[key]

    def _refuse_leak(self, url: str, has_body: bool) -> None:
        """Refuse a redirect that would send a form or a key to another host."""
        if has_body:
            raise TerminalError(f"{masked(url)}: a redirect to another host would get the form that was for the first")
        if contains_secret(url):
            raise TerminalError(f"{masked(url)}: a redirect to another host would get a key that was for the first")

    def _obey_robots(self, url: str) -> None:
        """Refuse what robots.txt forbids, and adopt its crawl delay."""
        delay = self.robots.require_allowed(url)
        if delay and not self.settings.demo_url:
            self.delay = max(self.delay, min(float(delay), MAX_PAUSE_SECONDS))

    def _exchange(self, method: str, url: str, headers: dict[str, str], data: Any, body: Any, meter: Meter) -> Page:
        self.wire.meter = meter
        masked_url = masked(url)
        try:
            with meter.running(masked_url):
                return self._request_with_chain(method, url, headers, data, body, meter)
        except CollectError:
            raise
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            if certificate_problem := explain(masked_url, error):
                raise certificate_problem from None
            # Without its cause, whose text holds the unmasked address.
            raise TransientError(f"{masked_url}: {type(error).__name__}: {masked(str(error))[:200]}") from None
        except Exception as error:
            # A malformed response can raise anything in the libraries; only this exchange fails.
            log.error("%s: an unexpected error\n%s", masked_url, masked(traceback.format_exc()))
            raise TerminalError(f"{masked_url}: {type(error).__name__}: {masked(str(error))[:200]}") from None

    def _request_with_chain(
        self, method: str, url: str, headers: dict[str, str], data: Any, body: Any, meter: Meter
    ) -> Page:
        """Send a request; retry once where the server omits an intermediate certificate that can be fetched."""
        try:
            return self._request(method, url, headers, data, body, meter)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            if not is_issuer_missing(error):
                raise
        self.chains.complete(url)
        return self._request(method, url, headers, data, body, meter)

    def _request(self, method: str, url: str, headers: dict[str, str], data: Any, body: Any, meter: Meter) -> Page:
        # Cookies are not bound to a port, but another port is another server.
        jar = self.jars.setdefault(urlsplit(url).port, _cookie_jar())
        prepared = self.session.prepare_request(requests.Request(method, url, headers=headers, data=data, json=body))
        cookie = get_cookie_header(jar, prepared)  # type: ignore[no-untyped-call]
        if cookie:
            prepared.headers["Cookie"] = cookie
        times = (self.limits.connect_seconds, self.limits.read_seconds)
        # Not by the session, which reads the whole body of a redirect and fails at odd Location headers.
        adapter = self.session.get_adapter(url)
        with self._send_prepared(adapter, prepared, meter, times) as response:
            extract_cookies_to_jar(jar, prepared, response.raw)  # type: ignore[no-untyped-call]
            if sum(len(cookie.value or "") for cookie in jar) > MAX_COOKIE_LENGTH:
                jar.clear()
            if response.status_code < 200:
                # What follows on this connection would be taken for the response to the next request.
                response.raw.close()
            stream = response.raw.stream(32768, decode_content=False)
            content = b"".join(decompressed(stream, response.headers.get("content-encoding", ""), meter))
            response_headers = {name.lower(): _CONTROL.sub(" ", value) for name, value in response.headers.items()}
            return Page(masked(url), response.status_code, response_headers, masked_bytes(content))

    def _send_prepared(
        self, adapter: BaseAdapter, prepared: requests.PreparedRequest, meter: Meter, times: tuple[float, float]
    ) -> requests.Response:
        """Send a request; retry at once where a reused connection turns out to be closed, as browsers do."""
        connection_count, received = self.wire.connection_count, meter.raw_bytes
        try:
            return adapter.send(prepared, stream=True, timeout=times, verify=self.chains.bundle)
        except requests.ConnectionError:
            if self.wire.connection_count > connection_count or meter.raw_bytes > received or prepared.method != "GET":
                raise
        return adapter.send(prepared, stream=True, timeout=times, verify=self.chains.bundle)

    def _archive_exchange(self, page: Page, method: str, at: str, *, is_file: bool = False) -> str:
        """Archive an exchange; only errors of the disk or known ones are raised, any other fails this exchange."""
        try:
            return self.archive.write_exchange(page, method, {"User-Agent": self.agent}, at, is_file=is_file)
        except (OSError, CollectError):
            raise
        except Exception as error:
            log.error("%s: cannot be archived\n%s", page.url, masked(traceback.format_exc()))
            raise TerminalError(f"{page.url}: cannot be archived ({type(error).__name__})") from None

    def _record_fetch(
        self,
        url: str,
        purpose: str,
        at: str,
        started: float,
        page: Page | None = None,
        record: str | None = None,
        error: CollectError | None = None,
    ) -> None:
        elapsed = int((time.monotonic() - started) * 1000)
        outcome = error.outcome if error else "not_modified" if page and page.status == 304 else "ok"
        if page and page.status >= 400:
            outcome = "transient" if page.status in RETRY_STATUSES else "terminal"
        self.log(
            Fetch(
                self.site.id,
                self.run_id,
                masked(_normalized(url)),
                purpose,
                at,
                outcome,
                page.status if page else None,
                len(page.content) if page else 0,
                elapsed,
                self.archive.path.name,
                record,
                str(error) if error else None,
            )
        )


def parse_retry_after(value: str | None, date: str | None = None) -> float | None:
    """Return the seconds that a Retry-After header asks for, a number or an HTTP date; None when it is unusable.

    ``date`` is the Date header of the same response, since the HTTP date is by the clock of the server.
    """
    if value and value.strip().isascii() and value.strip().isdigit():
        return float(value.strip()[:15])
    until = _timestamp(value)
    if until is None:
        return None
    return max(0.0, until - (_timestamp(date) or time.time()))


def _timestamp(date: str | None) -> float | None:
    try:
        return email.utils.parsedate_to_datetime(date).timestamp() if date else None
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _with_query(request: Request) -> str:
    """Return the address with its parameters, percent-encoded in the charset of the site."""
    url = normalize(request.url, request.encoding)
    if not request.params:
        return url
    charset = form_encoding(request.encoding)
    query = urlencode(request.params, encoding=charset, errors="xmlcharrefreplace", quote_via=quote)
    return normalize(f"{url}{'&' if '?' in url else '?'}{query}")


def _normalized(url: str) -> str:
    """Return the normalized address for a record; of an invalid one its beginning."""
    try:
        return normalize(url)
    except TerminalError:
        return url[:2000].encode("utf-8", "replace").decode()


def _form(request: Request) -> tuple[str | None, dict[str, str]]:
    """Return the body of a form, percent-encoded in the charset of the site, and its Content-Type header."""
    if request.data is None:
        return None, {}
    body = urlencode(request.data, encoding=form_encoding(request.encoding), errors="xmlcharrefreplace")
    return body, {"Content-Type": "application/x-www-form-urlencoded"}


def _headers(request_headers: dict[str, str], url: str, *, elsewhere: bool) -> dict[str, str]:
    """Return the headers to send; to a host ``elsewhere`` than the source's none that could hold a key."""
    sent = dict[str, str]()
    for name, value in request_headers.items():
        if name.lower() == "referer":
            with contextlib.suppress(TerminalError):
                page = normalize(value)
                # As browsers do: another host learns the origin alone.
                sent[name] = page if _same_site(page, url) else f"{origin(page)}/"
        elif not elsewhere or name.lower() in SAFE_HEADERS:
            sent[name] = value
    return sent


def _cookie_jar() -> RequestsCookieJar:
    """Return a cookie jar that sends cookies to the host that set them alone, not to others of its domain."""
    strict = DefaultCookiePolicy(strict_domain=True, strict_ns_domain=DefaultCookiePolicy.DomainStrictNonDomain)
    return RequestsCookieJar(policy=strict)


def _same_site(first: str, second: str) -> bool:
    """Return whether two addresses share host and port; a step from http to https is allowed, not back."""
    one, other = urlsplit(first), urlsplit(second)
    if one.netloc != other.netloc:
        return False
    return one.scheme == other.scheme or (one.port is None and other.scheme == "https")


def _require_complete(page: Page, conditional: dict[str, str]) -> Page:
    """Refuse a response that is partial or no final one: what it leaves out would count as missing from the site."""
    if page.status < 200 or page.status == 206 or (page.status == 304 and not conditional):
        raise TransientError(f"{page.url} answered {page.status}, which was not requested")
    if 300 <= page.status < 400 and page.status != 304:
        raise TerminalError(f"{page.url} answered {page.status} without an address to go to")
    return page
