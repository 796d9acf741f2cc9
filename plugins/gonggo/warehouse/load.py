"""Batches into tables: each batch once, whole, by set operations."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from gonggo.boundary import error_boundary
from gonggo.crawl.run_files import batch_ids, committed, damage
from gonggo.errors import CollectError, DamagedError, WarehouseError
from gonggo.extract.lexicons import FOLDER, places
from gonggo.settings import SQL, Settings
from gonggo.warehouse.lake import is_conflict
from gonggo.warehouse.marts import content_changed, set_state, state
from gonggo.warehouse.memory import LOAD_MEMORY
from gonggo.warehouse.migrate import is_migrated, migrate
from gonggo.warehouse.recovery import is_file_error, quarantine
from gonggo.warehouse.sql_files import run_sql_file
from gonggo.warehouse.transactions import retry_on_conflict, transaction
from gonggo.warehouse.writer import writer

log = logging.getLogger(__name__)

# Bytes of batches that one transaction brings in.
TOGETHER = 160 * 1024 * 1024
# Steps that have nothing to do where no batch has a document.
OF_DOCUMENTS = ("03_versions.sql", "04_facts.sql")
FILES = ("run.json", "documents.jsonl", "fetches.jsonl", "listings.jsonl")
REFERENCES = SQL / "load" / "references.sql"
REGIONS, PLACES = FOLDER / "regions.csv", FOLDER / "places.yaml"


@dataclass
class Loaded:
    """What a load did: the ids of the batches, the rows of documents they brought, the batches that were damaged and
    made again, and the errors of batches by id."""

    batches: list[str] = field(default_factory=list)
    documents: int = 0
    mended: list[str] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)


def load_batches(
    settings: Settings,
    make_again: Callable[[str], bool] = lambda _: False,
    bring: Callable[[set[str]], set[str]] | None = None,
) -> dict[str, Any]:
    """Load every batch that the load log does not have; one that is damaged only if ``make_again`` could mend it.

    ``bring`` gets the ids that the load log has, brings further batches to where they are looked for, and returns the
    ids of all that there are; without it those that are here are all.

    Waiting batches share a transaction, up to ``TOGETHER`` bytes. When that fails they are loaded one by one, so that
    only the broken one stays out; it is kept in ``load_problem`` with its error, shown by the report of problems, and
    tried again at every load. Returns ``{"loaded": [batch ids], "documents": rows brought, "known": batches skipped,
    "mended": [batch ids], "broken": {batch id: error}, "renewed": whether the warehouse's file was damaged and is made
    again from all batches}``.

    Raises:
        WarehouseError: batches wait, and not one of them could be loaded; or the warehouse cannot be written.
    """
    renewed = quarantine(settings) is not None
    try:
        done, known = _load_all(settings, make_again, bring)
    except DamagedError:
        quarantine(settings)
        renewed = True
        done, known = _load_all(settings, make_again, bring)
    counts = {"documents": done.documents, "known": known}
    return {"loaded": done.batches, **counts, "mended": done.mended, "broken": done.broken, "renewed": renewed}


def _load_all(
    settings: Settings, make_again: Callable[[str], bool], bring: Callable[[set[str]], set[str]] | None
) -> tuple[Loaded, int]:
    """What was loaded, and how many batches were there already. One process alone makes the warehouse ready."""
    with writer(settings, LOAD_MEMORY, several=True) as con:
        if _is_ready(con):
            return _load_waiting(con, settings, make_again, bring)
    with writer(settings, LOAD_MEMORY) as con:
        _make_ready(con)
    with writer(settings, LOAD_MEMORY, several=True) as con:
        return _load_waiting(con, settings, make_again, bring)


def _load_waiting(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    make_again: Callable[[str], bool],
    bring: Callable[[set[str]], set[str]] | None,
) -> tuple[Loaded, int]:
    done = Loaded()
    known = {row[0] for row in con.execute("SELECT batch_id FROM load_log").fetchall()}
    there = bring(known) if bring else batch_ids(settings)
    waiting = [path for path in committed(settings) if path.name not in known]
    for path in waiting:
        damage_found = _damage(path)
        if damage_found and make_again(path.name):
            done.mended.append(path.name)
        elif damage_found:
            done.broken[path.name] = damage_found
    for group in _groups([path for path in waiting if path.name not in done.broken]):
        _load_group(con, group, _nothing(settings), done)
        log.info("%d of %d batches, %d documents", len(done.batches), len(waiting), done.documents)
    retry_on_conflict(lambda: _note_problems(con, {path.name for path in waiting}, there, done.broken))
    if done.broken and not done.batches:
        errors = " | ".join(f"{batch}: {error}" for batch, error in done.broken.items())
        raise WarehouseError(
            f"Not one of {len(waiting)} batches could be loaded: {errors}. If it is the batch that is broken, move its "
            f"folder out of {settings.batches} and its source's ledger out of {settings.state}, and collect that again."
        )
    return done, len(known)


def _damage(path: Path) -> str | None:
    """What is wrong with a batch, whatever its record holds."""
    try:
        with error_boundary(path.name):
            return damage(path)
    except CollectError as error:
        return str(error)


def _note_problems(
    con: duckdb.DuckDBPyConnection, looked_at: set[str], there: set[str], broken: dict[str, str]
) -> None:
    """Keep what is wrong with the batches of this load; other loaders look at others."""
    noted = {row[0] for row in con.execute("SELECT batch_id FROM load_problem").fetchall()}
    solved = [batch for batch in noted if batch in looked_at or batch not in there]
    if not solved and not broken:
        return
    with transaction(con):
        con.execute("DELETE FROM load_problem WHERE batch_id IN (SELECT unnest(?))", [solved])
        for batch, error in broken.items():
            con.execute("INSERT INTO load_problem VALUES (?, now(), ?)", [batch, error])


def _groups(waiting: list[Path]) -> Iterator[list[Path]]:
    """The batches in order, as many together as ``TOGETHER`` bytes hold; a larger one alone."""
    group, size = list[Path](), 0
    for path in waiting:
        own = sum(file.stat().st_size for file in path.iterdir())
        if group and size + own > TOGETHER:
            yield group
            group, size = [], 0
        group.append(path)
        size += own
    if group:
        yield group


def _load_group(con: duckdb.DuckDBPyConnection, group: list[Path], nothing: Path, done: Loaded) -> None:
    try:
        documents = retry_on_conflict(lambda: _load(con, group, nothing))
    except duckdb.Error as error:
        if is_file_error(error) or is_conflict(error):
            # Not the batch's fault: it is loaded when the disk has room again, or the others have ended.
            raise
        if len(group) == 1:
            log.error("%s: %s", group[0], error)
            done.broken[group[0].name] = str(error)
        else:
            for path in group:
                _load_group(con, [path], nothing, done)
        return
    done.batches += [path.name for path in group]
    done.documents += documents


def _load(con: duckdb.DuckDBPyConnection, group: list[Path], nothing: Path) -> int:
    """Bring batches in, all in one transaction. Returns the documents they have."""
    files = {name: [str(path / name) for path in group if (path / name).is_file()] or [str(nothing)] for name in FILES}
    there = sorted((SQL / "load").glob("[0-9]*.sql"))
    steps = [step for step in there if step.name not in OF_DOCUMENTS or _have(group, "documents.jsonl")]
    with transaction(con):
        for step in steps:
            run_sql_file(con, step, **{name.partition(".")[0]: paths for name, paths in files.items()})
        # Of a run that found nothing new only its record is told, and no mart that is kept as a table is made of those.
        if _have(group, "documents.jsonl", "listings.jsonl"):
            content_changed(con)
        names = [path.name for path in group]
        counted = con.execute("SELECT sum(documents) FROM load_log WHERE batch_id IN (SELECT unnest(?))", [names])
        return int((counted.fetchone() or (0,))[0])


def _have(group: list[Path], *names: str) -> bool:
    """Whether batches have rows in files of these names."""
    files = [path / name for path in group for name in names]
    return any(file.exists() and file.stat().st_size for file in files)


def _nothing(settings: Settings) -> Path:
    """An empty file, read in place of one that no batch has."""
    path = settings.warehouse.with_name("nothing.jsonl")
    path.touch()
    return path


def _is_ready(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether schema and references are of the state of their files."""
    return is_migrated(con) and state(con, "references") == _references()


def _make_ready(con: duckdb.DuckDBPyConnection) -> None:
    """Bring schema and references to the state of their files; nothing where another load has done so."""
    migrate(con)
    if _is_ready(con):
        return
    sites, known = (json.dumps(rows, ensure_ascii=False) for rows in (_sites(), _places()))
    with transaction(con):
        run_sql_file(con, REFERENCES, regions=str(REGIONS), sites=sites, places=known)
        content_changed(con)
        set_state(con, "references", _references())


def _references() -> str:
    """A mark of the files that the references are read from, which is sooner told than what they say."""
    from gonggo.sources.catalogue import catalogue_text

    texts = [catalogue_text(), *(path.read_text("utf-8") for path in (REFERENCES, REGIONS, PLACES))]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def _places() -> list[dict[str, str]]:
    return [{"name": name, "region": region} for region, names in places().landmarks.items() for name in sorted(names)]


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
