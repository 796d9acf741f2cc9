"""Keys of programs that cannot log in: each opens what its scope names, for reading, and nothing else."""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from fastapi.routing import APIRoute
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from gonggo import access_keys
from gonggo.access_keys import KEYS_FILE, AccessKeys
from gonggo.cli import main
from gonggo.errors import UsageError
from gonggo.redaction import masked
from gonggo.settings import SEOUL, Settings
from gonggo.web import access
from gonggo.web.access import KeyAccess, key_required, require_scope, secret_address
from gonggo.web.serve import with_keys
from gonggo.web.site import create_site
from tests.web.test_pages import PATHS

ROOT = "http://testserver"
CALENDAR = "calls.ics?region=부산&status=open"


@pytest.fixture
def keys(home: Settings) -> Iterator[AccessKeys]:
    yield AccessKeys(home)
    (home.home / KEYS_FILE).unlink(missing_ok=True)


@pytest.fixture
def closed(home: Settings, keys: AccessKeys) -> TestClient:
    """The site of `gonggo web --require-key`."""
    return TestClient(with_keys(home, require_key=True), follow_redirects=False)


def new_secret(keys: AccessKeys, scope: str, **options) -> str:
    return keys.add("시험", require_scope(scope), "test", **options)[1]


def asked(client: TestClient, path: str, secret: str, method: str = "GET", **options):
    headers = {"Authorization": f"Bearer {secret}"}
    return client.request(method, f"/{path}", headers=headers, **options)


@pytest.mark.parametrize("path", [*PATHS, "calls.ics", "api/v1/calls", "static/gonggo.css", "nothing"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_without_a_key_nothing_is_answered(closed: TestClient, path: str, method: str) -> None:
    answer = closed.request(method, f"/{path}")
    assert answer.status_code == 401 and "공고" not in answer.text
    assert answer.headers["www-authenticate"].startswith("Basic")
    assert answer.headers["referrer-policy"] and answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("scope", "path", "status"),
    [
        ("api", "api/v1/calls?region=부산", 200), ("api", "api/v1/reports/contradictions", 200), ("api", "calls.csv", 200), ("api", "calls.xlsx?words=AI", 200),
        ("api", "api/v1/openapi.json", 200), ("api", "", 403), ("api", "calls", 403), ("api", "console", 403), ("api", "keys", 403), ("api", "sources/btp", 403),
        ("api", "api", 403), ("api", "calls.csv/x", 403), ("api", "calls/x/archived", 403), ("api", "api/v1/../../console", 403), ("api", "static/gonggo.css", 403),
        ("pages", "", 200), ("pages", "calls", 200), ("pages", "regions/부산", 200), ("pages", "static/gonggo.css", 200), ("pages", "api/v1/calls", 200),
        ("pages", "api", 200), ("pages", "console", 403), ("pages", "console/status?ticket=x", 403), ("pages", "keys", 403), ("pages", "calls/../console", 403),
        (CALENDAR, CALENDAR, 200), (CALENDAR, "calls.ics?status=open&region=%EB%B6%80%EC%82%B0", 200), (CALENDAR, "calls.ics?status=open", 403),
        (CALENDAR, "calls.ics", 403), (CALENDAR, "calls.csv?region=부산&status=open", 403), (CALENDAR, f"{CALENDAR}&region=경남", 403), (CALENDAR, "", 403),
        (CALENDAR, f"{CALENDAR}&words=", 200), (CALENDAR, "api/v1/calls?region=부산&status=open", 403), (CALENDAR, "console", 403), (CALENDAR, "keys", 403),
        ("api/v1/calls?region=부산", "api/v1/calls?region=부산&page=2", 200), ("api/v1/calls?region=부산", "api/v1/calls?page=2", 403),
        ("calls.csv?page=1", "calls.csv?page=2", 403), ("api/v1/reports/contradictions", "api/v1/reports/problems", 403),
    ],
)  # fmt: skip
def test_a_key_opens_what_its_scope_names_and_nothing_else(closed, keys, scope, path, status) -> None:
    secret = new_secret(keys, scope)
    answer = asked(closed, path, secret)
    assert answer.status_code == status, answer.text[:300]
    if access.is_address(require_scope(scope)):
        with_key = f"/{path}{'&' if '?' in path else '?'}access_key={secret}"
        assert closed.get(with_key).status_code == status


@pytest.mark.parametrize("scope", ["api", "pages", CALENDAR])
@pytest.mark.parametrize("path", ["console", "console/cancel", "console/result.csv", "keys", "keys/revoke", CALENDAR])
def test_no_key_changes_or_runs_anything(closed, keys, scope, path) -> None:
    answer = asked(
        closed, path, new_secret(keys, scope), "POST", data={"sql": "SELECT 1", "name": "x", "identifier": "x"}
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("scope", ["api", "pages"])
def test_a_key_for_much_is_not_accepted_in_an_address(closed, keys, scope) -> None:
    answer = closed.get(f"/api/v1/calls?access_key={new_secret(keys, scope)}")
    assert answer.status_code == 403 and "header" in answer.json()["detail"]


def test_a_key_is_a_password_of_basic_authentication(closed, keys) -> None:
    secret = new_secret(keys, "api")
    assert closed.get("/api/v1/calls", auth=("any", secret)).status_code == 200
    assert closed.get("/api/v1/calls", auth=(secret, "any")).status_code == 401
    assert closed.get("/api/v1/calls", headers={"Authorization": "Basic %%%"}).status_code == 401


def test_a_wrong_revoked_or_expired_key_opens_nothing(closed, keys, monkeypatch) -> None:
    key, secret = keys.add("시험", "api", "test", days=2)
    assert asked(closed, "api/v1/calls", secret).status_code == 200
    wrong = secret[:-1] + ("0" if secret[-1] != "0" else "1")
    other_id = re.sub("_[0-9a-f]{8}_", "_00000000_", secret)
    for bad in (wrong, other_id, secret.upper(), secret + "0", "gonggo_", "x", "'; DROP TABLE access_key; --", "가"):
        answer = closed.get("/api/v1/calls", params={"access_key": bad})
        assert answer.status_code == 401 and answer.json()["detail"] == "this key is unknown"
    assert closed.get("/api/v1/calls", params={"access_key": [secret, wrong]}).status_code == 401
    monkeypatch.setattr(access, "now", lambda: datetime.now(SEOUL) + timedelta(days=3))
    assert asked(closed, "api/v1/calls", secret).json()["detail"] == "this key is expired"
    keys.revoke(key.id)
    assert asked(closed, "api/v1/calls", secret).json()["detail"] == "this key is revoked"


def test_a_key_is_slowed_down_and_others_are_not(home, keys) -> None:
    client = TestClient(with_keys(replace(home, key_rate=3), require_key=True))
    busy, quiet = new_secret(keys, "api"), new_secret(keys, "api")
    statuses = [asked(client, "api/v1/sources", busy).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    assert 0 < int(asked(client, "api/v1/sources", busy).headers["retry-after"]) <= 20
    assert asked(client, "api/v1/sources", quiet).status_code == 200


def test_the_last_use_is_recorded_and_refusals_are_none(closed, keys) -> None:
    secret = new_secret(keys, "api")
    asked(closed, "console", secret)
    assert keys.find(secret).last_used_at is None
    asked(closed, "api/v1/sources", secret)
    used = keys.find(secret).last_used_at
    assert datetime.fromisoformat(used) - datetime.now(SEOUL) < timedelta(seconds=60)
    asked(closed, "api/v1/sources", secret)
    assert keys.find(secret).last_used_at == used


def test_only_hashes_are_stored_and_no_secret_reaches_a_log(closed, keys, home, caplog) -> None:
    secrets = [new_secret(keys, scope) for scope in ("api", CALENDAR)]
    with caplog.at_level(logging.DEBUG):
        asked(closed, "console", secrets[0])
        closed.get(f"/{CALENDAR}&access_key={secrets[1]}")
        closed.get(f"/calls.ics?access_key={secrets[1]}")
    stored = b"".join(path.read_bytes() for path in home.home.glob(f"{KEYS_FILE}*"))
    for secret in secrets:
        assert secret[16:].encode() not in stored
        # The client of the test logs the addresses that it asks for.
        assert not [r for r in caplog.records if not r.name.startswith("httpx") and secret[16:] in r.getMessage()]
        assert masked(f"GET /calls.ics?access_key={secret} 200") == "GET /calls.ics?access_key=*** 200"
        assert masked(f"Bearer {secret}") == f"Bearer {secret[:16]}***"


def test_the_server_around_the_site_logs_an_address_without_its_key(home, keys) -> None:
    logged = []

    async def server(scope, receive, send):
        await application(scope, receive, send)
        logged.append(scope["path"] + "?" + scope["query_string"].decode())

    site = create_site(home)
    application = Starlette(routes=[Mount("/gonggo", KeyAccess(site, key_required, keys, 60))])
    secret = new_secret(keys, CALENDAR)
    client = TestClient(server)
    assert client.get(f"/gonggo/{CALENDAR}&access_key={secret}").status_code == 200
    assert client.get(f"/gonggo/calls.ics?%61ccess_key={secret}").status_code == 403
    assert len(logged) == 2 and not [line for line in logged if "gonggo_" in line or "access" in line]


@pytest.mark.parametrize("suffix", ["ics", "atom", "json", "csv"])
def test_an_answer_to_a_secret_address_does_not_tell_it_further(closed, keys, suffix) -> None:
    secret = new_secret(keys, f"calls.{suffix}?words=AI")
    answer = closed.get(f"/calls.{suffix}?words=AI&access_key={secret}")
    assert answer.status_code == 200 and secret not in answer.text
    assert answer.headers.get_list("referrer-policy") == ["no-referrer"]
    assert answer.headers["cache-control"] == "private, no-cache"


def test_all_comparisons_take_the_same_way(keys, monkeypatch) -> None:
    """Whether a key does not exist or its secret is wrong, hashes of the same length are compared in constant time."""
    compared = []
    secret = new_secret(keys, "api")
    compare = access_keys.hmac.compare_digest
    monkeypatch.setattr(access_keys.hmac, "compare_digest", lambda a, b: compared.append((a, b)) or compare(a, b))
    for one in (secret, secret[:-1] + "x", "gonggo_00000000_" + "0" * 48, ""):
        keys.find(one)
    assert len(compared) == 4 and {len(part) for pair in compared for part in pair} == {64}


def test_a_site_that_demands_no_key_still_holds_a_key_to_its_scope(home, keys) -> None:
    client = TestClient(with_keys(home))
    secret = new_secret(keys, CALENDAR)
    assert client.get("/calls").status_code == 200
    assert client.get(f"/{CALENDAR}&access_key={secret}").status_code == 200
    assert client.get(f"/calls.ics?access_key={secret}").status_code == 403
    # What a proxy uses for itself is not a key.
    assert client.get("/calls", auth=("proxy", "password")).status_code == 200
    assert client.get("/calls", headers={"Authorization": "Bearer ey.other"}).status_code == 200


def test_a_damaged_or_removed_file_of_keys_opens_nothing_and_says_so(closed, keys, home) -> None:
    secret = new_secret(keys, "api")
    assert asked(closed, "api/v1/sources", secret).status_code == 200
    for path in home.home.glob(f"{KEYS_FILE}*"):
        path.unlink()
    assert asked(closed, "api/v1/sources", secret).status_code == 401
    (home.home / KEYS_FILE).write_bytes(b"x" * 5000)
    assert asked(closed, "api/v1/sources", secret).status_code == 401
    assert list(home.home.glob(f"{KEYS_FILE}.damaged-*"))


def test_keys_that_cannot_be_checked_open_nothing(closed, keys, monkeypatch) -> None:
    secret = new_secret(keys, "api")

    def broken(*_):
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(AccessKeys, "_run", broken)
    assert asked(closed, "api/v1/sources", secret).status_code == 503


def test_every_page_is_opened_by_a_key_for_pages_or_left_out_on_purpose(home) -> None:
    site = create_site(home)
    paths = {route.path for route in site.routes if isinstance(route, APIRoute) and "GET" in route.methods}
    left_out = {path for path in paths if access.why_closed("pages", scope_of(path), in_address=False)}
    assert left_out == {"/console", "/console/status", "/keys"}


def scope_of(path: str) -> dict[str, object]:
    path = path.replace("{suffix}", "csv").replace("{kind}", "csv")
    return {"type": "http", "method": "GET", "path": re.sub(r"\{\w+\}", "x", path), "query_string": b""}


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        (" api ", "api"), ("pages", "pages"), ("/calls.ics", "calls.ics"), ("https://data.example.or.kr/gonggo/calls.atom?words=AI&page=", "calls.atom?words=AI"),
        ("calls.xlsx?region=경남&region=부산", f"calls.xlsx?region={quote('경남')}&region={quote('부산')}"), ("api/v1/reports/problems", "api/v1/reports/problems"),
    ],
)  # fmt: skip
def test_a_scope_is_an_address_as_it_stands_in_the_browser(text: str, scope: str) -> None:
    assert require_scope(text) == scope


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is no scope"), ("everything", "is no scope"), ("console", "is no scope"), ("calls", "is no scope"), ("calls.exe", "is no scope"), ("http://[", "is no scope"),
        ("calls.ics?regoin=경남", "did you mean region"), ("calls.ics?region=경냄", "경남"), ("api/v1/reports/nothing", "there is no report"), ("api/v1/nothing", "is no scope"),
    ],
)  # fmt: skip
def test_a_scope_that_would_open_nothing_is_refused_when_it_is_made(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        require_scope(text)


def logged_in(home: Settings, user: str) -> TestClient:
    site = create_site(home)

    async def after_login(scope, receive, send):
        await site({**scope, "gonggo_user": user} if scope["type"] == "http" else scope, receive, send)

    return TestClient(after_login)


def test_a_reader_who_is_logged_in_makes_sees_and_revokes_his_own_keys(home, keys, closed) -> None:
    mine, other = logged_in(home, "kim"), logged_in(home, "lee")
    answer = mine.post("/keys", data={"name": "내 달력", "scope": "address", "address": CALENDAR, "days": "30"})
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    address = BeautifulSoup(answer.text, "lxml").select_one("#secret").text
    assert address.startswith(f"{ROOT}/calls.ics?region=")
    assert closed.get(address).status_code == 200
    page = mine.get("/keys").text
    assert "내 달력" in page and address.rpartition("_")[2] not in page
    assert not BeautifulSoup(other.get("/keys").text, "lxml").select(".access-key")
    (key,) = keys.all()
    assert key.owner == "user kim" and other.post("/keys/revoke", data={"identifier": key.id}).status_code == 404
    assert closed.get(address).status_code == 200
    assert mine.post("/keys/revoke", data={"identifier": key.id}).status_code == 200
    assert closed.get(address).status_code == 401


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"name": "", "scope": "api"}, "name"), ({"name": "가" * 81, "scope": "api"}, "name"), ({"name": "x", "scope": "address", "address": "console"}, "no scope"),
        ({"name": "x", "scope": "address", "address": "<script>"}, "no scope"), ({"name": "x", "scope": "api", "days": "0"}, "days"), ({"name": "x", "days": "9" * 50}, "days"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_form_is_reported(home, keys, form, message) -> None:
    answer = logged_in(home, "kim").post("/keys", data=form)
    assert (
        answer.status_code == 400 and message in answer.text and "<script>" not in answer.text.partition("warning")[2]
    )
    assert keys.all() == []


def test_a_page_of_another_site_makes_no_key(home, keys) -> None:
    answer = logged_in(home, "kim").post(
        "/keys", data={"name": "x", "scope": "api"}, headers={"Origin": "http://evil.example"}
    )
    assert answer.status_code == 403 and keys.all() == []


def test_an_owner_has_a_limited_number_of_keys(home, keys, monkeypatch) -> None:
    monkeypatch.setattr(access_keys, "MOST_KEYS", 1)
    client = logged_in(home, "kim")
    assert client.post("/keys", data={"name": "1", "scope": "api"}).status_code == 200
    assert "already" in client.post("/keys", data={"name": "2", "scope": "api"}).text
    assert logged_in(home, "lee").post("/keys", data={"name": "1", "scope": "api"}).status_code == 200


def test_without_a_login_the_page_makes_no_keys_and_names_the_command(home, keys) -> None:
    client = TestClient(with_keys(home))
    page = client.get("/keys", params={"address": CALENDAR})
    assert page.status_code == 200 and f'--for "{CALENDAR}"' in BeautifulSoup(page.text, "lxml").text
    assert client.post("/keys", data={"name": "x", "scope": "api"}).status_code == 403
    assert keys.all() == []
    assert 'href="keys?' not in client.get("/calls?words=AI").text
    assert 'href="keys?address=calls.ics%3Fwords%3DAI"' in logged_in(home, "kim").get("/calls?words=AI").text


@pytest.fixture
def command(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.setenv("GONGGO_HOME", str(tmp_path))

    def run(*words: str) -> tuple[int, str, str]:
        status = main(["keys", *words])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def test_the_command_makes_lists_and_revokes(command, tmp_path) -> None:
    status, out, _ = command("add", "내 달력", "--for", CALENDAR, "--days", "30", "--site", "https://x.example/gonggo/")
    address = out.splitlines()[0]
    assert status == 0 and address.startswith("https://x.example/gonggo/calls.ics?region=")
    secret = address.rpartition("=")[2]
    assert address == secret_address("https://x.example/gonggo", require_scope(CALENDAR), secret)
    _, listed, _ = command("list")
    assert "내 달력" in listed and CALENDAR in listed and "never used" in listed and secret not in listed
    identifier = secret.split("_")[1]
    assert command("revoke", identifier)[0] == 0
    assert "revoked" in command("list")[1]
    with closing(sqlite3.connect(tmp_path / KEYS_FILE)) as db:
        assert db.execute("SELECT count(*) FROM access_key").fetchone() == (1,)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("add",), "NAME"), (("add", "x"), "--for"), (("add", "x", "--for", "calls.exe"), "no scope"), (("revoke",), "ID"), (("revoke", "x"), "no key"),
        (("list", "x"), "lists all"), (("add", "x", "--for", "api", "--site", "nowhere"), "--site"), (("add", "  ", "--for", "api"), "name"),
    ],
)  # fmt: skip
def test_a_mistake_on_the_command_line_is_reported(command, words, message) -> None:
    status, out, err = command(*words)
    assert status == 2 and message in err and "gonggo_" not in out
