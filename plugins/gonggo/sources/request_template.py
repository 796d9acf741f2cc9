"""Addresses and forms out of the templates of a site's YAML."""

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


def fill(template: str, values: Mapping[str, str]) -> str:
    """``{name}`` by its value; ``{base64:…}`` by the base64 of what stands in it, filled first."""

    def encode(match: re.Match[str]) -> str:
        return base64.b64encode(fill(match[1], values).encode()).decode()

    template = _BASE64.sub(encode, template)
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), template)


def decode_base64(text: str) -> str:
    """Return what a base64 text says, percent-encoded or not; "" where it is none."""
    try:
        return base64.b64decode(unquote(text).rstrip("|") + "==").decode("utf-8", "replace")
    except binascii.Error:
        return ""


def fill_form(template: Mapping[str, str] | None, values: Mapping[str, str]) -> dict[str, str] | None:
    """The fields of a form filled; None when there is no form."""
    return None if template is None else {name: fill(value, values) for name, value in template.items()}


def fill_json(data: Any, values: Mapping[str, str]) -> Any:
    """Every string of a JSON body filled. A string that is one placeholder of a number becomes a number."""
    if isinstance(data, dict):
        return {key: fill_json(value, values) for key, value in data.items()}
    if isinstance(data, list):
        return [fill_json(value, values) for value in data]
    if data == "{page}":
        return int(values["page"])
    return fill(data, values) if isinstance(data, str) else data


def query_page(queries: Sequence[str], pages_per_query: int, page: int) -> tuple[str, int]:
    """What a page of a search asks for when each query has ``each`` pages: the query, and which of its pages from 0."""
    return queries[(page - 1) // pages_per_query % len(queries)], (page - 1) % pages_per_query


def page_values(page: int, first: int, size: int | None) -> dict[str, str]:
    """What a list's templates may name: the page in the site's own counting, the rows before it, or days.

    For lists that are asked by day a page is three days: ``{day_from}`` to ``{day}``, the first up to today.
    """
    rows_before = (page - 1) * (size or 0)
    day = datetime.now(SEOUL).date() - timedelta(days=_DAYS_PER_PAGE * (page - 1))
    return {
        "page": str(page - 1 + first),
        "offset": str(rows_before),
        "offset1": str(rows_before + 1),
        "day": f"{day:%Y%m%d}",
        "day_from": f"{day - timedelta(days=_DAYS_PER_PAGE - 1):%Y%m%d}",
    }
