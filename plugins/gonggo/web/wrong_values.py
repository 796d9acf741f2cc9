"""A wrong value of a condition, as readers see it: the value, and what may have been meant."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import Request

from gonggo.report.codes import UnknownCodeError
from gonggo.report.translations import all_translations
from gonggo.web.view import current_path, translator

_LONGEST_SHOWN = 40


def wrong_value(request: Request, detail: dict[str, Any]) -> dict[str, Any]:
    """Return a wrong value in the reader's language: ``condition``, ``given``, and links to the ``nearest`` values."""
    t = translator(request)
    name = str(detail["loc"][1]) if len(detail["loc"]) > 1 else ""
    given = str(detail.get("input", ""))[:_LONGEST_SHOWN]
    error = detail.get("ctx", {}).get("error")
    unknown = error if isinstance(error, UnknownCodeError) else None
    return {
        "condition": t(f"f.{name}") if f"f.{name}" in all_translations() else name,
        "given": given,
        "nearest": [(t.code(name, code), _with(request, name, given, code)) for code in unknown.nearest]
        if unknown
        else [],
        "known": [t.code(name, code) for code in unknown.known] if unknown else [],
        "why": "" if unknown else detail["msg"],
    }


def _with(request: Request, name: str, given: str, code: str) -> str:
    """Return the address of a request with another value of a condition."""
    pairs = parse_qsl(request.scope["query_string"].decode("latin-1"))
    changed = [(one, code if one == name and value.startswith(given) else value) for one, value in pairs]
    return f"{current_path(request).partition('?')[0]}?{urlencode(changed)}"
