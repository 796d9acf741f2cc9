"""The steps of the warehouse that Airflow tasks run: load, link, build, check, publish; and the replay of the archive.

Each step imports what needs DuckDB, so that a task that only fetches does not load it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from zlib import crc32

from gonggo.boundary import affects_all_sources, error_boundary
from gonggo.cluster.workspace import files_of, open_workspace
from gonggo.crawl.replay import rebuild_batch
from gonggo.crawl.run_files import RunFiles, archived_runs, batch_ids, restore_batches
from gonggo.errors import CollectError, UnreadableError
from gonggo.settings import Settings, working_settings
from gonggo.step_results import (
    BuildResult,
    CheckResult,
    LinkResult,
    LoadResult,
    PublishResult,
    ReplayResult,
    VerifyResult,
)

log = logging.getLogger(__name__)


def replay(
    source: str | None = None, *, settings: Settings | None = None, say: Callable[[str], object] = lambda line: None
) -> ReplayResult:
    """Read and extract everything in the archive again, without network access, and replace every batch.

    Args:
        source: The one source to read again; None for all.
        settings: Where the archive is; those of the environment by default.
        say: Called with a description of each step.
    """
    from gonggo.warehouse.factory import warehouse_of

    settings = settings or working_settings()
    replayed: ReplayResult = {"runs": 0, "documents": 0, "kept": 0, "failed": {}}
    runs = list(archived_runs(settings, source))
    for number, (name, run_id) in enumerate(runs, 1):
        say(f"reading the archive again: run {number} of {len(runs)}, {name}")
        files = RunFiles(settings, name, run_id)
        try:
            with (
                error_boundary(files.batch_id, files.traces("replay"), reraise=affects_all_sources),
                open_workspace(settings) as inner,
            ):
                local = RunFiles(inner, name, run_id)
                files_of(inner).download(local.archive, local.batch)
                result = rebuild_batch(local)
        except (CollectError, UnreadableError) as error:
            replayed["failed"][files.batch_id] = str(error)
            continue
        replayed["runs"] += 1
        replayed["documents"] += result.documents
        replayed["kept"] += result.kept
    # The next load rebuilds the warehouse from all batches; readers use the published snapshot until then.
    warehouse_of(settings).discard()
    return replayed


def load(settings: Settings | None = None, part: int | None = None) -> LoadResult:
    """Load the batches that are not loaded yet; rebuild damaged ones from the archive.

    Args:
        settings: Where batches and warehouse are; those of the environment by default.
        part: The number of this loader, from 0, where several share the sources; None to load those of all sources.

    Raises:
        WarehouseError: None of the waiting batches could be loaded, or the warehouse cannot be written.
    """
    from gonggo.warehouse.load import load_batches

    with open_workspace(settings) as inner:
        restore_batches(inner)
        return load_batches(inner, partial(_rebuild_batch, inner), partial(_download_batches, inner, part))


def _download_batches(settings: Settings, part: int | None, loaded_ids: set[str]) -> set[str]:
    """Download the batches of a part that are not loaded yet; return the ids of all batches.

    The batches of one source depend on each other, so that one loader takes all of them.
    """
    present = batch_ids(settings)
    own = (name for name in present if part in (None, crc32(name.partition("__")[0].encode()) % settings.loaders))
    files_of(settings).download(*(settings.batches / name for name in own if name not in loaded_ids))
    return present


def _rebuild_batch(settings: Settings, batch_id: str) -> bool:
    source, _, run_id = batch_id.partition("__")
    files = RunFiles(settings, source, run_id)
    files_of(settings).download(files.archive)
    try:
        with error_boundary(batch_id, files.traces("replay"), reraise=affects_all_sources):
            rebuild_batch(files)
    except (CollectError, UnreadableError) as error:
        log.error("%s is damaged and could not be rebuilt from the archive: %s", batch_id, error)
        return False
    log.warning("%s was damaged; it was rebuilt from the archive", batch_id)
    return True


def link(settings: Settings | None = None) -> LinkResult:
    """Link announcements to notices, and names to organisations and programmes."""
    from gonggo.warehouse import link as linking

    return linking.link(settings or working_settings())


def build(settings: Settings | None = None) -> BuildResult:
    """Build the marts."""
    from gonggo.warehouse.marts import build_marts

    return build_marts(settings or working_settings())


def verify(settings: Settings | None = None) -> VerifyResult:
    """Rebuild the marts completely, compare them with what they were, and replace them."""
    from gonggo.warehouse.marts import verify_marts

    return verify_marts(settings or working_settings())


def check(settings: Settings | None = None) -> CheckResult:
    """Run the checks.

    Raises:
        WarehouseError: A blocking rule is broken; the last good snapshot stays published.
    """
    from gonggo.warehouse.checks import run_checks

    return run_checks(settings or working_settings())


def publish(settings: Settings | None = None) -> PublishResult:
    """Publish the warehouse as the snapshot that readers open."""
    from gonggo.warehouse import publish as publication

    return publication.publish(settings or working_settings())
