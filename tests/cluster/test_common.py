"""State that machines share: the throttle of a host, ledgers, the writer's lock; and the death of a machine."""

import random
import subprocess
import sys
import time

import psycopg2
from starlette.testclient import TestClient

from gonggo.cluster.object_store import object_store
from gonggo.crawl.ledger import KnownFile, LedgerEntry, ledger_of
from gonggo.model import Listed
from gonggo.warehouse.writer import writer
from gonggo.web.site import create_site
from tests.cluster.machines import gonggo, output_of, settings_of, step, without_cluster
from tests.world import VERSIONS, tables

PAUSE = 0.3


def test_two_machines_ask_a_host_in_turns(machine):
    code = f"""
import sys, time
from gonggo.crawl.throttle import throttle_of
from gonggo.settings import load_settings
print(time.time())
for _ in range(4):
    throttle_of(load_settings(), "example.or.kr", {PAUSE}).wait()
    print(time.time())
"""
    both = [
        subprocess.Popen([sys.executable, "-c", code], env=machine(name), stdout=subprocess.PIPE, text=True)
        for name in "ab"
    ]
    moments = sorted(float(line) for one in both for line in one.communicate(timeout=60)[0].split())
    assert len(moments) == 10
    # The first of eight turns comes after the start, the last seven pauses after the first, however late clocks are read.
    assert moments[-1] - moments[0] > PAUSE * 7


def test_a_ledger_says_in_postgres_what_it_says_in_sqlite(machine):
    states = []
    for env in (machine("common"), without_cluster(machine("alone"))):
        ledger = ledger_of(settings_of(env), "btp")
        items = [
            Listed("btp", str(n), f"공고 {n}", f"https://example.or.kr/{n}", {"posted_on": "2026-01-02"})
            for n in range(4)
        ]
        ledger.record_documents(
            [
                LedgerEntry(items[0], etag='"a"', content_hash="c0", closes="2099-01-01"),
                LedgerEntry(items[1], missing_files=True),
            ],
            "2026-01-02T09:00:00+09:00",
        )
        ledger.record_documents([LedgerEntry(items[1], missing_files=True)], "2026-01-03T09:00:00+09:00")
        ledger.record_left_out([items[2], items[1]], "2026-01-01T09:00:00+09:00")
        ledger.mark_vanished(["2"], "2026-01-04T09:00:00+09:00")
        ledger.mark_seen(["0"], "2026-01-05T09:00:00+09:00")
        ledger.record_file(
            "0", "https://example.or.kr/f", KnownFile("가.hwp", "ab" * 32, None, None, "2026-01-02T09:00:00+09:00")
        )
        ledger.record_file(
            "0", "https://example.or.kr/f", KnownFile("나.hwp", "cd" * 32, '"e"', None, "2026-01-03T09:00:00+09:00")
        )
        ledger.record_run(True, "2026-01-05T09:00:00+09:00", "list")
        due = [item.native_id for item in ledger.due_for_recrawl("2026-01-10", "2026-01-08T00:00:00+09:00")]
        again = ledger_of(settings_of(env), "btp")
        states.append(
            [
                again.announcements().fingerprints(), again.announcements().fingerprints(with_document=True), again.known(), again.last_run_complete(), again.endpoint(), due,
                again.validators("0"), again.validators("1"), again.file("0", "https://example.or.kr/f"), again.digests("0"),
                again.content_hashes(), again.missing_files(), again.still_retried(["0", "1", "2", "9"]),
            ]
        )  # fmt: skip
    assert states[0] == states[1]
    assert states[0][5] and states[0][8].name == "나.hwp"


def test_machines_that_die_at_any_moment_lose_and_double_nothing(machine):
    single = without_cluster(machine("alone"))
    output_of(gonggo(single, "collect", "btp", "jbba"))
    draw = random.Random(11)
    for number in range(6):
        run = gonggo(machine(f"m{number}"), "collect", "btp", "jbba")
        time.sleep(draw.uniform(1.0, 9.0))
        run.kill()
        run.wait()
    output_of(gonggo(machine("last"), "collect", "btp", "jbba"))
    assert tables(settings_of(machine("reader")), versions=VERSIONS) == tables(settings_of(single), versions=VERSIONS)


def test_a_page_of_the_archive_is_shown_on_a_machine_that_never_fetched_it(machine):
    output_of(gonggo(machine("collects"), "collect", "btp"))
    site = TestClient(create_site(settings_of(machine("shows"))), base_url="http://127.0.0.1")
    key = site.get("/api/v1/calls").json()["rows"][0]["announcement_key"]
    assert site.get(f"/calls/{key}/archived").status_code == 200


def test_a_publication_waits_for_the_loaders_and_not_for_itself(machine):
    env = machine("one")
    output_of(gonggo(env, "collect", "btp"))
    with writer(settings_of(env), several=True):
        output_of(step(machine("two"), "load(part=0)"))
        other = step(machine("three"), "publish()")
        assert "waiting" in other.stdout.readline()
    assert "snapshot" in output_of(other)


def test_an_engine_that_is_down_is_reported_in_one_line(machine):
    env = machine("one")
    for name, value in (
        ("FSSPEC_S3_ENDPOINT_URL", "http://127.0.0.1:9"),
        ("GONGGO_POSTGRES_URL", "postgresql://u:geheim-passwort@127.0.0.1:9/d"),
    ):
        output = output_of(gonggo({**env, name: value}, "collect", "btp"), status=1)
        assert output.strip().splitlines()[-1].startswith("gonggo: ") and "GONGGO_" in output
        assert "geheim-passwort" not in output and "Traceback" not in output


def test_no_secret_reaches_the_store_or_the_catalogue(machine, servers):
    env = machine("one")
    output_of(gonggo(env, "collect", "btp"))
    settings = settings_of(env)
    store = object_store(settings)
    password = settings.postgres_url.split(":")[2].split("@")[0]
    for name in store.files():
        if not name.endswith((".duckdb", ".parquet", ".gz", ".xlsx")):
            content = store.read(name)
            assert password.encode() not in content and servers.secret.encode() not in content, name
    with psycopg2.connect(settings.postgres_url) as con, con.cursor() as cursor:
        cursor.execute("SELECT key, value FROM gonggo_lake.ducklake_metadata")
        assert not [row for row in cursor.fetchall() if password in str(row) or servers.secret in str(row)]
