"""Publication: checks, the search index, then a copy of the warehouse that replaces the snapshot; and the way back."""

from __future__ import annotations

from gonggo.model import move_into_place, temporary_path
from gonggo.settings import Settings
from gonggo.step_results import PublishResult, RollBackResult
from gonggo.warehouse.checks import ensure_checked
from gonggo.warehouse.factory import warehouse_of
from gonggo.warehouse.history import add_to_history, publication_time
from gonggo.warehouse.marts import make_marts
from gonggo.warehouse.migrate import migrate
from gonggo.warehouse.search_index import update_search_index
from gonggo.warehouse.sql_files import first_row
from gonggo.warehouse.writer import writer


def publish(settings: Settings) -> PublishResult:
    """Run the checks, bring the search index up to date, and replace the snapshot atomically.

    Readers keep the file that they have open.

    Raises:
        WarehouseError: A blocking check has violations, or the snapshot could not be written; the last good one stays.
    """
    settings.snapshot.parent.mkdir(parents=True, exist_ok=True)
    warehouse, temporary = warehouse_of(settings), temporary_path(settings.snapshot)
    with warehouse.lock():
        with writer(settings) as con:
            violations = ensure_checked(con)
            indexed = update_search_index(con)
            announcements, batches = first_row(con, _COUNTS) or (0, 0)
            warehouse.export(con, temporary, create_tables=migrate, make_marts=make_marts)
        size = temporary.stat().st_size
        named, snapshots_kept = add_to_history(settings, temporary)
        move_into_place(temporary, settings.snapshot)
        warehouse.share_snapshot(named)
    return {
        "snapshot": str(settings.snapshot),
        "bytes": size,
        "kept": snapshots_kept,
        "announcements": announcements,
        "batches": batches,
        "indexed": indexed,
        "warnings": {violation.check: violation.count for violation in violations},
    }


_COUNTS = "SELECT (SELECT count(*) FROM announcement), (SELECT count(*) FROM load_log)"


def roll_back(settings: Settings) -> RollBackResult:
    """Publish the snapshot before the current one again; a second call goes one further back.

    Readers keep the file that they have open. The next publication goes forward again.

    Raises:
        WarehouseError: No older snapshot is kept.
    """
    name, older = warehouse_of(settings).roll_back()
    return {"snapshot": str(settings.snapshot), "published_at": publication_time(name), "older": older}
