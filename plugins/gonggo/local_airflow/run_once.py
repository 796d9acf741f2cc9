"""Runs the whole pipeline once in Airflow: collect every active source, publish, export, report.

The exit status is 0 only if every DAG run succeeded and everything that was collected is in the published tables.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from functools import partial
from typing import Any

from rich.console import Console

from gonggo.crawl.run_files import batch_ids, read_json
from gonggo.errors import GonggoError, user_message
from gonggo.local_airflow.airflow_api import FINAL, AirflowApi
from gonggo.local_airflow.database import have_runs_ended, mark_runs_ended, prepare_database, unmark_runs_ended
from gonggo.local_airflow.environment import (
    HomeInUseError,
    airflow_environment,
    exclusive,
    free_port,
    password,
    with_portal,
)
from gonggo.local_airflow.programs import START_SECONDS, Programs, wait_for
from gonggo.progress import Progress
from gonggo.settings import Settings, load_settings, read_settings
from gonggo.sources.catalogue import Site, active_sites, no_active_source_message, skipped_summary

TIMEOUT_SECONDS = 3600.0
EXAMPLE_QUERIES = (
    "SELECT sidos, title, closes_on FROM open_calls WHERE closes_on IS NOT NULL ORDER BY closes_on LIMIT 5",
    "SELECT krw, role, evidence_quote FROM fact_amount ORDER BY krw DESC LIMIT 5",
)


class OneShotRun:
    """One run of the whole pipeline, in an Airflow that it starts and stops."""

    def __init__(self, settings: Settings, console: Console, progress: Progress) -> None:
        self.settings, self.console, self.progress = settings, console, progress
        self.programs = Programs(settings.home / "airflow" / "logs", {})
        self.base = ""
        self.batches_before: set[str] = set()

    def run(self) -> int:
        """Run everything; return the exit status."""
        started = time.monotonic()
        sites = active_sites(self.settings)
        if not sites:
            raise GonggoError(no_active_source_message(self.settings))
        self.prepare()
        self.batches_before = self.batches()
        try:
            self.start()
            self.progress.step("Airflow is starting")
            api = self.connect(sites)
            self.progress.step(f"starting the runs of {len(sites)} sources")
            self.progress.say(f"Collecting {len(sites)} sources …")
            states = self.collect(api, sites)
            states["warehouse"] = self.wait_for_warehouse(api)
            self.end(api)
        finally:
            self.stop()
        self.progress.step("rendering the report")
        return self.report(sites, states, time.monotonic() - started)

    def prepare(self) -> None:
        """Stop what a killed run left running, choose ports, and stage what the killed run had collected."""
        # Before ports are chosen, because leftovers of a killed run may occupy them.
        leftovers = self.programs.stop_leftovers()
        self.settings = with_portal(self.settings, self.progress.say)
        port = free_port(8080)
        self.programs.env = airflow_environment(self.settings, port, one_shot=True)
        self.base = f"http://127.0.0.1:{port}"
        self.recover(leftovers)

    def end(self, api: AirflowApi) -> None:
        """Stop the scheduler, and close the runs that it may have left open."""
        self.progress.step("stopping Airflow")
        self.progress.say("Stopping Airflow …")
        self.programs.stop_all_but_server()
        # A last batch may have triggered a run that has nothing to do.
        api.fail_open_runs()
        mark_runs_ended(self.settings.home / "airflow")

    def stop(self) -> None:
        """Stop all programs."""
        self.programs.stop()

    def recover(self, leftovers: list[str]) -> None:
        """Recover from a killed run: report its stopped programs, and stage what it had collected."""
        from gonggo import pipeline

        if leftovers:
            self.progress.say(
                f"The previous run was interrupted; stopped what it left running: {', '.join(leftovers)}."
            )
        for batch in pipeline.recover(self.settings, certain=True):
            self.progress.say(f"Kept what {batch} had collected before it was interrupted.")

    def batches(self) -> set[str]:
        return batch_ids(self.settings)

    def start(self) -> None:
        """Start the demo portal and the processes of Airflow."""
        python, programs = sys.executable, self.programs
        if self.settings.demo_url:
            programs.start("portal", python, "-m", "demo.portal", "--port", self.settings.demo_url.rpartition(":")[2])
        self.progress.step("preparing Airflow's database")
        self.progress.say("Starting Airflow …")
        airflow_home = self.settings.home / "airflow"
        runs_have_ended = have_runs_ended(airflow_home)
        prepare_database(programs)
        programs.start("api-server", python, "-m", "airflow", "api-server")
        if not runs_have_ended:
            # Before there is a scheduler, which would continue the runs that were interrupted.
            self.log_in().fail_open_runs()
        unmark_runs_ended(airflow_home)
        # A server of logs is for other machines; here they are read from their files.
        programs.start("scheduler", python, "-m", "airflow", "scheduler", "--skip-serve-logs")
        programs.start("dag-processor", python, "-m", "airflow", "dag-processor")

    def log_in(self) -> AirflowApi:
        """Wait until the API server answers, and log in.

        Raises:
            GonggoError: It did not answer in time.
        """
        wait_for(f"{self.base}/api/v2/version", START_SECONDS, self.programs)
        return AirflowApi(self.base, password(self.settings))

    def connect(self, sites: list[Site]) -> AirflowApi:
        """Log in and wait until the DAGs are parsed.

        Raises:
            GonggoError: Airflow or a DAG was not ready in time.
        """
        api = self.log_in()
        expected = {f"collect_{site.id}" for site in sites} | {"warehouse"}
        deadline = time.monotonic() + START_SECONDS
        while not expected <= api.dags():
            self.programs.check_alive()
            if time.monotonic() > deadline:
                raise GonggoError(f"Airflow did not find the DAGs {', '.join(sorted(expected - api.dags()))}")
            time.sleep(0.3)
        return api

    def collect(self, api: AirflowApi, sites: list[Site]) -> dict[str, str]:
        """Trigger every collecting DAG and wait for the end of its run; return their states by DAG id.

        Raises:
            GonggoError: A run did not end in time.
        """
        runs = {f"collect_{site.id}": api.trigger(f"collect_{site.id}") for site in sites}
        states: dict[str, str] = {}
        printed: dict[str, str] = {}
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while len(states) < len(runs):
            self.programs.check_alive()
            if time.monotonic() > deadline:
                raise GonggoError(f"not finished after {TIMEOUT_SECONDS:.0f} s: {', '.join(set(runs) - set(states))}")
            self.print_progress(sites, printed)
            # One request for all: the server has the tasks to serve.
            ended = runs.items() - api.open_runs() - {(dag_id, runs[dag_id]) for dag_id in states}
            for dag_id, run_id in ended:
                if (state := api.state(dag_id, run_id)) in FINAL:
                    states[dag_id] = state
            self.progress.step(f"collecting: {len(states)} of {len(runs)} sources finished")
            time.sleep(0.5)
        self.print_progress(sites, printed)
        return states

    def print_progress(self, sites: list[Site], printed: dict[str, str]) -> None:
        """Print a line for each source that has made progress since its last line."""
        for site in sites:
            path = self.settings.work / "progress" / f"{site.id}.json"
            if not path.exists():
                continue
            data = read_json(path)
            if "step" not in data or f"{site.id}__{data.get('run_id')}" in self.batches_before:
                continue
            counts = " · ".join(
                f"{n} {data[n]}" for n in ("listed", "new", "fetched", "extracted", "failed") if n in data
            )
            line = f"{site.name.ko}: {data['step']:<10} {counts}"
            if printed.get(site.id) != line:
                printed[site.id] = line
                self.progress.say(f"  {line}")

    def wait_for_warehouse(self, api: AirflowApi) -> str:
        """Wait until the runs triggered by the asset have published every batch; return the state of the last run."""
        self.progress.say("Warehouse: load → link → build → check → publish → export …")
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            self.programs.check_alive()
            runs = api.runs("warehouse")
            busy = any(run["state"] not in FINAL for run in runs)
            self.progress.step(f"warehouse: {self.warehouse_state(api, runs)}")
            if not busy and not self.unpublished():
                # The exports, which follow the publication, can fail too.
                return "failed" if runs and runs[0]["state"] == "failed" else "success"
            if not busy and runs and runs[0]["state"] == "failed" and not self._expects_more(runs[0]):
                return "failed"
            time.sleep(0.5)
        return "not finished"

    def warehouse_state(self, api: AirflowApi, runs: list[dict[str, Any]]) -> str:
        """Return what the warehouse DAG is doing, in words."""
        running = next((run["dag_run_id"] for run in runs if run["state"] == "running"), None)
        tasks = api.running_tasks("warehouse", running) if running else []
        return ", ".join(tasks) if tasks else "waiting for its next task"

    def _expects_more(self, run: dict[str, Any]) -> bool:
        """Return whether a batch was staged after a failed run began, so that the asset will trigger another run."""
        from datetime import datetime

        started_at = datetime.fromisoformat(run["start_date"]).timestamp() if run.get("start_date") else 0.0
        return any((self.settings.batches / name).stat().st_mtime > started_at for name in self.unpublished())

    def unpublished(self) -> set[str]:
        """Return the ids of the batches that are not in the published snapshot."""
        from gonggo.warehouse.completeness import published_batches

        return self.batches() - published_batches(self.settings)

    def report(self, sites: list[Site], states: dict[str, str], seconds: float) -> int:
        """Print the summary and what to do next; return the exit status."""
        from gonggo.report.html import render_html
        from gonggo.report.summary import print_summary
        from gonggo.warehouse.completeness import missing

        console = self.console
        for line in skipped_summary(self.settings):
            console.print(f"[dim]{line}[/]", highlight=False)
        new_runs = [
            json.loads((self.settings.batches / b / "run.json").read_text("utf-8"))
            for b in self.batches() - self.batches_before
        ]
        if self.settings.snapshot.exists():
            print_summary(self.settings, console)
            console.print(f"\nReport:    {render_html(self.settings)}")
            console.print(f"Published: {self.settings.snapshot}\n\nBrowse it:\n  .venv/bin/gonggo web\nQuery it:")
            for query in EXAMPLE_QUERIES:
                console.print(f'  .venv/bin/gonggo sql "{query}"', highlight=False, soft_wrap=True)
        if not sum(run["new"] + run["changed"] for run in new_runs):
            console.print("\nNothing new: every announcement was known already.")
        unpublished = missing(self.settings)
        failed = sorted(name for name, state in states.items() if state != "success")
        for source, native_id in unpublished[:20]:
            console.print(f"[red]not in the tables: {source} {native_id}[/]")
        if failed:
            console.print(f"[red]failed: {', '.join(failed)}; logs in {self.programs.logs}[/]")
        console.print(f"\n{len(sites)} sources, {seconds:.0f} s.")
        return 1 if unpublished or failed else 0


class SharedRun(OneShotRun):
    """One run of the whole pipeline in the Airflow of a running ``make up``, which keeps running."""

    def __init__(self, settings: Settings, console: Console, progress: Progress, other: HomeInUseError) -> None:
        super().__init__(settings, console, progress)
        self.base = other.url or ""
        progress.say(
            f"{other.command} (process {other.pid}) runs for {settings.home}; this run uses its Airflow: {self.base}"
        )

    def prepare(self) -> None:
        """Do nothing: the other process has prepared everything."""

    def start(self) -> None:
        """Do nothing: Airflow is running, or the other process is starting it."""

    def end(self, api: AirflowApi) -> None:
        """Leave Airflow, and the runs that it has scheduled itself, to the other process."""
        self.progress.say("Airflow keeps running.")

    def stop(self) -> None:
        """Do nothing: the other process stops Airflow."""


def raise_interrupt(*_: object) -> None:
    """Handle a signal as Ctrl-C."""
    raise KeyboardInterrupt


def main() -> int:
    """Run everything once; return the exit status."""
    console = Console()
    signal.signal(signal.SIGTERM, raise_interrupt)
    try:
        settings = load_settings()
        with Progress(partial(console.print, highlight=False, markup=False, soft_wrap=True)) as progress:
            try:
                with exclusive(settings, "make run"):
                    return OneShotRun(settings, console, progress).run()
            except HomeInUseError as other:
                if not other.url:
                    raise
                return SharedRun(settings, console, progress, other).run()
    except KeyboardInterrupt:
        console.print("Stopped. Run it again to continue.")
        return 130
    except Exception as error:
        return print_error(console, error)


def print_error(console: Console, error: Exception) -> int:
    """Print a known error as one line that says what to do; return the exit status. Raise any other error."""
    message = user_message(error, read_settings()[0].home)
    if message is None:
        raise error
    console.print(f"gonggo: {message}", style="red", markup=False, highlight=False, soft_wrap=True)
    return 1


if __name__ == "__main__":
    sys.exit(main())
