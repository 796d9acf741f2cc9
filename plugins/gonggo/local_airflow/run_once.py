"""Everything once, through real Airflow: collect every active source, let the assets hand over, publish, report.

Exit status 0 only when every run succeeded and all that was collected is in the published tables.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from typing import Any

from rich.console import Console

from gonggo.crawl.run_files import batch_ids, read_json
from gonggo.errors import GonggoError, user_message
from gonggo.local_airflow.airflow_api import FINAL, AirflowApi
from gonggo.local_airflow.database import close_open_runs, prepare_database
from gonggo.local_airflow.environment import airflow_environment, alone, free_port, password, with_portal
from gonggo.local_airflow.programs import Programs, wait_for
from gonggo.settings import Settings, load_settings, read_settings
from gonggo.sources.catalogue import Site, active_sites, no_active_source_message, skipped_summary

PATIENCE_SECONDS = 3600.0
EXAMPLES = (
    "SELECT region, title, closes_on FROM open_calls WHERE closes_on IS NOT NULL ORDER BY closes_on LIMIT 5",
    "SELECT krw, role, evidence_quote FROM fact_amount ORDER BY krw DESC LIMIT 5",
)


class Once:
    """One run of everything."""

    def __init__(self, settings: Settings, console: Console) -> None:
        self.console = console
        # First of all: what a killed run left running may hold the ports.
        self.stopped = Programs(settings.home / "airflow" / "logs", {}).stop_leftovers()
        self.settings = with_portal(settings, console.print)
        self.port = free_port(8080)
        env = airflow_environment(self.settings, self.port, one_shot=True)
        self.programs = Programs(self.settings.home / "airflow" / "logs", env)
        self.base = f"http://127.0.0.1:{self.port}"
        self.before: set[str] = set()

    def run(self) -> int:
        """The exit status."""
        started = time.monotonic()
        sites = active_sites(self.settings)
        if not sites:
            raise GonggoError(no_active_source_message(self.settings))
        self.recover()
        self.before = self.batches()
        self.start()
        try:
            api = self.connect(sites)
            states = self.collect(api, sites)
            states["warehouse"] = self.wait_for_warehouse(api)
        finally:
            self.console.print("Stopping Airflow …")
            self.programs.stop()
        return self.tell(sites, states, time.monotonic() - started)

    def recover(self) -> None:
        """Mend what a killed run left: its programs, its open DAG runs, its half-collected announcements."""
        from gonggo import pipeline

        if self.stopped:
            self.console.print(f"A run before this one was cut off; ended its {', '.join(self.stopped)}.")
        close_open_runs(self.settings.home / "airflow" / "airflow.db")
        for batch in pipeline.recover(self.settings, certain=True):
            self.console.print(f"Kept what {batch} had collected before it was cut off.")

    def batches(self) -> set[str]:
        return batch_ids(self.settings)

    def start(self) -> None:
        """Start the portal and Airflow's parts side by side."""
        python, programs = sys.executable, self.programs
        if self.settings.demo_url:
            programs.start("portal", python, "-m", "demo.portal", "--port", self.settings.demo_url.rpartition(":")[2])
        self.console.print("Starting Airflow …")
        prepare_database(programs)
        programs.start("scheduler", python, "-m", "airflow", "scheduler")
        programs.start("dag-processor", python, "-m", "airflow", "dag-processor")
        programs.start("api-server", python, "-m", "airflow", "api-server")

    def connect(self, sites: list[Site]) -> AirflowApi:
        """Log in, and wait until the DAGs are known."""
        wait_for(f"{self.base}/api/v2/version", 180, self.programs)
        api = AirflowApi(self.base, password(self.settings))
        wanted = {f"collect_{site.id}" for site in sites} | {"warehouse"}
        deadline = time.monotonic() + 120
        while not wanted <= api.dags():
            self.programs.demand_alive()
            if time.monotonic() > deadline:
                raise GonggoError(f"Airflow did not find the DAGs {', '.join(sorted(wanted - api.dags()))}")
            time.sleep(0.3)
        return api

    def collect(self, api: AirflowApi, sites: list[Site]) -> dict[str, str]:
        """Trigger every collecting DAG and follow them to their ends."""
        runs = {f"collect_{site.id}": api.trigger(f"collect_{site.id}") for site in sites}
        states: dict[str, str] = {}
        shown: dict[str, str] = {}
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(states) < len(runs):
            self.programs.demand_alive()
            if time.monotonic() > deadline:
                raise GonggoError(f"not finished after {PATIENCE_SECONDS:.0f} s: {', '.join(set(runs) - set(states))}")
            self.show(sites, shown)
            for dag_id, run_id in runs.items():
                if dag_id not in states and (state := api.state(dag_id, run_id)) in FINAL:
                    states[dag_id] = state
            time.sleep(0.5)
        self.show(sites, shown)
        return states

    def show(self, sites: list[Site], shown: dict[str, str]) -> None:
        """Print a line for each source that got further."""
        for site in sites:
            path = self.settings.work / "progress" / f"{site.id}.json"
            if not path.exists():
                continue
            data = read_json(path)
            if "step" not in data or f"{site.id}__{data.get('run_id')}" in self.before:
                continue
            counts = " · ".join(
                f"{n} {data[n]}" for n in ("listed", "new", "fetched", "extracted", "failed") if n in data
            )
            line = f"{site.name.ko}: {data['step']:<10} {counts}"
            if shown.get(site.id) != line:
                shown[site.id] = line
                self.console.print(f"  {line}", highlight=False)

    def wait_for_warehouse(self, api: AirflowApi) -> str:
        """Wait until the asset-triggered runs have published every batch; returns the state of the last run."""
        self.console.print("Warehouse: load → link → build → check → publish → export …")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            self.programs.demand_alive()
            runs = api.runs("warehouse")
            busy = any(run["state"] not in FINAL for run in runs)
            if not busy and not self.unpublished():
                # What comes after the publication, the exports, can fail too.
                return "failed" if runs and runs[0]["state"] == "failed" else "success"
            if not busy and runs and runs[0]["state"] == "failed" and not self._expects_more(runs[0]):
                return "failed"
            time.sleep(0.5)
        return "not finished"

    def _expects_more(self, run: dict[str, Any]) -> bool:
        """Whether a batch was staged after a failed run began: the asset will start another one."""
        from datetime import datetime

        begun = datetime.fromisoformat(run["start_date"]).timestamp() if run.get("start_date") else 0.0
        return any((self.settings.batches / name).stat().st_mtime > begun for name in self.unpublished())

    def unpublished(self) -> set[str]:
        """Batches that the published snapshot does not hold."""
        from gonggo.warehouse.completeness import published_batches

        return self.batches() - published_batches(self.settings)

    def tell(self, sites: list[Site], states: dict[str, str], seconds: float) -> int:
        """Print the report and what to do next; returns the exit status."""
        from gonggo.report.html import render_html
        from gonggo.report.summary import print_summary
        from gonggo.warehouse.completeness import missing

        console = self.console
        for line in skipped_summary(self.settings):
            console.print(f"[dim]{line}[/]", highlight=False)
        new = [
            json.loads((self.settings.batches / b / "run.json").read_text("utf-8"))
            for b in self.batches() - self.before
        ]
        if self.settings.snapshot.exists():
            print_summary(self.settings, console)
            console.print(f"\nReport:    {render_html(self.settings)}")
            console.print(f"Published: {self.settings.snapshot}\n\nBrowse it:\n  .venv/bin/gonggo web\nQuery it:")
            for query in EXAMPLES:
                console.print(f'  .venv/bin/gonggo sql "{query}"', highlight=False, soft_wrap=True)
        if not sum(run["new"] + run["changed"] for run in new):
            console.print("\nNothing new: every announcement was known already.")
        lost = missing(self.settings)
        bad = sorted(name for name, state in states.items() if state != "success")
        for source, native_id in lost[:20]:
            console.print(f"[red]not in the tables: {source} {native_id}[/]")
        if bad:
            console.print(f"[red]failed: {', '.join(bad)}; logs in {self.programs.logs}[/]")
        console.print(f"\n{len(sites)} sources, {seconds:.0f} s.")
        return 1 if lost or bad else 0


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Run once; a known error is one line."""
    console = Console()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        settings = load_settings()
        with alone(settings, "make run"):
            return Once(settings, console).run()
    except KeyboardInterrupt:
        console.print("Stopped. Run it again: it goes on where it was.")
        return 1
    except Exception as error:
        return tell(console, error)


def tell(console: Console, error: Exception) -> int:
    """Print an error as one line with the next step; returns the exit status. A fault of the program is raised."""
    said = user_message(error, read_settings()[0].home)
    if said is None:
        raise error
    console.print(f"gonggo: {said}", style="red", markup=False, highlight=False, soft_wrap=True)
    return 1


if __name__ == "__main__":
    sys.exit(main())
