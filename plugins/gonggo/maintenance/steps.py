"""The steps of the daily maintenance, and the migration to a cluster."""

from __future__ import annotations

from dataclasses import asdict
from typing import cast

from gonggo.cluster.workspace import files_of
from gonggo.crawl.collection import recover
from gonggo.settings import Settings, working_settings
from gonggo.step_results import BackupResult, CleanUpResult, DiskUsageResult


def clean_up(settings: Settings | None = None) -> CleanUpResult:
    """Remove temporary files of dead processes, and what is older than the settings keep."""
    from gonggo.maintenance import cleanup

    return cast(CleanUpResult, asdict(cleanup.clean_up(settings or working_settings())))


def backup(settings: Settings | None = None) -> BackupResult | None:
    """Make the daily backup; return None if the settings name no folder for it, or the data are in an object store."""
    from gonggo.maintenance import backup as backups

    settings = settings or working_settings()
    if settings.backup is None or not files_of(settings).are_originals:
        return None
    return backups.backup(settings, settings.backup)


def migrate_to_cluster(settings: Settings | None = None) -> dict[str, int]:
    """Copy the home of a single machine to the object store and Postgres; see ``maintenance.migration``.

    Raises:
        GonggoError: no object store is set, or the machine is still collecting.
    """
    from gonggo.maintenance import migration

    settings = settings or working_settings()
    recover(migration.without_cluster(settings), certain=True)
    return migration.move_home(settings)


def disk_usage(settings: Settings | None = None) -> DiskUsageResult:
    """Return how many bytes each folder of the home takes, how many are free, and warnings."""
    from gonggo.maintenance import disk

    settings = settings or working_settings()
    usage = disk.usage(settings)
    sizes = {folder.name: folder.bytes for folder in usage.folders}
    return {"bytes": sizes, "free": usage.free, "warnings": disk.warnings(settings, usage)}
