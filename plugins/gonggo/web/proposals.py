"""Proposals of corrections: entries for the file of corrections, ready to be pasted, for a fact that is wrong."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gonggo.settings import SEOUL
from gonggo.warehouse.corrections import as_yaml, correctable, entry_of
from gonggo.web.snapshot import Row


def proposal(fact: Row) -> str:
    """Return an entry that silences a fact, with a comment that says how to correct it instead.

    Args:
        fact: A row of ``sql/web/fact.sql`` with the values of the fact as ``values``.
    """
    kind = fact["fact_table"].removeprefix("fact_")
    columns = correctable()[kind].columns
    found: dict[str, Any] = {name: _plain(fact["values"].get(name)) for name in columns}
    entry = entry_of(f"{fact['source']}/{fact['native_id']}", kind, fact["evidence_quote"], found)
    defaults = {"silence": True, "by": "", "date": datetime.now(SEOUL).date(), "why": ""}
    example = next(name for name in ("krw", "value", "name", "sector") if name in columns)
    return as_yaml({**entry, **defaults}).replace(
        "  silence: true", f"  silence: true  # 고치려면 이 줄 대신: correct: {{{example}: {found[example]}}}"
    )


def _plain(value: Any) -> Any:
    """Return a whole number without its decimal point."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
