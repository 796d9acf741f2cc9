"""Runs Airflow with its UI until Ctrl-C."""

from __future__ import annotations

import signal
import sys
import time

from rich.console import Console

from gonggo.errors import GonggoError
from gonggo.local_airflow.database import prepare_database, unmark_runs_ended
from gonggo.local_airflow.environment import USER, airflow_environment, exclusive, free_port, password, with_portal
from gonggo.local_airflow.programs import START_SECONDS, Programs, wait_for
from gonggo.local_airflow.run_once import print_error, raise_interrupt
from gonggo.settings import Settings, load_settings
from gonggo.sources.catalogue import active_sites, skipped_summary

PORT = 8080


def main() -> int:
    """Run Airflow (and the portal in demo mode) until Ctrl-C; return the exit status."""
    console = Console()
    signal.signal(signal.SIGTERM, raise_interrupt)
    try:
        settings = load_settings()
        with exclusive(settings, "make up", f"http://127.0.0.1:{PORT}"):
            _serve(settings, console)
    except KeyboardInterrupt:
        return 0
    except Exception as error:
        return print_error(console, error)
    return 0


def _serve(settings: Settings, console: Console) -> None:
    """Start all programs and monitor them; stop all at Ctrl-C, or when one of them ends."""
    Programs(settings.home / "airflow" / "logs", {}).stop_leftovers()
    if free_port(PORT) != PORT:
        raise GonggoError(
            f"Port {PORT} is taken. Stop what listens there (ss -ltnp 'sport = :{PORT}' names it), then try again."
        )
    settings = with_portal(settings, console.print)
    programs = Programs(settings.home / "airflow" / "logs", airflow_environment(settings, PORT, one_shot=False))
    try:
        _start(programs, settings.demo_url)
        wait_for(f"http://127.0.0.1:{PORT}/api/v2/version", START_SECONDS, programs)
        console.print(
            f"\nAirflow: http://127.0.0.1:{PORT}   user {USER}, password {password(settings)}", highlight=False
        )
        console.print(f"Sources: {', '.join(site.id for site in active_sites(settings))}")
        for line in skipped_summary(settings):
            console.print(f"[dim]  {line}[/]", highlight=False)
        console.print("Ctrl-C stops all of it.")
        while True:
            programs.check_alive()
            time.sleep(1)
    except KeyboardInterrupt:
        console.print("Stopping …")
        raise
    finally:
        programs.stop()


def _start(programs: Programs, demo_url: str | None) -> None:
    prepare_database(programs)
    unmark_runs_ended(programs.logs.parent)
    python = sys.executable
    if demo_url:
        programs.start("portal", python, "-m", "demo.portal", "--port", demo_url.rpartition(":")[2])
    for part in ("scheduler", "dag-processor", "triggerer", "api-server"):
        programs.start(part, python, "-m", "airflow", part)


if __name__ == "__main__":
    sys.exit(main())
