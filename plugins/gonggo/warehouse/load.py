"""Batches into tables: each batch once, in one transaction, by set operations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

from gonggo.datafile import load_yaml
from gonggo.settings import ROOT, Settings
from gonggo.warehouse.connect import SQL, statements, transaction, writer
from gonggo.warehouse.migrate import migrate

REGIONS = ROOT / "plugins" / "gonggo" / "extract" / "lexicon" / "regions.csv"


def load_batches(settings: Settings) -> dict[str, Any]:
    """Load every batch that the load log does not have.

    Returns ``{"loaded": [batch ids], "documents": rows brought, "known": batches skipped}``.
    """
    with writer(settings) as con:
        migrate(con)
        _references(con)
        known = {row[0] for row in con.execute("SELECT batch_id FROM load_log").fetchall()}
        waiting = [path for path in _batches(settings) if path.name not in known]
        documents = sum(_load(con, path, _nothing(settings)) for path in waiting)
        return {"loaded": [path.name for path in waiting], "documents": documents, "known": len(known)}


def _batches(settings: Settings) -> list[Path]:
    if not settings.batches.is_dir():
        return []
    return sorted(path for path in settings.batches.iterdir() if (path / "run.json").is_file())


def _load(con: duckdb.DuckDBPyConnection, batch: Path, nothing: Path) -> int:
    files = {name: _existing(batch, name, nothing) for name in ("run", "documents", "fetches", "listings")}
    with transaction(con):
        for step in sorted((SQL / "load").glob("[0-9]*.sql")):
            statements(con, step, batch=batch.name, **files)
        counts = con.execute(
            "SELECT (SELECT count(*) FROM stage_document), (SELECT count(*) FROM stage_fetch)"
        ).fetchone()
        assert counts is not None
        con.execute("INSERT INTO load_log VALUES (?, now(), ?, ?)", [batch.name, *counts])
    return int(counts[0])


def _existing(batch: Path, name: str, nothing: Path) -> str:
    """The path of a batch file; a run that failed at its list may have no documents."""
    path = batch / ("run.json" if name == "run" else f"{name}.jsonl")
    return str(path) if path.is_file() else str(nothing)


def _nothing(settings: Settings) -> Path:
    """An empty file, read in place of one that a batch does not have."""
    path = settings.warehouse.with_name("nothing.jsonl")
    path.touch()
    return path


def _references(con: duckdb.DuckDBPyConnection) -> None:
    """Bring the tables that come from data files, regions and sources, to the state of the files."""
    sites, places = (json.dumps(rows, ensure_ascii=False) for rows in (_sites(), _places()))
    with transaction(con):
        statements(con, SQL / "load" / "references.sql", regions=str(REGIONS), sites=sites, places=places)


def _places() -> list[dict[str, str]]:
    landmarks = load_yaml(REGIONS.with_name("places.yaml"))["landmarks"]
    return [{"name": name, "region": region} for region, names in landmarks.items() for name in names]


def _sites() -> list[dict[str, str]]:
    from gonggo.sources.catalogue import load_catalogue

    return [
        {
            "source": site.id,
            "name_ko": site.name.ko,
            "name_en": site.name.en,
            "operator": site.operator,
            "region": site.region,
            "home": site.home,
            "family": site.family,
        }
        for site in load_catalogue().values()
    ]
