"""The warehouse as a lake: the same rows as in the file, whoever loads them and however many at once."""

import random
import shutil
import time
from contextlib import closing

from gonggo.cluster.object_store import object_store
from gonggo.warehouse.snapshot import open_snapshot
from gonggo.warehouse.writer import writer
from tests.cluster.machines import every_row, gonggo, output_of, settings_of, step, without_cluster

LOADERS = 4
SIDE_BY_SIDE = """
SELECT count(*) FROM site.fact_rows AS r JOIN fact_amount AS a ON a.rowid BETWEEN r.first_row AND r.last_row AND a.version_key = r.version_key
WHERE r.fact_table = 'fact_amount'
"""


def upload_batches(machine, name="single"):
    """Collect on a single machine, upload its batches to the store, and return its settings."""
    env = without_cluster(machine(name))
    output_of(gonggo(env, "collect"))
    single = settings_of(env)
    names = [path.relative_to(single.home).as_posix() for path in single.batches.rglob("*.json*")]
    object_store(settings_of(machine("a"))).upload_all(single.home, names)
    return single


def test_every_row_is_that_of_the_single_machine_with_several_loaders_at_once(machine):
    single = upload_batches(machine)
    machines = [machine(f"loader{part}", GONGGO_LOADERS=str(LOADERS)) for part in range(LOADERS)]
    loads = [step(env, f"load(part={part})") for part, env in enumerate(machines)]
    outputs = [output_of(load) for load in loads]
    assert sum("'loaded': []" not in text for text in outputs) > 1, "one loader had all of the work"
    for env, call in zip(machines, ("link()", "build()", "check()", "publish()"), strict=True):
        output_of(step(env, call))
    actual, expected = every_row(settings_of(machines[0])), every_row(single)
    assert actual.keys() == expected.keys()
    # The places of rows in a file are of the file; each warehouse names its changes.
    differing = {name for name in expected if actual[name] != expected[name]} - {
        "site.call_lookup",
        "site.changed_month",
        "site.fact_rows",
        "warehouse_state",
    }
    assert not differing, {name: (set(actual[name]) ^ set(expected[name])) for name in differing}
    assert len(expected["announcement"]) > 100
    with closing(open_snapshot(settings_of(machines[0]))) as con:
        # By these the pages read the facts of a version without a search.
        assert con.execute(SIDE_BY_SIDE).fetchone() == con.execute("SELECT count(*) FROM fact_amount").fetchone()


def test_loaders_killed_at_any_moment_lose_and_double_nothing(machine):
    single = upload_batches(machine)
    draw = random.Random(5)
    for _ in range(4):
        loads = [step(machine(f"m{part}", GONGGO_LOADERS="3"), f"load(part={part})") for part in range(3)]
        time.sleep(draw.uniform(1.0, 3.5))
        for load in loads:
            load.kill()
            load.wait()
    for part in range(3):
        output_of(step(machine(f"m{part}", GONGGO_LOADERS="3"), f"load(part={part})"))
    output_of(gonggo(machine("last"), "publish"))
    actual, expected = every_row(settings_of(machine("last"))), every_row(single)
    for name in ("announcement_version", "document", "fact_amount", "load_log", "listing", "fetch"):
        assert actual[name] == expected[name], name


def test_a_reader_elsewhere_has_each_publication_and_can_go_back(machine, portal):
    writes, reads = machine("writes"), settings_of(machine("reads"))
    output_of(gonggo(writes, "collect", "btp"))
    with closing(open_snapshot(reads)) as con:
        before = con.execute("SELECT count(*) FROM announcement").fetchone()
    output_of(gonggo(writes, "collect", "jbba"))
    with closing(open_snapshot(reads)) as con:
        assert con.execute("SELECT count(*) FROM announcement").fetchone() > before
    output_of(gonggo(machine("reads"), "publish", "--back"))
    with closing(open_snapshot(settings_of(machine("third")))) as con:
        assert con.execute("SELECT count(*) FROM announcement").fetchone() == before
    shutil.rmtree(reads.home)


def test_the_lake_answers_the_same_questions_and_keeps_its_house(machine):
    env = machine("one")
    output_of(gonggo(env, "collect", "btp"))
    settings = settings_of(env)
    with closing(open_snapshot(settings)) as con:
        wanted = con.execute("SELECT title, status FROM current_announcement ORDER BY ALL").fetchall()
    output_of(gonggo(env, "maintenance"))
    with writer(settings) as con:
        assert con.execute("SELECT title, status FROM current_announcement ORDER BY ALL").fetchall() == wanted
