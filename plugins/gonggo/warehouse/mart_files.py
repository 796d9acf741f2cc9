"""The files of the marts: what each one is, what it reads, and which rows have to be rebuilt when its inputs change.

The second line of a file says how its mart is stored: ``-- table``, as a table that is rebuilt as a whole; ``-- table:
KEY of SET``, as a table of which the rows whose KEY is in the SET of changed keys are rebuilt; anything else, as a
view. A SET is a temporary table ``changed_SET`` of ``sql/changes``. ``or`` joins several of these, and ``, from SET``
names a larger set of documents that has to be read to rebuild them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path

from gonggo.errors import WarehouseError
from gonggo.warehouse.sql_files import first_comment

_TABLE = re.compile(r"-- table(?:: (?P<keys>.+? of \w+(?: or .+? of \w+)*)(?:, from (?P<reads>\w+))?)?$")
_SOURCE = re.compile(r"\b(FROM|JOIN)\s+([\w.]+)")
_NAMED_QUERY = re.compile(r"\b(\w+) AS (?:MATERIALIZED )?\(")
# The columns by which a table that a mart reads is restricted to a set, with that set; the first that it has counts.
_BY_DOCUMENT = {"announcement_key": "announcement", "version_key": "version"}


@dataclass(frozen=True)
class Mart:
    """A mart: its name with the schema if that is not ``main``, its file, and the SQL of its query."""

    name: str
    path: Path
    text: str

    @cached_property
    def _declaration(self) -> re.Match[str] | None:
        line = self.text.split("\n", 2)[1].strip()
        declaration = _TABLE.match(line)
        if line.startswith("-- table") and not declaration:
            raise WarehouseError(f"{self.path}:2: {line!r} is neither `-- table` nor `-- table: KEY of SET`")
        return declaration

    @property
    def kind(self) -> str:
        """Return ``TABLE`` or ``VIEW``."""
        return "TABLE" if self._declaration else "VIEW"

    @property
    def comment(self) -> str:
        return first_comment(self.path)

    @property
    def holds_row_numbers(self) -> bool:
        """Return whether the mart holds row numbers of other tables, which differ from database to database."""
        return "rowid" in self.text

    @cached_property
    def keys(self) -> dict[str, str]:
        """Return the keys by which rows are rebuilt, with the set for each; none if the whole mart is."""
        text = self._declaration["keys"] if self._declaration else None
        pairs = [pair.rpartition(" of ") for pair in text.split(" or ")] if text else []
        return {key: changed for key, _, changed in pairs}

    @property
    def sets(self) -> set[str]:
        """Return the sets that are needed to rebuild the rows of changed keys."""
        return {*self.keys.values(), *self._restrictions.values()}

    @cached_property
    def sources(self) -> set[str]:
        """Return the names of tables and marts that the query reads."""
        return sources_of(self.text) - {self.name}

    @cached_property
    def _restrictions(self) -> dict[str, str]:
        """Return the columns by which inputs are restricted, each with its set."""
        reads = self._declaration["reads"] if self._declaration else None
        if reads:
            return {"announcement_key": reads}
        return _BY_DOCUMENT if set(self.keys.values()) <= {*_BY_DOCUMENT.values()} else self.keys

    @property
    def is_changed(self) -> str:
        """Return the condition that a row of the mart has to be rebuilt."""
        conditions = (f"{key} IN (SELECT key FROM changed_{changed})" for key, changed in self.keys.items())  # noqa: S608
        return " OR ".join(conditions)

    def restriction(self, columns: set[str]) -> tuple[str, str] | None:
        """Return the key and the set by which an input with these columns is restricted; None if it is read whole."""
        for key, changed in self._restrictions.items():
            if set(re.findall(r"[a-z_]+(?!\w*\()", key)) <= columns:
                return key, changed
        return None

    def query_of_changed(self, part_of: Callable[[str], str]) -> str:
        """Return the query for the rows that have to be rebuilt.

        Args:
            part_of: Returns what to read in place of a table or mart of this name.
        """
        return f"SELECT * FROM ({replace_sources(self.text, part_of)}\n) WHERE {self.is_changed}"  # noqa: S608


def sources_of(text: str) -> set[str]:
    """Return the names of tables and marts that a query reads."""
    return {name for _, name in _SOURCE.findall(text)} - set(_NAMED_QUERY.findall(text))


def replace_sources(text: str, part_of: Callable[[str], str]) -> str:
    """Return a query that reads something else in place of its tables and marts.

    Args:
        text: The query.
        part_of: Returns what to read in place of a table or mart of this name.
    """
    sources = sources_of(text)

    def replace(match: re.Match[str]) -> str:
        name = match[2]
        return f"{match[1]} {part_of(name)}" if name in sources else match[0]

    return _SOURCE.sub(replace, text)


def read_marts(folder: Path) -> dict[str, Mart]:
    """Return the marts of a folder by name, each after those that it reads."""
    names = {path: ".".join(path.relative_to(folder).with_suffix("").parts) for path in sorted(folder.rglob("*.sql"))}
    marts = {name: Mart(name, path, path.read_text("utf-8")) for path, name in names.items()}
    order = TopologicalSorter({name: mart.sources & set(marts) for name, mart in marts.items()}).static_order()
    return {name: marts[name] for name in order}


def fingerprints(marts: Mapping[str, Mart], base: str) -> dict[str, str]:
    """Return a fingerprint of each mart's query, that of the marts that it reads, and a common ``base``."""
    fingerprint_of: dict[str, str] = {}
    for name, mart in marts.items():
        inputs = [fingerprint_of[source] for source in sorted(mart.sources & set(marts))]
        fingerprint_of[name] = hashlib.sha256("\0".join([base, mart.text, *inputs]).encode()).hexdigest()
    return fingerprint_of
