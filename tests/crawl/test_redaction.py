"""A key is nowhere: not in the log, not in the archive, not in batches, ledgers or tables, though servers send it back."""

import gzip
import html
import logging
from base64 import b64encode, urlsafe_b64encode
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, unquote, urlsplit

import pytest
import requests

from gonggo import pipeline, redaction
from gonggo.redaction import contains_secret, masked, masked_bytes
from tests.serving import running

# As data.go.kr makes them: with signs that an address must write otherwise.
KEY = "Zm9v+YmFy/cXV4=공개되면=안됨=="
FORMS = [KEY.encode(), quote(KEY).encode(), quote(KEY, safe="").encode()]


@pytest.fixture
def live(settings, monkeypatch):
    monkeypatch.setenv("BIZINFO_API_KEY", KEY)
    monkeypatch.delenv("DATA_GO_KR_API_KEY", raising=False)
    return replace(settings, mode="live", days_back=None, environment={"BIZINFO_API_KEY": KEY})


def everything(home):
    """Each file of a home with what it holds, unpacked."""
    for path in home.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            yield path, gzip.decompress(content) if path.suffix == ".gz" else content


def demand_nowhere(home, *texts):
    for path, content in everything(home):
        assert not any(form in content or form.decode() in path.name for form in FORMS), path
    for text in texts:
        assert not any(form.decode() in text for form in FORMS)


@pytest.mark.slow
def test_a_key_is_in_no_file_of_a_good_run(portal, live, caplog):
    caplog.set_level(logging.DEBUG)
    run = pipeline.collect("bizinfo", settings=live)
    for step in (pipeline.load, pipeline.link, pipeline.build, pipeline.publish, pipeline.export):
        step(settings=live)
    assert run["state"] == "ok"
    assert any(quote(KEY, safe="") in url or KEY in unquote(url) for url in portal.portal.requests)
    assert "crtfcKey=***" in caplog.text
    demand_nowhere(live.home, caplog.text, str(run))


@pytest.mark.parametrize("kind", ["error500", "reset", "loop", "half", "blocked", "drip"])
@pytest.mark.slow
def test_a_key_is_in_no_file_of_a_failed_run(portal, live, caplog, kind):
    caplog.set_level(logging.DEBUG)
    live = replace(live, limits=replace(live.limits, attempts=1, total_seconds=1))
    faults = {site: {"kind": kind} for site in ("bizinfo", "bizinfo_excel", "bizinfo_pages")}
    requests.post(f"{portal.url}/_control", json={"faults": faults}, timeout=5).raise_for_status()
    run = pipeline.collect("bizinfo", settings=live)
    assert run["state"] == "failed" and run["errors"]
    demand_nowhere(live.home, caplog.text, str(run))


class Echo(BaseHTTPRequestHandler):
    """Sends back whatever it was asked, in a header, in the body, and as an address to go on to."""

    def do_GET(self):
        asked = unquote(self.path)
        body = f"<a href='{self.path}'>{asked}</a>".encode()
        self.send_response(302 if "again" not in self.path and urlsplit(self.path).query else 500)
        self.send_header("Location", f"/again{self.path}")
        self.send_header("X-Asked", self.path)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def test_a_server_that_sends_the_key_back_does_not_get_it_written(live, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    with running(ThreadingHTTPServer(("127.0.0.1", 0), Echo)) as server:
        echo = f"http://127.0.0.1:{server.server_port}"
        turned = replace(live, demo_url=echo, allow_private=(echo[7:],), limits=replace(live.limits, attempts=1))
        run = pipeline.collect("bizinfo", settings=turned)
    assert run["state"] == "failed"
    demand_nowhere(live.home, caplog.text, str(run))


def test_a_key_is_masked_by_its_name_too(monkeypatch):
    monkeypatch.delenv("BIZINFO_API_KEY", raising=False)
    assert masked("https://a/b?x=1&serviceKey=abc%2B&y=2") == "https://a/b?x=1&serviceKey=***&y=2"


@pytest.mark.slow
def test_the_name_of_a_connection_is_no_secret_and_no_key(portal, live, monkeypatch):
    monkeypatch.setenv("DATA_GO_KR_API_KEY", "connection:datago")
    assert masked("connection:datago") == "connection:datago"
    left = replace(live, environment={"DATA_GO_KR_API_KEY": "connection:datago"})
    run = pipeline.collect("mss_api", settings=left)
    (error,) = run["errors"]
    assert run["state"] == "failed" and "DATA_GO_KR_API_KEY" in error["message"] and "'datago'" in error["message"]
    assert portal.portal.requests == []
    # Where another way to the list needs no key, it is gone.
    left = replace(live, environment={"BIZINFO_API_KEY": "connection:bizinfo"})
    run = pipeline.collect("bizinfo", settings=left)
    assert run["extracted"] and "BIZINFO_API_KEY" in run["errors"][0]["message"]
    assert not any("crtfcKey" in url for url in portal.portal.requests)


def test_keys_given_to_a_step_reach_the_site_and_no_file(portal, settings, monkeypatch, caplog):
    monkeypatch.setattr(redaction, "_registered", set())
    caplog.set_level(logging.DEBUG)
    left, keys = {"BIZINFO_API_KEY": "connection:bizinfo"}, {"BIZINFO_API_KEY": KEY}
    live = replace(settings, mode="live", days_back=None, environment=left)
    assert KEY in masked(KEY)
    listed = pipeline.list_source("bizinfo", "r1", api_keys=keys, settings=live)
    pipeline.fetch_chunk("bizinfo", "r1", listed["chunks"][0], api_keys=keys, settings=live)
    assert any(quote(KEY, safe="") in url or KEY in unquote(url) for url in portal.portal.requests)
    assert masked(f"it sent {KEY} back") == "it sent *** back"
    demand_nowhere(live.home, caplog.text, str(listed), repr(replace(live, environment=keys)))


SIGNS = "Zm9v+Ym/cX&V4=="
LOWER = quote(SIGNS, safe="").replace("%2B", "%2b").replace("%2F", "%2f").replace("%3D", "%3d")
SPELLINGS = {
    "as it is": SIGNS,
    "upper": quote(SIGNS, safe=""),
    "lower": LOWER,
    "mixed": quote(SIGNS, safe="").replace("%2B", "%2b"),
    "twice": quote(quote(SIGNS, safe="")),
    "twice, lower": quote(LOWER),
    "three times": quote(quote(LOWER)),
    "a form read": SIGNS.replace("+", " "),
    "JSON": SIGNS.replace("/", "\\/"),
    "JSON by numbers": SIGNS.replace("/", "\\u002F").replace("+", "\\u002b").replace("&", "\\u0026"),
    "JSON within JSON": SIGNS.replace("/", "\\\\\\/"),
    "a script": SIGNS.replace("/", "\\x2f").replace("=", "\\x3D"),
    "HTML": html.escape(SIGNS),
    "HTML twice": html.escape(html.escape(SIGNS)),
    "HTML by numbers": SIGNS.replace("+", "&#43;").replace("/", "&#x2F;").replace("=", "&#061;"),
    "HTML by names": SIGNS.replace("+", "&plus;").replace("/", "&sol;").replace("=", "&equals;"),
    "an address in HTML": html.escape(LOWER),
    "Base64": b64encode(SIGNS.encode()).decode(),
    "Base64 of a name and it": b64encode(b"clerk:" + SIGNS.encode()).decode(),
    "Base64 with one before": b64encode(b"x" + SIGNS.encode() + b"yz").decode(),
    "Base64 for addresses": urlsafe_b64encode(b"ab" + SIGNS.encode()).decode(),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("given_key", [SIGNS, quote(SIGNS, safe=""), quote(quote(SIGNS, safe="")), f" '{SIGNS}'\n"])
def test_a_key_is_masked_in_whatever_way_it_is_spelt(monkeypatch, spelling, given_key):
    monkeypatch.setenv("DATA_GO_KR_API_KEY", given_key)
    text = f"no such key <{SPELLINGS[spelling]}>, asked by 경남 & 부산/울산"
    masked_text = masked(text)
    assert (
        "***" in masked_text
        and masked_text.startswith("no such key <")
        and masked_text.endswith(">, asked by 경남 & 부산/울산")
    )
    # Of Base64, the letters that are shared with what stands before and behind may stay.
    assert len(masked_text) < len(text) - len(SIGNS) * 2 // 3
    assert masked_bytes(text.encode()).decode() == masked_text
    assert contains_secret(text) and not contains_secret(masked_text)


def test_masking_takes_time_in_proportion(monkeypatch):
    monkeypatch.setenv("DATA_GO_KR_API_KEY", SIGNS)
    for piece in ("Zm9v", "Zm9v+", "Zm9v%252525", "Zm9v\\\\\\", "Zm9v&amp;amp;amp;", "cX&#0000000"):
        assert masked("cX" + piece * 100_000).startswith("cX")


def test_an_address_of_postgres_that_is_none_stops_no_masking(monkeypatch):
    monkeypatch.setenv("GONGGO_POSTGRES_URL", "postgresql://[x/gonggo")
    assert masked("경남 공고") == "경남 공고"


def test_the_password_of_postgres_is_masked_also_under_the_former_name_of_its_variable(monkeypatch):
    monkeypatch.setenv("GONGGO_CATALOGUE", "postgresql://gonggo:correct-horse@db/gonggo")
    assert masked("password correct-horse was refused") == "password *** was refused"
