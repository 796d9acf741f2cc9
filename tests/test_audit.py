"""The audit of the locked packages against a database that answers, one that knows something, and none."""

import json
import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from gonggo.local_airflow.environment import free_port
from tests.serving import running

ROOT = Path(__file__).parents[1]
LOCK = "".join(f"{name}==1.0.0 \\\n    --hash=sha256:{number:064d}\n" for number, name in enumerate(("alpha", "beta")))
KNOWN = {
    "id": "PYSEC-2026-7",
    "aliases": ["CVE-2026-0007"],
    "summary": "A made-up one",
    "affected": [
        {
            "package": {"name": "beta", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.0.1"}]}],
        }
    ],
}
SOON = date.today() + timedelta(days=30)


@contextmanager
def database(known, fails_after=10**6):
    """A server that speaks as OSV does. Yields its address and the questions that it received."""
    queries = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            queries.append((question["package"]["name"], question["version"]))
            vulnerabilities = known.get(question["package"]["name"])
            body = json.dumps({"vulns": vulnerabilities} if vulnerabilities else {}).encode()
            self.send_response(200 if len(queries) <= fails_after else 503)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Say nothing."""

    with running(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as server:
        yield f"http://127.0.0.1:{server.server_port}/v1/query", queries


def audit(folder, url, accepted="accepted: []", locks=(), seconds=60):
    (folder / "audit.yaml").write_text(accepted)
    (folder / "some.lock").write_text(LOCK)
    command = [sys.executable, str(ROOT / "tools" / "audit.py"), "--osv-url", url, "--answer-seconds", str(seconds)]
    command += ["--accepted", str(folder / "audit.yaml"), *map(str, locks or [folder / "some.lock"])]
    env = {**os.environ, "NO_PROXY": "127.0.0.1"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, cwd=ROOT)
    assert done.stderr == ""
    return done.returncode, done.stdout


def acceptance(name, until=SOON, package="beta"):
    return (
        f"accepted:\n  - {{package: {package}, id: {name}, reason: nothing of ours calls that part, until: {until}}}\n"
    )


@pytest.mark.slow
def test_a_known_vulnerability_fails_with_its_names_and_what_mends_it(tmp_path):
    with database({"beta": [KNOWN]}) as (url, queries):
        status, output = audit(tmp_path, url)
    assert status == 1
    assert "beta 1.0.0: PYSEC-2026-7 = CVE-2026-0007, fixed in 1.0.1: A made-up one" in output
    assert "alpha" not in output
    assert {("alpha", "1.0.0"), ("beta", "1.0.0")} <= set(queries)


@pytest.mark.slow
def test_our_own_locks_are_audited_whole(tmp_path):
    locks = [ROOT / name for name in ("requirements.lock", "requirements-web.lock", "docker/requirements.lock")]
    with database({}) as (url, queries):
        status, output = audit(tmp_path, url, locks=locks)
    assert status == 0, output
    assert {"apache-airflow", "duckdb", "pytest", "playwright", "flask-appbuilder"} <= {name for name, _ in queries}
    # Without the first question, whether there is anyone.
    assert f"audit: {len(set(queries) - {('pip', '1.0')})} packages" in output
    assert {("python-dateutil", "2.9.0.post0"), ("python-dateutil", "4.0.0")} <= set(queries)


def test_where_no_database_answers_one_line_says_so(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for port in (free_port(0), silent.getsockname()[1]):
            status, output = audit(tmp_path, f"http://127.0.0.1:{port}/v1/query", seconds=0.5)
            assert status == 0
            assert "no database of vulnerabilities answers" in output and len(output.splitlines()) == 1


@pytest.mark.slow
def test_a_database_that_goes_away_meanwhile_is_none(tmp_path):
    with database({"beta": [KNOWN]}, fails_after=2) as (url, _):
        status, output = audit(tmp_path, url)
    assert (status, len(output.splitlines())) == (0, 1)
    assert "no database of vulnerabilities answers" in output


@pytest.mark.slow
@pytest.mark.parametrize("name", ["PYSEC-2026-7", "CVE-2026-0007"])
def test_what_is_accepted_passes_until_its_date(tmp_path, name):
    with database({"beta": [KNOWN]}) as (url, _):
        assert audit(tmp_path, url, acceptance(name))[0] == 0
        status, output = audit(tmp_path, url, acceptance(name, until=date.today() - timedelta(days=1)))
    assert status == 1
    assert f"beta: {name} was accepted until" in output


def test_a_date_is_past_without_a_database_too(tmp_path):
    status, output = audit(
        tmp_path, f"http://127.0.0.1:{free_port(0)}/", acceptance("PYSEC-2026-7", until="2020-01-01")
    )
    assert status == 1 and "was accepted until 2020-01-01" in output


@pytest.mark.slow
def test_an_acceptance_of_nothing_fails(tmp_path):
    with database({"beta": [KNOWN]}) as (url, _):
        status, output = audit(tmp_path, url, acceptance("PYSEC-2026-7", package="alpha"))
    assert status == 1
    assert "alpha: PYSEC-2026-7 is accepted and no longer there" in output
    assert "beta 1.0.0: PYSEC-2026-7" in output


def test_a_wrong_entry_is_reported_with_its_line(tmp_path):
    status, output = audit(tmp_path, "http://127.0.0.1:1/", "accepted:\n  - {package: beta, id: PYSEC-2026-7}\n")
    assert status == 1
    assert f"{tmp_path / 'audit.yaml'}:2: accepted.0.reason" in output


@pytest.mark.slow
def test_a_lock_without_hashes_is_no_lock(tmp_path):
    (tmp_path / "bare.lock").write_text("alpha==1.0.0\n")
    with database({}) as (url, _):
        status, output = audit(tmp_path, url, locks=[tmp_path / "bare.lock"])
    assert status == 1 and "pip-audit failed" in output
