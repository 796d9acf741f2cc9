"""Loads batches into tables: each batch once and as a whole, by set operations."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from gonggo.boundary import error_boundary
from gonggo.crawl.run_files import batch_ids, committed_batches, damage
from gonggo.errors import CollectError, DamagedError, WarehouseError
from gonggo.extract.lexicons import FOLDER, places
from gonggo.settings import SQL, Settings
from gonggo.step_results import LoadResult
from gonggo.warehouse.corrections import undo_corrections
from gonggo.warehouse.factory import warehouse_of
from gonggo.warehouse.marts import content_changed, set_state, state
from gonggo.warehouse.memory import LOAD_MEMORY
from gonggo.warehouse.migrate import is_migrated, migrate
from gonggo.warehouse.recovery import is_file_error
from gonggo.warehouse.sql_files import first_row, run_sql_file
from gonggo.warehouse.transactions import is_conflict, retry_on_conflict, transaction
from gonggo.warehouse.writer import writer

log = logging.getLogger(__name__)

# Bytes of batches that one transaction loads.
MAX_GROUP_BYTES = 160 * 1024 * 1024
# Steps that are skipped when no batch has a document.
DOCUMENT_STEPS = ("03_versions.sql", "04_facts.sql")
FILES = ("run.json", "documents.jsonl", "fetches.jsonl", "listings.jsonl")
REFERENCES = SQL / "load" / "references.sql"
REGIONS, PLACES = FOLDER / "regions.csv", FOLDER / "places.yaml"


@dataclass
class LoadedBatches:
    """What a load has done so far.

    Attributes:
        batches: Ids of the loaded batches.
        documents: Number of documents in them.
        rebuilt: Ids of the batches that were damaged and rebuilt.
        failed: Error of each batch that could not be loaded, by its id.
    """

    batches: list[str] = field(default_factory=list)
    documents: int = 0
    rebuilt: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def load_batches(
    settings: Settings,
    rebuild: Callable[[str], bool] = lambda _: False,
    download: Callable[[set[str]], set[str]] | None = None,
) -> LoadResult:
    """Load every committed batch that is not in the load log yet.

    Batches share a transaction, up to ``MAX_GROUP_BYTES``. If it fails, they are loaded one by one, so that only the
    broken batch is left out; it is recorded in ``load_problem`` with its error and tried again by every later load.

    Args:
        settings: Where batches and warehouse are.
        rebuild: Rebuilds a damaged batch by its id; returns whether it succeeded.
        download: Gets the ids in the load log, downloads the batches to load and returns the ids of all batches;
            None where all batches are in ``settings.batches``.

    Raises:
        WarehouseError: None of the waiting batches could be loaded, or the warehouse cannot be written.
    """
    warehouse = warehouse_of(settings)
    warehouse_rebuilt = warehouse.quarantine() is not None
    try:
        result, loaded_before = _load_all(settings, rebuild, download)
    except DamagedError:
        warehouse.quarantine()
        warehouse_rebuilt = True
        result, loaded_before = _load_all(settings, rebuild, download)
    return {
        "loaded": result.batches,
        "documents": result.documents,
        "known": loaded_before,
        "rebuilt": result.rebuilt,
        "failed": result.failed,
        "warehouse_rebuilt": warehouse_rebuilt,
    }


def _load_all(
    settings: Settings, rebuild: Callable[[str], bool], download: Callable[[set[str]], set[str]] | None
) -> tuple[LoadedBatches, int]:
    """Load the waiting batches; return the result and how many batches were loaded before.

    Only one process at a time prepares schema and references.
    """
    with writer(settings, LOAD_MEMORY, several=True) as con:
        if _is_prepared(con):
            return _load_waiting(con, settings, rebuild, download)
    with writer(settings, LOAD_MEMORY) as con:
        _prepare(con)
    with writer(settings, LOAD_MEMORY, several=True) as con:
        return _load_waiting(con, settings, rebuild, download)


def _load_waiting(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    rebuild: Callable[[str], bool],
    download: Callable[[set[str]], set[str]] | None,
) -> tuple[LoadedBatches, int]:
    result = LoadedBatches()
    loaded_ids = {row[0] for row in con.execute("SELECT batch_id FROM load_log").fetchall()}
    present = download(loaded_ids) if download else batch_ids(settings)
    waiting = [path for path in committed_batches(settings) if path.name not in loaded_ids]
    for path in waiting:
        problem = _damage(path)
        if problem and rebuild(path.name):
            result.rebuilt.append(path.name)
        elif problem:
            result.failed[path.name] = problem
    for group in _groups([path for path in waiting if path.name not in result.failed]):
        _load_group(con, group, _empty_file(settings), result)
        log.info("%d of %d batches, %d documents", len(result.batches), len(waiting), result.documents)
    retry_on_conflict(lambda: _record_problems(con, {path.name for path in waiting}, present, result.failed))
    if result.failed and not result.batches:
        errors = " | ".join(f"{batch}: {error}" for batch, error in result.failed.items())
        raise WarehouseError(
            f"Not one of {len(waiting)} batches could be loaded: {errors}. If it is the batch that is broken, move its "
            f"folder out of {settings.batches} and its source's ledger out of {settings.state}, and collect that again."
        )
    return result, len(loaded_ids)


def _damage(path: Path) -> str | None:
    """Return what is wrong with a batch, or None if it is intact."""
    try:
        with error_boundary(path.name):
            return damage(path)
    except CollectError as error:
        return str(error)


def _record_problems(
    con: duckdb.DuckDBPyConnection, examined: set[str], present: set[str], failed: dict[str, str]
) -> None:
    """Replace the recorded problems of the batches that this load examined; other loaders examine the others."""
    recorded = {row[0] for row in con.execute("SELECT batch_id FROM load_problem").fetchall()}
    outdated = [batch for batch in recorded if batch in examined or batch not in present]
    if not outdated and not failed:
        return
    with transaction(con):
        con.execute("DELETE FROM load_problem WHERE batch_id IN (SELECT unnest(?))", [outdated])
        for batch, error in failed.items():
            con.execute("INSERT INTO load_problem VALUES (?, now(), ?)", [batch, error])


def _groups(waiting: list[Path]) -> Iterator[list[Path]]:
    """Group the batches in order, up to ``MAX_GROUP_BYTES`` a group; a larger batch is a group of its own."""
    group, size = list[Path](), 0
    for path in waiting:
        batch_bytes = sum(file.stat().st_size for file in path.iterdir())
        if group and size + batch_bytes > MAX_GROUP_BYTES:
            yield group
            group, size = [], 0
        group.append(path)
        size += batch_bytes
    if group:
        yield group


def _load_group(con: duckdb.DuckDBPyConnection, group: list[Path], empty_file: Path, result: LoadedBatches) -> None:
    try:
        documents = retry_on_conflict(lambda: _load(con, group, empty_file))
    except duckdb.Error as error:
        if is_file_error(error) or is_conflict(error):
            # Not the fault of the batch: a later load can succeed, once there is space or the other loaders are done.
            raise
        if len(group) == 1:
            log.error("%s: %s", group[0], error)
            result.failed[group[0].name] = str(error)
        else:
            for path in group:
                _load_group(con, [path], empty_file, result)
        return
    result.batches += [path.name for path in group]
    result.documents += documents


def _load(con: duckdb.DuckDBPyConnection, group: list[Path], empty_file: Path) -> int:
    """Load batches in one transaction; return how many documents they have."""
    files = {
        name: [str(path / name) for path in group if (path / name).is_file()] or [str(empty_file)] for name in FILES
    }
    all_steps = sorted((SQL / "load").glob("[0-9]*.sql"))
    steps = [step for step in all_steps if step.name not in DOCUMENT_STEPS or _have(group, "documents.jsonl")]
    with transaction(con):
        if len(steps) == len(all_steps):
            # Versions that come back take the facts of their twins, which have to be as they were read.
            undo_corrections(con)
        for step in steps:
            run_sql_file(con, step, **{name.partition(".")[0]: paths for name, paths in files.items()})
        # A run without news adds only its own record, which no mart that is a table reads.
        if _have(group, "documents.jsonl", "listings.jsonl"):
            content_changed(con, is_recorded=True)
        names = [path.name for path in group]
        total = first_row(con, "SELECT sum(documents) FROM load_log WHERE batch_id IN (SELECT unnest(?))", [names])
        return int((total or (0,))[0])


def _have(group: list[Path], *names: str) -> bool:
    """Return whether any of the batches has rows in a file of one of these names."""
    files = [path / name for path in group for name in names]
    return any(file.exists() and file.stat().st_size for file in files)


def _empty_file(settings: Settings) -> Path:
    """Return an empty file, which is read in place of one that no batch has."""
    path = settings.warehouse.with_name("nothing.jsonl")
    path.touch()
    return path


def _is_prepared(con: duckdb.DuckDBPyConnection) -> bool:
    """Return whether schema and reference tables are up to date."""
    return is_migrated(con) and state(con, "references") == _references_fingerprint()


def _prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Bring schema and reference tables up to date unless another load has done so."""
    migrate(con)
    if _is_prepared(con):
        return
    sites, landmarks = (json.dumps(rows, ensure_ascii=False) for rows in (_sites(), _landmarks()))
    with transaction(con):
        run_sql_file(con, REFERENCES, regions=str(REGIONS), sites=sites, landmarks=landmarks)
        content_changed(con)
        set_state(con, "references", _references_fingerprint())


def _references_fingerprint() -> str:
    """Return a fingerprint of the files that the reference tables are made of, which is faster than parsing them."""
    from gonggo.sources.catalogue import catalogue_text

    texts = [catalogue_text(), *(path.read_text("utf-8") for path in (REFERENCES, REGIONS, PLACES))]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def _landmarks() -> list[dict[str, str]]:
    """Return the names of known places, each with its region."""
    return [{"name": name, "region": region} for region, names in places().landmarks.items() for name in sorted(names)]


def _sites() -> list[dict[str, str | None]]:
    """Return the sites of the catalogue as rows of the table ``source``."""
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
            "proven": "recorded_page" if site.recorded_in else site.proven,
            "recorded_in": site.recorded_in,
        }
        for site in load_catalogue().values()
    ]
