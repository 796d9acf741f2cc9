"""The polite client: one session a source, pauses, retries, limits, and every exchange archived."""

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
from gonggo.crawl.certificates import explain, lacks_issuer
from gonggo.crawl.intermediates import TrustedChains
from gonggo.crawl.robots import Robots
from gonggo.crawl.ssrf import guarded_adapter
from gonggo.crawl.throttle import Throttle
from gonggo.crawl.unpacking import ACCEPTED, unpacked
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
RETRY_STATUS = {408, 425, 429, 500, 502, 503, 504}
REDIRECTS = (301, 302, 303, 307, 308)
LONGEST_PAUSE = 120.0
# Letters of all cookies together; servers refuse longer ones, so whoever sets them wants no further request.
MOST_COOKIES = 32_768
# What may be told to a host other than the source's.
HARMLESS = {"accept", "accept-language", "content-type", "user-agent", "x-requested-with"}
_PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
log = logging.getLogger(__name__)


def honest_agent() -> str:
    """Return the User-Agent that says who asks and how to reach them."""
    contact = " ".join(os.environ.get("GONGGO_CONTACT", "").split()) or "no contact given"
    # A header carries ASCII; other letters go as they do in an address.
    contact = quote(os.fsencode(contact), safe=_PRINTABLE)
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
        self.wire = Wire()
        self.agent = BROWSER if site.politeness.user_agent == "browser" else honest_agent()
        self.session = requests.Session()
        self.session.headers.update(
            {"User-Agent": self.agent, "Accept-Language": "ko-KR,ko;q=0.9", "Accept-Encoding": ACCEPTED}
        )
        self.jars = dict[int | None, RequestsCookieJar]()
        # A proxy from the environment would fetch what the guard refuses.
        self.session.trust_env = False
        self.chains = TrustedChains(settings, site.politeness, self.wire, self.agent)
        for scheme in ("http://", "https://"):
            self.session.mount(scheme, guarded_adapter(settings.allow_private, self.wire, self.chains.context))
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
        """Return a page, its keys masked, and the id of its archive record.

        Status 304 is returned as it is when ``conditional`` headers are given.

        Raises:
            CollectError: one of its kinds by what went wrong, after the retries; nothing else, whatever the address
                and the answer are. OSError: the archive cannot be written.
        """
        self._obey(_with_query(request))
        page, record = self._try(request, purpose, conditional or {})
        of_key = page.status not in (401, 403) or self.site.key_env
        if page.status >= 400 and of_key and (refused := refusal_in(self.site, page.text(self.site.charset))):
            raise refused
        if page.status in (401, 403):
            raise BlockedError(f"{page.url} answered {page.status}")
        if page.status in (404, 410) and purpose == "detail":
            raise GoneError(f"{page.url} answered {page.status}")
        if page.status >= 400:
            raise TerminalError(f"{page.url} answered {page.status}")
        return page, record

    def _try(self, request: Request, purpose: str, conditional: dict[str, str]) -> tuple[Page, str]:
        """Ask until there is an answer that more asking would not change, or the time of one exchange is spent."""
        spent, attempt = 0.0, 0
        while True:
            attempt += 1
            meter = Meter(
                self.limits.total_seconds, self.limits.file_bytes if purpose == "file" else self.limits.page_bytes
            )
            started, at = time.monotonic(), now()
            try:
                page = self._send(request, conditional, meter, obey=purpose != "robots")
                record = self._archived(page, request.method, at, is_file=purpose == "file")
            except CollectError as error:
                self._note(request.url, purpose, at, started, error=error)
                spent += meter.used
                if not isinstance(error, TransientError) or not self._may_again(attempt, spent):
                    raise
                self._pause(attempt, None)
                continue
            self._note(page.url, purpose, at, started, page=page, record=record)
            if page.status not in RETRY_STATUS:
                return page, record
            spent += meter.used
            wanted = parse_retry_after(page.headers.get("retry-after"), page.headers.get("date"))
            if (wanted or 0) > LONGEST_PAUSE and purpose != "robots":
                raise TransientError(f"{page.url} answered {page.status} and asks for {wanted:.0f} s of patience")
            if not self._may_again(attempt, spent) or (wanted or 0) > LONGEST_PAUSE:
                break
            self._pause(attempt, wanted)
        if purpose == "robots":
            return page, record
        refused = refusal_in(self.site, page.text(self.site.charset))
        raise refused or TransientError(f"{page.url} answered {page.status}, {attempt} times")

    def _may_again(self, attempt: int, spent: float) -> bool:
        """Whether there is another attempt: all of them together take no longer than two exchanges may."""
        return attempt < self.limits.attempts and spent < self.limits.total_seconds

    def _pause(self, attempt: int, wanted: float | None) -> None:
        unit = 0.05 if self.settings.demo_url else 1.0
        pause = wanted if wanted is not None else unit * 2**attempt * random.uniform(0.5, 1.0)  # noqa: S311
        time.sleep(min(pause, LONGEST_PAUSE))

    def _send(self, request: Request, conditional: dict[str, str], meter: Meter, *, obey: bool) -> Page:
        """Send a request and follow its redirects, each of which is checked like the first address."""
        first = url = _with_query(request)
        method, (data, kind), body = request.method, _form(request), request.json
        own = {**kind, **request.headers, **conditional}
        for _ in range(self.limits.redirects + 1):
            host = urlsplit(url).netloc
            Throttle(self.settings.state / "hosts", host, self.delay, self.settings.postgres_url).wait()
            headers = _headers(own, url, elsewhere=not _same_site(first, url))
            answer = self._exchange(method, url, headers, data, body, meter)
            if answer.status not in REDIRECTS:
                return _demand_whole(answer, conditional)
            if not answer.headers.get("location"):
                raise TerminalError(f"{answer.url} answered {answer.status} without saying where to go")
            self._archived(answer, method, now())
            url = resolve_redirect(url, answer.headers["location"])
            if answer.status in (301, 302, 303):
                method, data, body = "GET", None, None
                own = {name: value for name, value in own.items() if name not in kind}
            if not _same_site(first, url):
                self._demand_nothing_told(url, data is not None or body is not None)
            if obey:
                self._obey(url)
        raise TerminalError(f"{masked(first)}: more than {self.limits.redirects} redirects")

    def _demand_nothing_told(self, url: str, has_body: bool) -> None:
        """Refuse a redirect to another host that would be told a form's fields or a key."""
        if has_body:
            raise TerminalError(f"{masked(url)}: a redirect to another host would get the form that was for the first")
        if contains_secret(url):
            raise TerminalError(f"{masked(url)}: a redirect to another host would get a key that was for the first")

    def _obey(self, url: str) -> None:
        """Refuse what robots.txt forbids, and keep the pause that it asks for."""
        delay = self.robots.demand(url)
        if delay and not self.settings.demo_url:
            self.delay = max(self.delay, min(float(delay), LONGEST_PAUSE))

    def _exchange(self, method: str, url: str, headers: dict[str, str], data: Any, body: Any, meter: Meter) -> Page:
        self.wire.meter = meter
        shown = masked(url)
        try:
            with meter.running(shown):
                return self._answer_by_whole_chain(method, url, headers, data, body, meter)
        except CollectError:
            raise
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            if untrusted := explain(shown, error):
                raise untrusted from None
            # Not its cause: a log would print its text, the whole address with it.
            raise TransientError(f"{shown}: {type(error).__name__}: {masked(str(error))[:200]}") from None
        except Exception as error:
            # What a stranger sends makes libraries fail in ways of all kinds; it is the affair of this exchange alone.
            log.error("%s: an answer nobody expected\n%s", shown, masked(traceback.format_exc()))
            raise TerminalError(f"{shown}: {type(error).__name__}: {masked(str(error))[:200]}") from None

    def _answer_by_whole_chain(
        self, method: str, url: str, headers: dict[str, str], data: Any, body: Any, meter: Meter
    ) -> Page:
        """Send a request; once more where the server left out its issuer's certificate and it could be fetched."""
        try:
            return self._answer(method, url, headers, data, body, meter)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            if not lacks_issuer(error):
                raise
        self.chains.complete(url)
        return self._answer(method, url, headers, data, body, meter)

    def _answer(self, method: str, url: str, headers: dict[str, str], data: Any, body: Any, meter: Meter) -> Page:
        # Cookies know no ports; what listens on another one is another server.
        jar = self.jars.setdefault(urlsplit(url).port, _jar())
        asked = self.session.prepare_request(requests.Request(method, url, headers=headers, data=data, json=body))
        cookie = get_cookie_header(jar, asked)  # type: ignore[no-untyped-call]
        if cookie:
            asked.headers["Cookie"] = cookie
        times = (self.limits.connect_seconds, self.limits.read_seconds)
        # Not by the session: of a redirect it reads the whole body, and stumbles over where it leads.
        adapter = self.session.get_adapter(url)
        with self._sent(adapter, asked, meter, times) as response:
            extract_cookies_to_jar(jar, asked, response.raw)  # type: ignore[no-untyped-call]
            if sum(len(cookie.value or "") for cookie in jar) > MOST_COOKIES:
                jar.clear()
            if response.status_code < 200:
                # What follows on this connection would be taken for the answer to the next request.
                response.raw.close()
            pieces = response.raw.stream(32768, decode_content=False)
            content = b"".join(unpacked(pieces, response.headers.get("content-encoding", ""), meter))
            found = {name.lower(): _CONTROL.sub(" ", value) for name, value in response.headers.items()}
            return Page(masked(url), response.status_code, found, masked_bytes(content))

    def _sent(
        self, adapter: BaseAdapter, asked: requests.PreparedRequest, meter: Meter, times: tuple[float, float]
    ) -> requests.Response:
        """Send a request; again at once where the connection kept from before was closed by then, as browsers do."""
        dialled, came = self.wire.dialled, meter.raw
        try:
            return adapter.send(asked, stream=True, timeout=times, verify=self.chains.bundle)
        except requests.ConnectionError:
            if self.wire.dialled > dialled or meter.raw > came or asked.method != "GET":
                raise
        return adapter.send(asked, stream=True, timeout=times, verify=self.chains.bundle)

    def _archived(self, page: Page, method: str, at: str, *, is_file: bool = False) -> str:
        """Archive an exchange; what cannot be written of it is its own affair, what cannot be written at all is not."""
        try:
            return self.archive.exchange(page, method, {"User-Agent": self.agent}, at, is_file=is_file)
        except (OSError, CollectError):
            raise
        except Exception as error:
            log.error("%s: cannot be archived\n%s", page.url, masked(traceback.format_exc()))
            raise TerminalError(f"{page.url}: cannot be archived ({type(error).__name__})") from None

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
                masked(_spelt(url)),
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
    """Return the seconds that a Retry-After header asks for, a number or an HTTP date; None when it is unusable.

    ``date`` is the Date header of the same answer: a server means its own clock.
    """
    if value and value.strip().isascii() and value.strip().isdigit():
        return float(value.strip()[:15])
    until = _moment(value)
    if until is None:
        return None
    return max(0.0, until - (_moment(date) or time.time()))


def _moment(date: str | None) -> float | None:
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


def _spelt(url: str) -> str:
    """An address for a record: its one spelling, or of what is none the beginning."""
    try:
        return normalize(url)
    except TerminalError:
        return url[:2000].encode("utf-8", "replace").decode()


def _form(request: Request) -> tuple[str | None, dict[str, str]]:
    """The body of a form, percent-encoded in the charset of the site, and the header that says what it is."""
    if request.data is None:
        return None, {}
    body = urlencode(request.data, encoding=form_encoding(request.encoding), errors="xmlcharrefreplace")
    return body, {"Content-Type": "application/x-www-form-urlencoded"}


def _headers(own: dict[str, str], url: str, *, elsewhere: bool) -> dict[str, str]:
    """The headers of a request: to ``elsewhere`` than the source's host nothing that could be a key."""
    sent = dict[str, str]()
    for name, value in own.items():
        if name.lower() == "referer":
            with contextlib.suppress(TerminalError):
                page = normalize(value)
                # As browsers do: another host hears no more than from which site one comes.
                sent[name] = page if _same_site(page, url) else f"{origin(page)}/"
        elif not elsewhere or name.lower() in HARMLESS:
            sent[name] = value
    return sent


def _jar() -> RequestsCookieJar:
    """Return a jar whose cookies go back to the host that set them, and to no other host with the same ending."""
    strict = DefaultCookiePolicy(strict_domain=True, strict_ns_domain=DefaultCookiePolicy.DomainStrictNonDomain)
    return RequestsCookieJar(policy=strict)


def _same_site(first: str, second: str) -> bool:
    """Whether two addresses are of one host and port; from http to https is allowed too, not back."""
    one, other = urlsplit(first), urlsplit(second)
    if one.netloc != other.netloc:
        return False
    return one.scheme == other.scheme or (one.port is None and other.scheme == "https")


def _demand_whole(page: Page, conditional: dict[str, str]) -> Page:
    """Refuse an answer that is none, or a part: what it leaves out would be taken for what is not there."""
    if page.status < 200 or page.status == 206 or (page.status == 304 and not conditional):
        raise TransientError(f"{page.url} answered {page.status}, which nobody asked for")
    if 300 <= page.status < 400 and page.status != 304:
        raise TerminalError(f"{page.url} answered {page.status}, which leads nowhere")
    return page
