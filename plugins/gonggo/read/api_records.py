"""Conversion of items of public APIs, saved as JSON, to labelled lines of text."""

from __future__ import annotations

import html
import re
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, RootModel

from gonggo.datafile import load_model
from gonggo.read.loose import parse_json

_FILE = Path(__file__).with_name("api_records.yaml")
_LINES = re.compile(r"[\r\n]+")
# A list of at least so many of the 17 시도 means the whole country.
_NATIONWIDE_FROM = 15
_TAGS = re.compile(r"<[^<>]{1,200}>")


class _Key(BaseModel):
    model_config = ConfigDict(extra="forbid")
    key: str
    label: str
    meta: str = ""
    join: str = ""
    kind: Literal["text", "date", "phone", "oldest", "places"] = "text"


class _Family(BaseModel):
    model_config = ConfigDict(extra="forbid")
    required_keys: list[str]
    keys: list[_Key]


class _Families(RootModel[dict[str, _Family]]):
    pass


@cache
def _families() -> dict[str, _Family]:
    return load_model(_FILE, _Families).root


def read(text: str) -> tuple[str, dict[str, str]] | None:
    """Return labelled lines and metadata of an item of a known API; None for any other text."""
    if not text.lstrip("\ufeff \t\r\n").startswith("{"):
        return None
    try:
        item = parse_json(text)
    except ValueError:
        return None
    for family in _families().values():
        if isinstance(item, dict) and all(key in item for key in family.required_keys):
            return _labelled_lines(item, family)
    return None


def _labelled_lines(item: dict[str, Any], family: _Family) -> tuple[str, dict[str, str]]:
    lines, meta = [], {}
    for field_rule in family.keys:
        value = _value(item.get(field_rule.key), field_rule.kind)
        if field_rule.join:
            value = f"{value} ~ {_value(item.get(field_rule.join), field_rule.kind)}".strip(" ~")
        if value:
            lines.append(f"□ {field_rule.label} : {value}")
            if field_rule.meta:
                meta[field_rule.meta] = value
    return "\n".join(lines), meta


def _value(raw: Any, kind: str) -> str:
    if raw is None:
        return ""
    text = html.unescape(_TAGS.sub(" ", html.unescape(str(raw)))).strip()
    digits = re.sub(r"\D", "", text)
    if kind == "date" and len(digits) == 8:
        return f"{digits[:4]}. {digits[4:6]}. {digits[6:]}."
    if kind == "places":
        names = [name for name in re.split(r"[@,]\s?", text) if name]
        return "전국" if len(names) >= _NATIONWIDE_FROM else ", ".join(names)
    if kind == "oldest" and (ages := re.findall(r"(?<!\d)(\d+)\s?년", text)):
        return ", ".join([*(["예비창업자"] if "예비" in text else []), f"{max(map(int, ages))}년 미만"])
    if kind == "phone" and text == digits:
        return _phone(digits)
    return _LINES.sub("\n", text)


def _phone(digits: str) -> str:
    """Return digits as a phone number: 1544-4781, 02-123-4567, 031-123-4567."""
    if len(digits) == 8:
        return f"{digits[:4]}-{digits[4:]}"
    area = 2 if digits.startswith("02") else 3
    return f"{digits[:area]}-{digits[area:-4]}-{digits[-4:]}" if 9 <= len(digits) <= 11 else digits
