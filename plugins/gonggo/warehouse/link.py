"""What belongs together: organisations by alias, programmes by name, the same call on several sites."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import duckdb
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from gonggo.datafile import load_model
from gonggo.extract.lexicons import FOLDER, organisations
from gonggo.settings import SQL, Settings
from gonggo.warehouse.marts import content_changed, fingerprint, set_state, state
from gonggo.warehouse.memory import retry_with_more_memory
from gonggo.warehouse.migrate import migrate
from gonggo.warehouse.sql_files import rows, run_sql_file
from gonggo.warehouse.transactions import transaction
from gonggo.warehouse.writer import writer

STEPS = ("notice", "pins", "organisation", "programme")
PINS = Path(__file__).with_name("pins.yaml")
Named = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+/.+$")]
Pair = Annotated[list[Named], Field(min_length=2, max_length=2)]


class Pins(BaseModel):
    """``pins.yaml``: pairs of announcements that are one call, and pairs that are not."""

    model_config = ConfigDict(extra="forbid")
    same: list[Pair] = []
    apart: list[Pair] = []

    def rows(self) -> list[dict[str, str]]:
        """One row a pair, its announcements as source and native id."""
        named_pairs: list[dict[str, str]] = []
        for kind, pairs in (("same", self.same), ("apart", self.apart)):
            for one, other in pairs:
                (source, _, number), (other_source, _, other_number) = one.partition("/"), other.partition("/")
                row = {"kind": kind, "source": source, "native_id": number}
                named_pairs.append({**row, "other_source": other_source, "other_native_id": other_number})
        return named_pairs


def link(settings: Settings, pins: Path = PINS) -> dict[str, Any]:
    """Rebuild the links from the facts and the pins unless they are up to date.

    Returns ``{"organisations", "programmes", "announcements", "notices"}``.

    Raises:
        DataFileError: the file of pins is wrong; names file and line.
    """
    files = [*(SQL / "link" / f"{step}.sql" for step in STEPS), FOLDER / "organisations.yaml", pins]
    with writer(settings) as con:
        migrate(con)
        of = partial(fingerprint, con, files)
        if state(con, "links") != of():
            pin_rows = json.dumps(load_model(pins, Pins).rows(), ensure_ascii=False)
            retry_with_more_memory(
                con, partial(_link_all, con, of, pin_rows, json.dumps(_organisations(), ensure_ascii=False))
            )
        return rows(
            con,
            "SELECT (SELECT count(*) FROM organisation) AS organisations,"
            " (SELECT count(*) FROM programme) AS programmes, count(*) AS announcements,"
            " count(DISTINCT notice_key) AS notices FROM announcement",
        )[0]


def _link_all(con: duckdb.DuckDBPyConnection, of: Callable[[], str], pin_rows: str, known: str) -> None:
    with transaction(con):
        for step in STEPS:
            run_sql_file(con, SQL / "link" / f"{step}.sql", pins=pin_rows, bodies=known)
        con.execute("DELETE FROM warehouse_state WHERE name = 'content'")
        content_changed(con)
        set_state(con, "links", of())


def _organisations() -> list[dict[str, str]]:
    """Return the organisations that are known by name, one row for each short form."""
    known = organisations()
    named = {**known.ministries, **known.agencies}
    return [{"name": name, "alias": alias} for name, aliases in named.items() for alias in aliases]
