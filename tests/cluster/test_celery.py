"""The whole pipeline by Celery workers on two machines, beside the whole pipeline on one."""

import re

from gonggo.report.named import list_reports
from gonggo.sources.catalogue import active_sites
from gonggo.warehouse.snapshot import open_snapshot
from gonggo.warehouse.sql_files import rows
from tests.cluster.airflow import cluster
from tests.cluster.machines import alone, gonggo, said, settings_of
from tests.world import VERSIONS, tables

# Keys of versions, moments of a collection, which of two sites named a call first; reports of runs themselves.
OF_THE_RUN = re.compile(r"[0-9a-f]{20}|20\d\d-\d\d-\d\d \d\d:\d\d:\d\d[.\d]*\+|http://[^']*|(?<=')(?:\[\w\w\] )+")
OF_RUNS = ("what_changed", "source_health", "problems", "warnings")


def test_the_published_tables_are_those_of_the_single_machine(there, machine, tmp_path):
    single = alone(machine("single"))
    said(gonggo(single, "collect"))
    sites = [f"collect_{site.id}" for site in active_sites(settings_of(single))]
    with cluster(there, machine, tmp_path, workers=2, GONGGO_LOADERS="2") as airflow:
        states = airflow.collect(sites)
        assert set(states.values()) == {"success"}, states
        airflow.wait_for_warehouse()
        took_part = [programs.logs / "worker.log" for programs in airflow.parts[1:]]
        assert all("Workload finished" in log.read_text("utf-8") for log in took_part)
    mine, wanted = (masked(tables(settings_of(env), versions=VERSIONS)) for env in (machine("reader"), single))
    assert mine == wanted
    assert len(wanted["calls"]) > 100
    told = [reports(settings_of(env)) for env in (machine("reader"), single)]
    assert told[0] == told[1]


def reports(settings):
    """The rows of the named reports, without moments and the keys made of them."""
    con = open_snapshot(settings)
    names = {report.name: report.path for report in list_reports()}
    found = {name: sorted(map(repr, rows(con, path.read_text("utf-8")))) for name, path in names.items()}
    con.close()
    return masked({name: lines for name, lines in found.items() if name not in OF_RUNS})


def masked(found):
    """Rows without what a run has of its own, and without the region that one site puts before titles: which of two
    sites with one call is named follows from which was asked first."""
    return {name: sorted(OF_THE_RUN.sub("", row) for row in lines) for name, lines in found.items()}
