"""Proposals of corrections: entries for the file of corrections, ready to be pasted, for a fact that is wrong."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gonggo.settings import SEOUL
from gonggo.warehouse.corrections import as_yaml, correctable, entry_of, kind_of
from gonggo.web.snapshot import Row


def proposal(fact: Row) -> str:
    """Return an entry that silences a fact, with a comment that says how to correct it instead.

    Of a document the entry says the opposite of whether it is about a public AI programme.

    Args:
        fact: A row of ``sql/web/fact.sql`` with the values of the fact as ``values``.
    """
    kind = kind_of(fact["fact_table"])
    columns = correctable()[kind].columns
    stored_values: dict[str, Any] = {name: _plain(fact["values"].get(name)) for name in columns}
    entry = entry_of(f"{fact['source']}/{fact['native_id']}", kind, fact["evidence_quote"], stored_values)
    signature = {"by": "", "date": datetime.now(SEOUL).date(), "why": ""}
    if correctable()[kind].is_document:
        return as_yaml({**entry, "correct": {"relevant": not stored_values["relevant"]}, **signature})
    defaults = {"silence": True, **signature}
    example = next(name for name in ("krw", "value", "name", "sector") if name in columns)
    return as_yaml({**entry, **defaults}).replace(
        "  silence: true", f"  silence: true  # 고치려면 이 줄 대신: correct: {{{example}: {stored_values[example]}}}"
    )


def _plain(value: Any) -> Any:
    """Return a whole number without its decimal point."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
