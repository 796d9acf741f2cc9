"""Texts of the pages in the reader's language, and the formatting of money and dates."""

from __future__ import annotations

import re
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, RootModel

from gonggo.datafile import load_model

LANGUAGES = ("ko", "en")
_Pair = Annotated[list[str], Field(min_length=2, max_length=2)]
_PAGE, _CELL = re.compile(r"p(\d+)"), re.compile(r"t(\d+)r(\d+)c(\d+)")
_EOK, _JO, _MAN = 100_000_000, 1_000_000_000_000, 10_000


class _Translations(RootModel[dict[str, _Pair]]):
    """``translations.yaml``: Korean and English by key."""


@cache
def all_translations() -> dict[str, list[str]]:
    """Return the texts of ``translations.yaml`` in both languages by key."""
    return load_model(Path(__file__).with_name("translations.yaml"), _Translations).root


class Translator:
    """Formats texts, money, file locations and dates in one language."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else "ko"
        self._at = LANGUAGES.index(self.language)

    def __call__(self, key: str) -> str:
        """Return the text of a key.

        Raises:
            KeyError: the key is unknown, which is an error in a template.
        """
        return all_translations()[key][self._at]

    def noun(self, key: str, count: object) -> str:
        """Return the text of a key that stands after a count, in the singular (``key.one``) after one."""
        pair = all_translations().get(f"{key}.one") if str(count) == "1" else None
        return (pair or all_translations()[key])[self._at]

    def code(self, kind: str, value: Any) -> str:
        """Return the label of a code; values without one, such as names of regions, are returned unchanged."""
        if kind == "least":
            return self.money(float(value))
        pair = all_translations().get(f"{kind}.{value}")
        return pair[self._at] if pair else str(value if value is not None else "")

    def regions(self, names: list[str] | None) -> str:
        """Return names of regions one after the other."""
        return ", ".join(self.code("region", name) for name in names or [])

    def condition(self, name: str, value: Any) -> str:
        """Return the value of a condition of a list as readers see it, such as 마감 2026-12-31까지."""
        frame = all_translations().get(f"condition.{name}")
        return frame[self._at].format(self.code(name, value)) if frame else self.code(name, value)

    def money(self, krw: float | None) -> str:
        """Return a sum such as 1조 2,000억 원 or 3억 5,000만 원; in English in billions and millions."""
        if krw is None:
            return ""
        if self.language == "en":
            return f"₩{krw / 1e9:,.4g} bn" if krw >= 1e9 else f"₩{krw / 1e6:,.4g} m"
        whole, parts = int(krw), list[str]()
        for size, unit in ((_JO, "조"), (_EOK, "억"), (_MAN, "만")):
            if whole >= size:
                parts.append(f"{whole // size:,}{unit}")
                whole %= size
        if whole or not parts:
            parts.append(f"{whole:,}")
        return " ".join(parts[:2]) + " 원"

    def in_unit(self, krw: float) -> str:
        """Return a sum as a number for a table whose heading names the unit: 억 원; in English a billion won."""
        return f"{krw / 1e9:,.2f}" if self.language == "en" else f"{krw / _EOK:,.1f}"

    def half(self, text: str) -> str:
        """Return the half of ``Korean | English`` that is in the reader's language."""
        korean, _, english = text.partition(" | ")
        return (korean if self.language == "ko" else english or korean).strip()

    def counted(self, number: str, unit: str | None) -> str:
        """Return a count or a rate with its unit: 40개사, 25 %, 40 companies."""
        label = self.noun(f"unit.{unit}", number) if f"unit.{unit}" in all_translations() else str(unit or "")
        tight = self.language == "ko" and label != unit
        return f"{number}{'' if tight else ' '}{label}".rstrip()

    def fact(self, kind: str, values: dict[str, Any]) -> str:
        """Return a fact in words by the columns of its table: 총사업비 300억 원, 지원 40개사, 접수 마감 2026-12-01."""
        if kind == "amount":
            return f"{self.code('role', values['role'])} {self.money(values['krw'])}"
        if kind in ("quantity", "metric"):
            what = self.code("what", values["what"]) if kind == "quantity" else values["name"]
            number = f"{float(values['value']):,.10g}"
            return f"{what or ''} {self.counted(number, values['unit'])}".lstrip()
        if kind == "application":
            closing = self.code("closes", values["value"]).replace("T", " ")
            return f"{self.code('edge', values['edge'])} {closing}"
        if kind == "eligibility":
            return f"{self.code('rule', values['rule'])} {self.code('size', values['value'])}"
        if kind == "contact":
            return f"{self.code('channel', values['channel'])} {values['value']}"
        if kind == "document":
            relevance = self(f"relevant.{str(bool(values['relevant'])).lower()}")
            return f"{self.code('kind', values['kind'])}, {relevance}"
        if kind == "sector":
            return self.code("sector", values["sector"])
        return str(values["name"])

    def details(self, fact: dict[str, Any]) -> str:
        """Return what else is known of a fact in words: side, year, unit of time; status, period and outcome."""
        labels = (
            self.code("programme_status", fact["status"]),
            self.code("side", fact["side"]),
            fact["year"] or fact["period"],
            self.code("per", fact["per"]),
            self.code("outcome", fact["outcome"]),
            fact["parent"] and f"{self('part_of')} {fact['parent']}",
        )
        return ", ".join(label for label in labels if label)

    def file_location(self, code: str) -> str:
        """Return a place in a file in words: a page (p3), a table cell (t2r3c1), a sheet cell (공고!B12)."""
        file, _, at = code.rpartition("#")
        page, cell = _PAGE.fullmatch(at), _CELL.fullmatch(at)
        words = at
        if page:
            words = self("location.page").format(*page.groups())
        elif cell:
            words = self("location.cell").format(*cell.groups())
        return f"{file} {words}".strip()

    def deadline(self, row: dict[str, Any]) -> str:
        """Return the closing day with its hour, or words for a deadline without a day."""
        if row.get("closes_on"):
            return self.day(row["closes_on"]) + (f" {row['closes_time']:%H:%M}" if row.get("closes_time") else "")
        return (
            self.code("closes", row["closes_kind"]) if row.get("closes_kind") in ("until_exhausted", "always") else ""
        )

    def day(self, value: date | time | None) -> str:
        return value.isoformat() if value else ""

    def weekday(self, value: date) -> str:
        """Return a day of this year with its day of the week, such as 11월 30일(월) or Mon 30 Nov."""
        if self.language == "en":
            return f"{value:%a} {value.day} {value:%b}"
        return f"{value.month}월 {value.day}일({'월화수목금토일'[value.weekday()]})"

    def time_left(self, days: int | None) -> str:
        """Return the time that is left in words."""
        if days is None or days < 0:
            return ""
        return (
            self("today")
            if days == 0
            else f"{days}{'' if self.language == 'ko' else ' '}{self.noun('days_left', days)}"
        )
