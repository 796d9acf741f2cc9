"""Publication: checks, then a copy of the warehouse that replaces the snapshot in one step; and the way back."""

from __future__ import annotations

from typing import Any

from gonggo.model import move_into_place, temporary_path
from gonggo.settings import Settings
from gonggo.warehouse.checks import ensure_checked
from gonggo.warehouse.factory import warehouse_of
from gonggo.warehouse.history import add_to_history, publication_time
from gonggo.warehouse.marts import make_marts
from gonggo.warehouse.migrate import migrate
from gonggo.warehouse.writer import writer


def publish(settings: Settings) -> dict[str, Any]:
    """Run the checks and replace the snapshot atomically. Readers keep the file that they have open.

    Returns:
        ``{"snapshot": path, "bytes": size, "kept": number of snapshots in the history}``.

    Raises:
        WarehouseError: A blocking rule is broken, or the snapshot could not be written; the last good one stays.
    """
    settings.snapshot.parent.mkdir(parents=True, exist_ok=True)
    warehouse, temporary = warehouse_of(settings), temporary_path(settings.snapshot)
    with warehouse.lock():
        with writer(settings) as con:
            ensure_checked(con)
            warehouse.export(con, temporary, create_tables=migrate, make_marts=make_marts)
        size = temporary.stat().st_size
        named, kept = add_to_history(settings, temporary)
        move_into_place(temporary, settings.snapshot)
        warehouse.share_snapshot(named)
    return {"snapshot": str(settings.snapshot), "bytes": size, "kept": kept}


def roll_back(settings: Settings) -> dict[str, Any]:
    """Publish the snapshot before the current one again; a second call goes one further back.

    Readers keep the file that they have open. The next publication goes forward again.

    Returns:
        ``{"snapshot": path, "published_at": when it was first published, "older": how many older ones are kept}``.

    Raises:
        WarehouseError: No older snapshot is kept.
    """
    name, older = warehouse_of(settings).roll_back()
    return {"snapshot": str(settings.snapshot), "published_at": publication_time(name), "older": older}
