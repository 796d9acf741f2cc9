"""Query parameters of the lists, and URLs of lists with changed parameters."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from gonggo.web import codes

ROWS = 30
_Word = Annotated[str, StringConstraints(max_length=100, strip_whitespace=True)]


def _require_iso_date(value: Any) -> Any:
    """Refuse a number, which would be parsed as seconds since 1970."""
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("a day is written like 2026-12-31")
    return value


def _allow_empty(schema: dict[str, Any]) -> None:
    """Let the JSON schema of a field accept an empty text, which forms send for fields that were not filled in."""
    either = schema.pop("anyOf", None) or [{name: schema.pop(name) for name in ("type", "minimum", "maximum")}]
    schema["anyOf"] = [*either, {"const": "", "type": "string"}]


_Day = Annotated[date, BeforeValidator(_require_iso_date)]
_EMPTY = Field(json_schema_extra=_allow_empty)
SORTS = ("closing", "newest", "amount")


class ListQuery(BaseModel):
    """The parameters of every list. An empty value counts as not given."""

    model_config = ConfigDict(populate_by_name=True, extra="ignore")

    words: _Word | None = None
    q: Annotated[_Word | None, Field(description="the same as words")] = None
    region: codes.RegionName | None = None
    page: Annotated[int, Field(ge=1, le=10_000), _EMPTY] = 1

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, values: Any) -> Any:
        return (
            {name: value for name, value in values.items() if value not in ("", None)}
            if isinstance(values, dict)
            else values
        )

    @model_validator(mode="after")
    def _q_is_words(self) -> Self:
        """Treat ``q`` as words, because readers and programs expect this name."""
        self.words = " ".join(filter(None, (self.words, self.q))) or None
        self.q = None
        return self

    def conditions(self) -> dict[str, Any]:
        """Return the values of the SQL query: all but the page."""
        return self.model_dump(by_alias=True, exclude={"page", "q"})

    def page_values(self) -> dict[str, Any]:
        """Return the values of the SQL query for one page of rows."""
        return {**self.conditions(), "rows": ROWS, "skip": (self.page - 1) * ROWS}

    @property
    def rows_so_far(self) -> int:
        """Return how many rows there are up to the end of this page."""
        return self.page * ROWS

    def given(self) -> dict[str, str]:
        """Return the conditions that were given, as URL parameters."""
        return {
            name: str(value)
            for name, value in self.model_dump(by_alias=True, exclude={"page"}, exclude_defaults=True).items()
        }

    def address(self, path: str, **changes: Any) -> str:
        """Return the URL of the list with changed parameters; a value of None removes one."""
        values = {**self.given(), **{name.rstrip("_"): value for name, value in changes.items()}}
        query = urlencode({name: value for name, value in values.items() if value is not None})
        return f"{path}?{query}" if query else path


class CallQuery(ListQuery):
    """The parameters of the list of calls."""

    place: _Word | None = None
    sector: codes.Sector | None = None
    type: codes.Type | None = None
    status: codes.Status | None = None
    size: codes.Size | None = None
    kind: codes.Kind | None = None
    year: Annotated[Annotated[int, Field(ge=1990, le=2100)] | None, _EMPTY] = None
    agency: _Word | None = None
    source: _Word | None = None
    least: Annotated[Annotated[int, Field(ge=0, le=10**15)] | None, _EMPTY] = None
    closes_from: Annotated[_Day | None, Field(alias="from"), _EMPTY] = None
    closes_to: Annotated[_Day | None, Field(alias="to"), _EMPTY] = None
    sort: Annotated[Literal["closing", "newest", "amount"] | None, _EMPTY] = None

    @property
    def order(self) -> str:
        """Return the sort order: by closing date for open calls, else the newest first."""
        return self.sort or ("closing" if self.status == "open" else "newest")

    def conditions(self) -> dict[str, Any]:
        return {**super().conditions(), "sort": self.order}


class ProgrammeQuery(ListQuery):
    """The parameters of the list of programmes."""

    type: codes.Type | None = None
    stage: codes.Stage | None = None
    reached: codes.Reached | None = None
