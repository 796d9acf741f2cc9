"""The snapshot that readers open: checked, copied aside, then put in place in one step."""

from __future__ import annotations

import filecmp
import os
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from gonggo.errors import WarehouseError
from gonggo.model import put_in_place, scratch_of, to_disk
from gonggo.settings import SEOUL, Settings
from gonggo.warehouse.checks import examine
from gonggo.warehouse.connect import history, turn, writer


def publish(settings: Settings) -> dict[str, Any]:
    """Check once more, and replace the snapshot atomically. A reader keeps the file it has open.

    Returns ``{"snapshot": path, "bytes": size, "kept": snapshots in history}``.

    Errors:
        WarehouseError: a blocking rule is broken; the last good snapshot stays.
    """
    settings.snapshot.parent.mkdir(parents=True, exist_ok=True)
    scratch = scratch_of(settings.snapshot)
    with turn(settings):
        with writer(settings) as con:
            examine(con)
            con.execute("CHECKPOINT")
        _copy(settings, scratch)
        size = scratch.stat().st_size
        kept = _remember(settings, scratch)
        put_in_place(scratch, settings.snapshot)
    return {"snapshot": str(settings.snapshot), "bytes": size, "kept": kept}


def back(settings: Settings) -> dict[str, Any]:
    """Put the snapshot before the published one in its place, at once; once more goes further back.

    Readers keep the file they have open. The next publication goes forward again. Returns ``{"snapshot": path,
    "of": when it was first published, "left": how many are still older}``.

    Errors:
        WarehouseError: no older snapshot is kept.
    """
    kept = sorted(history(settings).glob("gonggo-*.duckdb"))
    there = [place for place, path in enumerate(kept) if _same_file(path, settings.snapshot)]
    place = (there[0] if there else len(kept)) - 1
    if place < 0:
        raise WarehouseError(
            f"There is no snapshot before this one in {history(settings)}; "
            "GONGGO_KEEP_SNAPSHOTS says how many are kept."
        )
    scratch = scratch_of(settings.snapshot)
    scratch.unlink(missing_ok=True)
    _second_name(kept[place], scratch)
    put_in_place(scratch, settings.snapshot)
    return {"snapshot": str(settings.snapshot), "of": kept[place].stem.partition("-")[2], "left": place}


def _copy(settings: Settings, scratch: Path) -> None:
    try:
        shutil.copyfile(settings.warehouse, scratch)
        to_disk(scratch)
    except OSError as error:
        # Half a copy would take the room that the next attempt needs.
        scratch.unlink(missing_ok=True)
        raise WarehouseError(
            f"{settings.warehouse} could not be copied to {settings.snapshot.parent}: {error.strerror}. The snapshot "
            "before stays; make room (GONGGO_KEEP_SNAPSHOTS says how many older ones are kept) and publish again."
        ) from error


def _same_file(one: Path, other: Path) -> bool:
    """Whether two names are one snapshot: one file, or where hard links are not to be had, the same bytes."""
    return other.exists() and (one.samefile(other) or filecmp.cmp(one, other, shallow=False))


def _second_name(path: Path, name: Path) -> None:
    """A hard link, which costs no space; a copy where there are none."""
    try:
        os.link(path, name)
    except OSError:
        shutil.copyfile(path, name)


def _remember(settings: Settings, fresh: Path) -> int:
    """Give the new snapshot a second name in the history and drop the oldest."""
    folder = history(settings)
    folder.mkdir(exist_ok=True)
    stamp = datetime.now(SEOUL).strftime("%Y%m%dT%H%M%S.%f")
    _second_name(fresh, folder / f"gonggo-{stamp}.duckdb")
    old = sorted(folder.glob("gonggo-*.duckdb"))[: -settings.keep_snapshots]
    for path in old:
        path.unlink()
    return len(list(folder.glob("gonggo-*.duckdb")))
