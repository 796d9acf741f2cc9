"""A key is nowhere: not in the log, not in the archive, not in batches, ledgers or tables, though servers send it back."""

import gzip
import logging
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, unquote, urlsplit

import pytest
import requests

from gonggo import pipeline
from gonggo.redaction import masked

# As data.go.kr makes them: with signs that an address must write otherwise.
KEY = "Zm9v+YmFy/cXV4=공개되면=안됨=="
FORMS = [KEY.encode(), quote(KEY).encode(), quote(KEY, safe="").encode()]


@pytest.fixture
def live(settings, monkeypatch):
    monkeypatch.setenv("BIZINFO_API_KEY", KEY)
    monkeypatch.delenv("DATA_GO_KR_API_KEY", raising=False)
    return replace(settings, mode="live", days_back=None)


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
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        echo = f"http://127.0.0.1:{server.server_port}"
        turned = replace(live, demo_url=echo, allow_private=(echo[7:],), limits=replace(live.limits, attempts=1))
        run = pipeline.collect("bizinfo", settings=turned)
        server.shutdown()
    assert run["state"] == "failed"
    demand_nowhere(live.home, caplog.text, str(run))


def test_a_key_is_masked_by_its_name_too(monkeypatch):
    monkeypatch.delenv("BIZINFO_API_KEY", raising=False)
    assert masked("https://a/b?x=1&serviceKey=abc%2B&y=2") == "https://a/b?x=1&serviceKey=***&y=2"


@pytest.mark.slow
def test_the_name_of_a_connection_is_no_secret_and_no_key(portal, live, monkeypatch):
    monkeypatch.setenv("DATA_GO_KR_API_KEY", "connection:datago")
    assert masked("connection:datago") == "connection:datago"
    run = pipeline.collect("mss_api", settings=live)
    (error,) = run["errors"]
    assert run["state"] == "failed" and "DATA_GO_KR_API_KEY" in error["message"] and "'datago'" in error["message"]
    assert portal.portal.requests == []
    # Where another way to the list needs no key, it is gone.
    monkeypatch.delenv("DATA_GO_KR_API_KEY")
    monkeypatch.setenv("BIZINFO_API_KEY", "connection:bizinfo")
    run = pipeline.collect("bizinfo", settings=live)
    assert run["extracted"] and "BIZINFO_API_KEY" in run["errors"][0]["message"]
    assert not any("crtfcKey" in url for url in portal.portal.requests)
