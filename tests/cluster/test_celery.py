"""The whole pipeline by Celery workers on two machines publishes what it publishes on one."""

from gonggo.report.named import list_reports
from gonggo.sources.catalogue import active_sites
from gonggo.warehouse.snapshot import open_snapshot
from gonggo.warehouse.sql_files import rows
from tests.cluster.airflow import cluster
from tests.cluster.machines import gonggo, output_of, settings_of, without_cluster
from tests.world import VERSIONS, masked, tables

# Reports about the runs themselves.
RUN_REPORTS = ("what_changed", "source_health", "problems", "warnings")


def test_the_published_tables_are_those_of_the_single_machine(servers, machine, tmp_path):
    single = without_cluster(machine("single"))
    output_of(gonggo(single, "collect"))
    sites = [f"collect_{site.id}" for site in active_sites(settings_of(single))]
    with cluster(servers, machine, tmp_path, workers=2, GONGGO_LOADERS="2") as airflow:
        states = airflow.collect(sites)
        assert set(states.values()) == {"success"}, states
        airflow.wait_for_warehouse()
        took_part = [programs.logs / "worker.log" for programs in airflow.programs[1:]]
        assert all("Workload finished" in log.read_text("utf-8") for log in took_part)
    actual, expected = (masked(tables(settings_of(env), versions=VERSIONS)) for env in (machine("reader"), single))
    assert actual == expected
    assert len(expected["calls"]) > 100
    both = [reports(settings_of(env)) for env in (machine("reader"), single)]
    assert both[0] == both[1]


def reports(settings):
    """Return the rows of the named reports without run details."""
    con = open_snapshot(settings)
    names = {report.name: report.path for report in list_reports()}
    lines_of_report = {name: sorted(map(repr, rows(con, path.read_text("utf-8")))) for name, path in names.items()}
    con.close()
    return masked({name: lines for name, lines in lines_of_report.items() if name not in RUN_REPORTS})
