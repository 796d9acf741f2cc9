"""The warehouse as a lake: the same rows as in the file, whoever loads them and however many at once."""

import random
import shutil
import time
from contextlib import closing

from gonggo.cluster.object_store import object_store
from gonggo.warehouse.snapshot import open_snapshot
from gonggo.warehouse.writer import writer
from tests.cluster.machines import alone, every_row, gonggo, said, settings_of, step

LOADERS = 4
SIDE_BY_SIDE = """
SELECT count(*) FROM site.fact_rows AS r JOIN fact_amount AS a ON a.rowid BETWEEN r.first_row AND r.last_row AND a.version_key = r.version_key
WHERE r.fact_table = 'fact_amount'
"""


def handed_over(machine, name="single"):
    """A single machine's batches and published tables; its batches brought to the store."""
    env = alone(machine(name))
    said(gonggo(env, "collect"))
    single = settings_of(env)
    names = [path.relative_to(single.home).as_posix() for path in single.batches.rglob("*.json*")]
    object_store(settings_of(machine("a"))).upload_all(single.home, names)
    return single


def test_every_row_is_that_of_the_single_machine_with_several_loaders_at_once(machine):
    single = handed_over(machine)
    machines = [machine(f"loader{part}", GONGGO_LOADERS=str(LOADERS)) for part in range(LOADERS)]
    loads = [step(env, f"load(part={part})") for part, env in enumerate(machines)]
    told = [said(load) for load in loads]
    assert sum("'loaded': []" not in text for text in told) > 1, "one loader had all of the work"
    for env, call in zip(machines, ("link()", "build()", "check()", "publish()"), strict=True):
        said(step(env, call))
    mine, wanted = every_row(settings_of(machines[0])), every_row(single)
    assert mine.keys() == wanted.keys()
    # The places of rows in a file are of the file.
    differing = {name for name in wanted if mine[name] != wanted[name]} - {
        "site.call_lookup",
        "site.fact_rows",
        "warehouse_state",
    }
    assert not differing, {name: (set(mine[name]) ^ set(wanted[name])) for name in differing}
    assert len(wanted["announcement"]) > 100
    with closing(open_snapshot(settings_of(machines[0]))) as con:
        # By these the pages read the facts of a version without a search.
        assert con.execute(SIDE_BY_SIDE).fetchone() == con.execute("SELECT count(*) FROM fact_amount").fetchone()


def test_loaders_killed_at_any_moment_lose_and_double_nothing(machine):
    single = handed_over(machine)
    draw = random.Random(5)
    for _ in range(4):
        loads = [step(machine(f"m{part}", GONGGO_LOADERS="3"), f"load(part={part})") for part in range(3)]
        time.sleep(draw.uniform(1.0, 3.5))
        for load in loads:
            load.kill()
            load.wait()
    for part in range(3):
        said(step(machine(f"m{part}", GONGGO_LOADERS="3"), f"load(part={part})"))
    said(gonggo(machine("last"), "publish"))
    mine, wanted = every_row(settings_of(machine("last"))), every_row(single)
    for name in ("announcement_version", "document", "fact_amount", "load_log", "listing", "fetch"):
        assert mine[name] == wanted[name], name


def test_a_reader_elsewhere_has_each_publication_and_can_go_back(machine, portal):
    writes, reads = machine("writes"), settings_of(machine("reads"))
    said(gonggo(writes, "collect", "btp"))
    with closing(open_snapshot(reads)) as con:
        before = con.execute("SELECT count(*) FROM announcement").fetchone()
    said(gonggo(writes, "collect", "jbba"))
    with closing(open_snapshot(reads)) as con:
        assert con.execute("SELECT count(*) FROM announcement").fetchone() > before
    said(gonggo(machine("reads"), "publish", "--back"))
    with closing(open_snapshot(settings_of(machine("third")))) as con:
        assert con.execute("SELECT count(*) FROM announcement").fetchone() == before
    shutil.rmtree(reads.home)


def test_the_lake_answers_the_same_questions_and_keeps_its_house(machine):
    env = machine("one")
    said(gonggo(env, "collect", "btp"))
    settings = settings_of(env)
    with closing(open_snapshot(settings)) as con:
        wanted = con.execute("SELECT title, status FROM current_announcement ORDER BY ALL").fetchall()
    said(gonggo(env, "maintenance"))
    with writer(settings) as con:
        assert con.execute("SELECT title, status FROM current_announcement ORDER BY ALL").fetchall() == wanted
