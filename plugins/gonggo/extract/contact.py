"""Telephone numbers and e-mail addresses of a call."""

from __future__ import annotations

import re
from typing import Any

from gonggo.extract.doc import Doc

_PHONE = re.compile(
    r"(?<![\d-])\(?(0\d{1,2})[-).\s]{1,2}(\d{3,4})[-.\s](\d{4})((?:\s?[,/~]\s?\d{4}(?!\d|-)){0,6})|(?<![\d-])(1[568]\d{2})-(\d{4})(?!\d)"
)
_MAIL = re.compile(r"[A-Za-z0-9][\w.+-]{0,60}@[A-Za-z0-9-]{1,60}(?:\.[A-Za-z]{2,10}){1,3}")
_FAX = re.compile(r"(?:팩스|FAX|F\.)[^\d\n]{0,6}$", re.IGNORECASE)


def find(doc: Doc) -> dict[str, list[dict[str, Any]]]:
    """``phones`` and ``emails``, each entry ``{"name", "evidence"}``. A fax number is none."""
    phones: dict[str, dict[str, Any]] = {}
    for found in _PHONE.finditer(doc.text):
        if _FAX.search(doc.text[max(0, found.start() - 12) : found.start()]):
            continue
        evidence = doc.span(found.start(), found.end()).evidence()
        for name in _numbers(found):
            phones.setdefault(name, {"name": name, "evidence": evidence})
    mails = {m.group(): doc.span(m.start(), m.end()).evidence() for m in reversed(list(_MAIL.finditer(doc.text)))}
    return {
        "phones": list(phones.values()),
        "emails": [{"name": name, "evidence": evidence} for name, evidence in reversed(mails.items())],
    }


def _numbers(found: re.Match[str]) -> list[str]:
    """The number and its shortened extensions written out."""
    if found[5]:
        return [f"{found[5]}-{found[6]}"]
    head = f"{found[1]}-{found[2]}"
    return [f"{head}-{last}" for last in [found[3], *re.findall(r"\d{4}", found[4])]]
