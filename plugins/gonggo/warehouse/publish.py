"""The snapshot that readers open: checked, copied aside, then put in place in one step."""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from gonggo.settings import SEOUL, Settings
from gonggo.warehouse.checks import broken_rules, refuse
from gonggo.warehouse.connect import writer
from gonggo.warehouse.marts import create_views
from gonggo.warehouse.migrate import migrate


def publish(settings: Settings) -> dict[str, Any]:
    """Check once more, and replace the snapshot atomically. A reader keeps the file it has open.

    Returns ``{"snapshot": path, "bytes": size, "kept": snapshots in history}``.

    Errors:
        WarehouseError: a blocking rule is broken; the last good snapshot stays.
    """
    settings.snapshot.parent.mkdir(parents=True, exist_ok=True)
    scratch = settings.snapshot.with_name(f".{settings.snapshot.name}.{os.getpid()}.part")
    with writer(settings) as con:
        migrate(con)
        create_views(con)
        refuse(broken_rules(con))
        con.execute("CHECKPOINT")
    shutil.copyfile(settings.warehouse, scratch)
    _to_disk(scratch)
    size = scratch.stat().st_size
    kept = _remember(settings, scratch)
    scratch.replace(settings.snapshot)
    _to_disk(settings.snapshot.parent)
    return {"snapshot": str(settings.snapshot), "bytes": size, "kept": kept}


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remember(settings: Settings, fresh: Path) -> int:
    """Give the new snapshot a second name in the history (a hard link costs no space) and drop the oldest."""
    history = settings.snapshot.parent / "history"
    history.mkdir(exist_ok=True)
    stamp = datetime.now(SEOUL).strftime("%Y%m%dT%H%M%S.%f")
    try:
        os.link(fresh, history / f"gonggo-{stamp}.duckdb")
    except OSError:
        shutil.copyfile(fresh, history / f"gonggo-{stamp}.duckdb")
    old = sorted(history.glob("gonggo-*.duckdb"))[: -settings.keep_snapshots]
    for path in old:
        path.unlink()
    return len(list(history.glob("gonggo-*.duckdb")))
