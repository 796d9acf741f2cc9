"""Malformed, strange and foreign requests: each is answered in words, and none as a fault of ours."""

from __future__ import annotations

import re
import socket
import threading
from urllib.parse import quote, urlsplit

import pytest
import requests
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from gonggo.web.gate import answers_to, own_names
from gonggo.web.site import create_site
from tests.web.test_pages import api, get, key_of, soup

ENDLESS = "SELECT sum(range) FROM range(1000000000000)"
LONG = "가" * 200
# Where something of the asker's stands in the path, and what stands in the query, of every route.
PATHS = (
    *("calls/{}", "calls/{}/archived", "calls.{}", "programmes/{}", "organisations/{}", "regions/{}", "sources/{}"),
    *(
        "sources/{}/{}/{}/{}",
        "sources/btp/{}/x.warc.gz/y",
        "sources/btp/x/{}.warc.gz/{}",
        "files/{}/{}",
        "static/{}",
        "{}",
    ),
    *("files/" + "0" * 64 + "/{}", "api/v1/calls/{}", "api/v1/programmes/{}", "api/v1/organisations/{}"),
    *("api/v1/reports/{}", "api/v1/{}", "console/{}", "//{}", "/{}"),
)
QUESTIONS = (
    *("?map={}", "calls?words={}", "calls?q={}", "calls?page={}", "calls?least={}", "calls?year={}", "calls?from={}"),
    *("calls?to={}", "calls?sort={}", "calls?status={}&region={}", "calls.csv?words={}", "calls.ics?region={}"),
    *("calls/x?version={}&against={}", "calls/x/archived?version={}", "programmes?words={}&stage={}", "console?sql={}"),
    *("organisations?words={}&page={}", "language?to={}&back={}", "language?to=en&back={}", "console/status?ticket={}"),
    *("keys?address={}", "calls.ics?access_key={}"),
    *(
        "api/v1/calls?words={}",
        "api/v1/calls?least={}",
        "api/v1/calls?{}={}",
        "calls?{}={}",
        "api/v1/programmes?page={}",
    ),
    *("api/v1/calls/x?version={}", "api/v1/sources?{}", "static/gonggo.css?v={}", "sources?{}={}"),
)
# As they stand in an address.
PIECES = (
    *("%00", "a%00b", "%0a", "%0d%0aX-Evil:%201", "%7f", "%", "%zz", "%2", "%ff", "%c0%af", "%ed%a0%80", "%ed%b0%80"),
    *("%f4%90%80%80", "%u0041", "..", "..%2f..%2f", "%2e%2e%2f", "..%5c", "//[x", "[", "]", "http:%2f%2f[x", "//[::1", "%2f%2f"),
    *("javascript:alert(1)", "{{7*7}}", "%3Cscript%3E", "'", "%22", ";", "&", "=", "%26%26", "#", "~", "a" * 300, "a" * 70_00),
    *("%EA%B0%80" * 200, "9" * 400, "-9" + "9" * 40, "1e999", "NaN", "inf", "0x10", "2026-13-45", "0000-00-00", "٣", "１"),
    *("9223372036854775808", "-1", "1.5", "true", "null", "undefined", "[]", "{}", "a[]=1", "a" * 5_000, "%F0%9F%98%80" * 100),
)  # fmt: skip


def ask(url: str, target: str, method: str = "GET", body: bytes = b"", **headers: str) -> tuple[int, bytes]:
    """The answer to a request whose target is sent as it is, as no client would."""
    place = urlsplit(url)
    lines = {"Host": place.netloc, "Connection": "close", **({"Content-Length": str(len(body))} if body else {})}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = f"{method} {target} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    with socket.create_connection((place.hostname, place.port), 30) as there:
        there.sendall(head.encode("utf-8", "surrogateescape") + b"\r\n" + body)
        answer = b""
        while more := there.recv(65_536):
            answer += more
    return int(answer.split(b" ", 2)[1]), answer


def is_sensible(url: str, status: int, answer: bytes) -> bool:
    """Words and no fault of ours; a redirect leads to this site."""
    where = re.search(rb"(?im)^location: (.*)\r$", answer)
    there = where[1].removeprefix(url.encode()) if where else b"/"
    stays = there.startswith(b"/") and (where is None or there != where[1] or not there.startswith((b"//", b"/\\")))
    return status < 500 and stays and b"Traceback" not in answer and b"X-Evil:" not in answer.split(b"\r\n\r\n")[0]


@pytest.mark.parametrize("pattern", [*PATHS, *QUESTIONS])
def test_no_odd_piece_of_an_address_makes_a_page_fail(url: str, pattern: str) -> None:
    failed = {}
    for piece in PIECES:
        status, answer = ask(url, "/" + pattern.replace("{}", piece))
        if not is_sensible(url, status, answer):
            failed[piece[:40]] = (status, answer[:300])
    assert not failed


anything = st.one_of(
    st.binary(max_size=40).map(lambda raw: quote(raw)),
    st.text(st.characters(codec="utf-8"), max_size=40).map(lambda text: quote(text, safe="/?&=[]{}")),
    st.text("%0123456789abcdefABCDEF./\\[]:;&=?~\x7f", max_size=30).map(lambda text: text.replace("\x7f", "%7f")),
    st.sampled_from(PIECES),
)


@settings(
    max_examples=300, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(pattern=st.sampled_from([*PATHS, *QUESTIONS]), pieces=st.lists(anything, min_size=4, max_size=4))
@example(pattern="language?to=en&back={}", pieces=["//[x"] * 4)
def test_nothing_in_any_address_makes_a_page_fail(url: str, pattern: str, pieces: list[str]) -> None:
    target = pattern
    for piece in pieces:
        target = target.replace("{}", piece, 1)
    assert is_sensible(url, *ask(url, "/" + target))


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/calls/a%00b", 400), ("/sources/btp/%00/x.warc.gz/y", 400), ("/regions/%1f", 400), (f"/calls/{'a' * 600}", 414),
        (f"/sources/btp/{quote(LONG)}/{quote(LONG)}.warc.gz/x", 404), (f"/files/{'0' * 64}/{quote(LONG)}", 404),
        (f"/language?to=en&back={'a' * 9000}", 400), (f"/calls/x?version={'a' * 100}", 400), (f"/api/v1/calls/x?version={'a' * 100}", 422),
    ],
)  # fmt: skip
def test_what_is_wrong_is_reported_in_words(url: str, target: str, status: int) -> None:
    got, answer = ask(url, target)
    assert got == status
    assert b"<h1>" in answer or b'"detail"' in answer
    assert b"content-security-policy" in answer.lower()


@pytest.mark.parametrize("host", ["[", "[x", "a b", "x:y", "http://x", "", "x:99999999", "a" * 300, "x/../y", "x\x01"])
def test_a_host_that_is_none_is_refused(url: str, host: str) -> None:
    status, answer = ask(url, "/calls", Host=host)
    assert 400 <= status < 500, answer[:200]


@pytest.mark.parametrize(("length", "status"), [("999999999999999", 413), ("2000000", 413), ("x", 400), ("-1", 400)])
def test_a_body_without_end_is_refused(url: str, length: str, status: int) -> None:
    got, _ = ask(url, "/console", "POST", Content_Length=length)
    assert got == status


def test_a_body_that_says_nothing_of_its_length_is_counted(home) -> None:
    client = TestClient(create_site(home), raise_server_exceptions=False)
    parts = (b"sql=" + b"x" * 100_000 for _ in range(30))
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post("/console", content=parts, headers=kind).status_code == 413


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"sql=%ED%A0%80"), ("application/x-www-form-urlencoded", b"sql=%00"),
        ("application/x-www-form-urlencoded; charset=nothing", b"sql=1"), ("multipart/form-data", b"x"), ("multipart/form-data; boundary=x", b"--x"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="sql"; filename="x"\r\n\r\n1\r\n--x--\r\n'),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="sql"\r\nContent-Type: text/plain; charset=zz\r\n\r\n\xff\r\n--x--\r\n'),
        ("application/json", b'{"sql": "SELECT 1"}'), ("", b"sql=1"), ("x", b"\xff" * 100), ("application/x-www-form-urlencoded", b"ticket=" + b"a" * 100 + b"&sql=1"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/console", "/console/cancel", "/console/result.csv", "/console/result.exe"])
def test_no_odd_form_makes_the_console_fail(url: str, path: str, kind: str, body: bytes) -> None:
    status, answer = ask(url, path, "POST", body, Content_Type=kind)
    assert is_sensible(url, status, answer), answer[:300]


def posted(url: str, path: str, **headers: str) -> int:
    answer = requests.post(f"{url}/{path}", data={"sql": "SELECT 1", "ticket": "x"}, headers=headers, timeout=60)
    return answer.status_code


@pytest.mark.parametrize("path", ["console", "console/cancel", "console/result.csv", "console/result.parquet"])
@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({}, True), ({"Origin": "OWN"}, True), ({"Referer": "OWN/console"}, True), ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "http://evil.example"}, False), ({"Origin": "null"}, False), ({"Origin": "https://evil.example:443"}, False),
        ({"Origin": ""}, False), ({"Origin": "http://127.0.0.1"}, False), ({"Origin": "http://127.0.0.1:1"}, False), ({"Origin": "file://"}, False),
        ({"Origin": "http://localhost"}, False), ({"Origin": "http://[x"}, False), ({"Origin": "OWN.evil.example"}, False), ({"Origin": "http://evil.example@HOST"}, False),
        ({"Referer": "http://evil.example/OWN"}, False), ({"Origin": "http://evil.example", "Referer": "OWN/"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False), ({"Sec-Fetch-Site": "same-site"}, False), ({"Origin": "OWN", "Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": "https://data.example.or.kr", "X-Forwarded-Host": "data.example.or.kr"}, True),
        ({"Origin": "https://evil.example", "X-Forwarded-Host": "data.example.or.kr"}, False),
    ],
)  # fmt: skip
def test_only_our_own_pages_run_queries(url: str, path: str, headers: dict[str, str], passes: bool) -> None:
    sent_headers = {
        name: value.replace("OWN", url).replace("HOST", urlsplit(url).netloc) for name, value in headers.items()
    }
    assert (posted(url, path, **sent_headers) == 200) is passes


def test_a_form_of_ours_tells_its_origin(url: str) -> None:
    """With the policy `no-referrer` browsers would call it "null"."""
    assert get(url, "console").headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("serving", "host", "answered"),
    [
        ("127.0.0.1", "127.0.0.1:8090", True), ("127.0.0.1", "localhost", True), ("127.0.0.1", "LOCALHOST:1", True), ("127.0.0.1", "[::1]:8090", True),
        ("127.0.0.1", "evil.example", False), ("127.0.0.1", "127.0.0.1.nip.io", False), ("127.0.0.1", "localhost.evil.example", False),
        ("127.0.0.1", "192.168.0.7", False), ("::1", "[::1]", True), ("0.0.0.0", "192.168.0.7:8090", True), ("0.0.0.0", "evil.example", False),
        ("0.0.0.0", socket.gethostname(), True), ("0.0.0.0", "data.example.or.kr", True), ("127.0.0.1", "data.example.or.kr", True), ("::", "[fe80::1]", True),
    ],
)  # fmt: skip
def test_a_name_that_leads_here_from_elsewhere_is_not_answered(home, serving: str, host: str, answered: bool) -> None:
    names = own_names(serving, ["data.example.or.kr"])
    assert answers_to(host, names) is answered
    client = TestClient(create_site(home, names))
    for path in ("/api/v1/sources", "/static/gonggo.css"):
        assert (client.get(path, headers={"Host": host}).status_code == 200) is answered
    assert (client.post("/console/cancel", data={"ticket": "x"}, headers={"Host": host}).status_code == 200) is answered


def test_q_is_the_words_of_a_search(url: str) -> None:
    for path in ("calls", "programmes", "organisations"):
        assert api(url, path, q="항만물류")["rows"] == api(url, path, words="항만물류")["rows"]
    both = api(url, "calls", words="항만물류", q="부산")
    assert 0 < both["found"] == api(url, "calls", words="항만물류 부산")["found"] < api(url, "calls")["found"]
    page = soup(url, "calls?q=항만물류")
    assert page.select_one("#words")["value"] == "항만물류" and not page.select(".warning")
    assert "항만물류" in page.select_one(".call .title").text
    assert "항만물류" in get(url, "calls.csv?q=항만물류").content.decode()


@pytest.mark.parametrize(
    ("path", "name", "nearest"),
    [
        ("calls?regoin=부산", "regoin", "region"), ("calls?Status=open", "Status", "status"), ("calls?zzz", "zzz", None),
        ("programmes?stages=x", "stages", "stage"), ("organisations?word=x", "word", "words"), ("?maps=money", "maps", "map"),
        ("regions?year=2026", "year", None), ("sources?x=1", "x", None), ("console?query=SELECT", "query", None), ("api?x=1", "x", None),
        ("regions/부산?from=x", "from", None), ("sources/btp?x=1", "x", None),
    ],
)  # fmt: skip
def test_a_name_that_a_page_does_not_know_is_reported_with_the_nearest(
    url: str, path: str, name: str, nearest: str | None
) -> None:
    warning = soup(url, path).select_one(".warning")
    assert warning and [code.text for code in warning.select("li code")] == [name, *([nearest] if nearest else [])]


def test_a_name_that_a_page_knows_is_not_reported(url: str) -> None:
    key = key_of(url, "항만물류")
    for path in (
        "calls?words=AI&page=1&least=1&from=2026-01-01&sort=amount",
        f"calls/{key}?version=",
        "?map=money",
        "console?sql=SELECT 1",
    ):
        assert not soup(url, path).select(".warning") if "version" not in path else True
    assert "두 번" in soup(url, "calls?year=2026&year=2027").select_one(".warning").text
    assert not soup(url, "calls?region=부산&region=전북").select(".warning")


@pytest.mark.parametrize(
    "path", ["calls", "programmes", "organisations", "regions", "sources", "reports", "reports/problems", "calls/x"]
)
def test_the_api_refuses_what_it_does_not_know(url: str, path: str) -> None:
    answer = get(url, f"api/v1/{path}?pgae=2")
    assert answer.status_code == 422
    (detail,) = answer.json()["detail"]
    assert detail["where"] == ["query", "pgae"] and "known: " in detail["what"]
    assert ("did you mean page?" in detail["what"]) is (path in ("calls", "programmes", "organisations"))
    assert get(url, "calls.csv?pgae=2").status_code == 400 and "page" in get(url, "calls.csv?pgae=2").text


def test_the_page_gives_a_session_and_the_queries_of_a_ticket_are_its_own(home) -> None:
    site = create_site(home)
    one, other = TestClient(site), TestClient(site)
    assert "gonggo_session" in one.get("/console").cookies and "gonggo_session" in other.get("/console").cookies
    assert not one.get("/console").cookies
    answers = []
    thread = threading.Thread(
        target=lambda: answers.append(one.post("/console", data={"sql": ENDLESS, "ticket": "t", "part": "1"}))
    )
    thread.start()
    for _ in range(500):
        if one.get("/console/status?ticket=t").text == "실행 중입니다":
            break
    assert (
        other.get("/console/status?ticket=t").text == ""
        and other.post("/console/cancel", data={"ticket": "t"}).text == "gone"
    )
    assert (
        BeautifulSoup(other.post("/console", data={"sql": "SELECT 41 + 1", "part": "1"}).text, "lxml")
        .select_one("td")
        .text
        == "42"
    )
    assert one.post("/console/cancel", data={"ticket": "t"}).text == "ok"
    thread.join(30)
    assert "취소" in answers[0].text
