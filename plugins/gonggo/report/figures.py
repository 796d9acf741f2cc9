"""Figures for monitoring: the result of a run, and the age of the published data."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import datetime

import duckdb

from gonggo.model import read_jsonl
from gonggo.report.freshness import late_sources
from gonggo.settings import Settings
from gonggo.step_results import RunFigures
from gonggo.warehouse.snapshot import open_snapshot
from gonggo.warehouse.sql_files import first_row


def run_figures(settings: Settings, batch_id: str) -> RunFigures:
    """Return the figures of a staged run, for metrics."""
    folder = settings.batches / batch_id
    run = json.loads((folder / "run.json").read_text("utf-8"))
    sizes = [fetch["bytes"] or 0 for fetch in read_jsonl(folder / "fetches.jsonl")]
    started, ended = (datetime.fromisoformat(run[name]) for name in ("started_at", "finished_at"))
    return {
        "source": run["source"],
        "state": run["state"],
        "seconds": (ended - started).total_seconds(),
        "listed": run["listed"],
        "new": run["new"],
        "changed": run["changed"],
        "extracted": run["extracted"],
        "failed": run["failed"],
        "requests": len(sizes),
        "bytes": sum(sizes),
    }


def age_seconds(con: duckdb.DuckDBPyConnection) -> float | None:
    """Return the seconds since the end of the newest published run; None if there is none."""
    age: float | None = (first_row(con, "SELECT epoch(now() - max(finished_at)) FROM source_run") or (None,))[0]
    return age


def snapshot_figures(settings: Settings) -> dict[str, int]:
    """Return the number of late sources, and the seconds since the end of the newest published run, if there is one.

    Raises:
        WarehouseError: nothing is published yet.
    """
    with closing(open_snapshot(settings)) as con:
        age = age_seconds(con)
    figures = {"late_sources": len(late_sources(settings))}
    return figures if age is None else {**figures, "age_seconds": round(age)}
