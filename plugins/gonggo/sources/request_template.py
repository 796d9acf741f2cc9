"""Templates of URLs, forms and bodies in the YAML of a site."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

from gonggo.settings import SEOUL

_BASE64 = re.compile(r"\{base64:((?:[^{}]|\{\w+\})*)\}")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_DAYS_PER_PAGE = 3
_DAYS_OF_WEEK = 7


def fill(template: str, values: Mapping[str, str]) -> str:
    """Return a template with ``{name}`` replaced by its value, and ``{base64:…}`` by its filled content in base64."""

    def encode(match: re.Match[str]) -> str:
        return base64.b64encode(fill(match[1], values).encode()).decode()

    template = _BASE64.sub(encode, template)
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), template)


def decode_base64(text: str) -> str:
    """Return a decoded base64 text, which may be percent-encoded; "" if it is invalid."""
    try:
        return base64.b64decode(unquote(text).rstrip("|") + "==").decode("utf-8", "replace")
    except binascii.Error:
        return ""


def fill_form(template: Mapping[str, str] | None, values: Mapping[str, str]) -> dict[str, str] | None:
    """Return the fields of a form with their templates filled, None if there is no form."""
    return None if template is None else {name: fill(value, values) for name, value in template.items()}


def fill_json(data: Any, values: Mapping[str, str]) -> Any:
    """Return a JSON body with its templates filled; the string ``{page}`` becomes a number."""
    if isinstance(data, dict):
        return {key: fill_json(value, values) for key, value in data.items()}
    if isinstance(data, list):
        return [fill_json(value, values) for value in data]
    if data == "{page}":
        return int(values["page"])
    return fill(data, values) if isinstance(data, str) else data


def query_page(queries: Sequence[str], pages_per_query: int, page: int) -> tuple[str, int]:
    """Return the query of a page of a search, and which page of that query it is, from 0."""
    return queries[(page - 1) // pages_per_query % len(queries)], (page - 1) % pages_per_query


def page_values(page: int, first: int, size: int | None) -> dict[str, str]:
    """Return the values for the templates of a list: the page as the site counts it, the rows before it, and days.

    In lists that are requested by day, a page covers three days, ``{day_from}`` to ``{day}``; the first ends today.
    Lists that want a span of days are given that of ``{year_ago}`` to ``{today}``. The pages of a list of the last week
    are requested with ``{week_from}`` and ``{week_to}``.

    Args:
        page: The page, from 1.
        first: The number that the site gives to its first page.
        size: Rows of a page.
    """
    rows_before = (page - 1) * (size or 0)
    today = datetime.now(SEOUL).date()
    day = today - timedelta(days=_DAYS_PER_PAGE * (page - 1))
    return {
        "page": str(page - 1 + first),
        "offset": str(rows_before),
        "offset1": str(rows_before + 1),
        "today": today.isoformat(),
        "year_ago": (today - timedelta(days=365)).isoformat(),
        "day": f"{day:%Y%m%d}",
        "week_from": f"{today - timedelta(days=_DAYS_OF_WEEK - 1):%Y%m%d}",
        "week_to": f"{today:%Y%m%d}",
        "day_from": f"{day - timedelta(days=_DAYS_PER_PAGE - 1):%Y%m%d}",
    }
