"""Figures for those who watch over Gonggo: what a run came to, and how old the published data are."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import datetime
from typing import Any

import duckdb

from gonggo.model import read_jsonl
from gonggo.report.freshness import late_sources
from gonggo.settings import Settings
from gonggo.warehouse.snapshot import open_snapshot

_COUNTED = ("listed", "new", "changed", "extracted", "failed")


def of_run(settings: Settings, batch_id: str) -> dict[str, Any]:
    """What a staged run came to: source, state, counts of announcements, requests, bytes that came, seconds."""
    folder = settings.batches / batch_id
    run = json.loads((folder / "run.json").read_text("utf-8"))
    sizes = [fetch["bytes"] or 0 for fetch in read_jsonl(folder / "fetches.jsonl")]
    begun, ended = (datetime.fromisoformat(run[name]) for name in ("started_at", "finished_at"))
    counts = {name: run[name] for name in _COUNTED}
    figures = {"source": run["source"], "state": run["state"], "seconds": (ended - begun).total_seconds()}
    return {**figures, **counts, "requests": len(sizes), "bytes": sum(sizes)}


def age_seconds(con: duckdb.DuckDBPyConnection) -> float | None:
    """Seconds since the newest run that is published ended; None where there is none."""
    age: float | None = (con.execute("SELECT epoch(now() - max(finished_at)) FROM source_run").fetchone() or (None,))[0]
    return age


def of_snapshot(settings: Settings) -> dict[str, int]:
    """How many sources are late, and how many seconds ago the newest run that is published ended, if there is one.

    Raises:
        WarehouseError: nothing is published yet.
    """
    with closing(open_snapshot(settings)) as con:
        age = age_seconds(con)
    figures = {"late_sources": len(late_sources(settings))}
    return figures if age is None else {**figures, "age_seconds": round(age)}
