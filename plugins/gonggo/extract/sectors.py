"""Industries that the programmes of a document aim at."""

from __future__ import annotations

from typing import Any

from gonggo.extract.doc import Doc
from gonggo.extract.lexicons import patterns

ENOUGH = 4.0


def find(doc: Doc) -> list[dict[str, Any]]:
    """``[{"name": sector, "evidence"}]``: sectors that the title names, or that the text keeps coming back to."""
    title = doc.fields.get("title", "") + "\n" + doc.text[:200]
    scored: list[tuple[float, str, dict[str, Any]]] = []
    for name, pattern in patterns("sectors").items():
        found = list(pattern.finditer(doc.text))
        if not found:
            continue
        distinct = len({m.group() for m in found})
        score = 3.0 * len(pattern.findall(title)) + len(found) * 900 / max(len(doc.text), 900) + 0.5 * distinct
        scored.append((score, name, doc.span(found[0].start(), found[0].end()).evidence()))
    scored.sort(key=lambda entry: -entry[0])
    return [{"name": name, "evidence": evidence} for score, name, evidence in scored[:3] if score >= ENOUGH]
