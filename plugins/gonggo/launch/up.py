"""Airflow with its UI, until Ctrl-C."""

from __future__ import annotations

import signal
import sys
import time

from rich.console import Console

from gonggo.errors import GonggoError
from gonggo.launch.database import prepare_database
from gonggo.launch.environment import USER, airflow_environment, free_port, password
from gonggo.launch.programs import Programs, wait_for
from gonggo.launch.run_once import _interrupt
from gonggo.settings import load_settings
from gonggo.sources.catalogue import active_sites, skipped_in_words

PORT = 8080


def main() -> int:
    """Start Airflow's parts (and the portal in demo mode), print the login, stop all at Ctrl-C."""
    console, settings = Console(), load_settings()
    signal.signal(signal.SIGTERM, _interrupt)
    if free_port(PORT) != PORT:
        console.print(f"[red]Port {PORT} is taken; stop what listens there, then try again.[/]")
        return 1
    env = airflow_environment(settings, PORT, one_shot=False)
    programs = Programs(settings.home / "airflow" / "logs", env)
    try:
        programs.stop_leftovers()
        _start(programs, settings.demo_url)
        wait_for(f"http://127.0.0.1:{PORT}/api/v2/version", 180, programs)
        console.print(
            f"\nAirflow: http://127.0.0.1:{PORT}   user {USER}, password {password(settings)}", highlight=False
        )
        console.print(f"Sources: {', '.join(site.id for site in active_sites(settings))}")
        for line in skipped_in_words(settings):
            console.print(f"[dim]  {line}[/]", highlight=False)
        console.print("Ctrl-C stops all of it.")
        while True:
            programs.demand_alive()
            time.sleep(1)
    except KeyboardInterrupt:
        console.print("Stopping …")
    except GonggoError as error:
        console.print(f"[red]gonggo: {error}[/]", highlight=False)
        return 1
    finally:
        programs.stop()
    return 0


def _start(programs: Programs, demo_url: str | None) -> None:
    prepare_database(programs)
    python = sys.executable
    if demo_url:
        programs.start("portal", python, "-m", "demo.portal", "--port", demo_url.rpartition(":")[2])
    for part in ("scheduler", "dag-processor", "triggerer", "api-server"):
        programs.start(part, python, "-m", "airflow", part)


if __name__ == "__main__":
    sys.exit(main())
