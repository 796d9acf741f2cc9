"""Query parameters of the lists, and URLs of lists with changed parameters."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from gonggo.report import codes
from gonggo.web.parameters import repeatable

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
# Stands between several values of one condition in SQL; no code and no name of an agency has it.
SEPARATOR = "|"
_Choice = Annotated[str, StringConstraints(max_length=100, strip_whitespace=True, pattern=r"^[^|]*$")]
# So many values at most that one condition takes.
_MOST_VALUES = 20


def _several(description: str, example: str) -> Any:
    """Return a condition that has no value unless it is given, and may have several."""
    return Field(default=[], max_length=_MOST_VALUES, description=description, examples=[[example]])


_WORDS = Field(description="검색어 | words to find in titles and texts", examples=["제조 로봇"])
_PAGE = Field(description="페이지 번호 | number of the page, from 1", ge=1, le=10_000)
_REGION = Field(description="지역 | region, by its present or a former name", examples=["경남"])


class ListQuery(BaseModel):
    """The parameters of every list. An empty value counts as not given."""

    model_config = ConfigDict(populate_by_name=True, extra="ignore")

    words: Annotated[_Word | None, _WORDS] = None
    q: Annotated[_Word | None, Field(description="words와 같음 | the same as words")] = None
    page: Annotated[int, _PAGE, _EMPTY] = 1

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        # Too many values are too many even if some are empty: the field itself refuses them.
        filled = {
            name: [one for one in value if one not in ("", None)]
            if isinstance(value, list) and len(value) <= _MOST_VALUES
            else value
            for name, value in values.items()
        }
        return {name: value for name, value in filled.items() if value not in ("", None, [])}

    @model_validator(mode="after")
    def _q_is_words(self) -> Self:
        """Treat ``q`` as words, because readers and programs expect this name."""
        self.words = " ".join(filter(None, (self.words, self.q))) or None
        self.q = None
        return self

    def conditions(self) -> dict[str, Any]:
        """Return the values of the SQL query: all but the page; several values of one condition with ``|`` between."""
        values = self.model_dump(by_alias=True, exclude={"page", "q"})
        return {
            name: (SEPARATOR.join(value) or None) if isinstance(value, list) else value
            for name, value in values.items()
        }

    def page_values(self) -> dict[str, Any]:
        """Return the values of the SQL query for one page of rows."""
        return {**self.conditions(), "rows": ROWS, "skip": (self.page - 1) * ROWS}

    @property
    def rows_so_far(self) -> int:
        """Return how many rows there are up to the end of this page."""
        return self.page * ROWS

    def parameters(self) -> list[tuple[str, str]]:
        """Return the conditions that were given, as parameters of a URL: one for each value."""
        values = self.model_dump(by_alias=True, exclude={"page"}, exclude_defaults=True)
        return [
            (name, str(one))
            for name, value in values.items()
            for one in (value if isinstance(value, list) else [value])
        ]

    def has(self, name: str, value: Any) -> bool:
        """Return whether a condition was given with a value."""
        return (name, str(value)) in self.parameters()

    def address(self, path: str, **changes: Any) -> str:
        """Return the URL of the list with changed parameters; a value of None removes one."""
        unchanged = [pair for pair in self.parameters() if pair[0] not in changes]
        return _url(path, unchanged + [(name, str(value)) for name, value in changes.items() if value is not None])

    def toggled(self, path: str, name: str, value: Any) -> str:
        """Return the URL of the list with a value of a condition added, or removed if it was given.

        A value replaces the present one where a condition can have only one.
        """
        pair = (name, str(value))
        if pair in self.parameters():
            return _url(path, [one for one in self.parameters() if one != pair])
        return _url(path, [*self.parameters(), pair]) if name in self.several() else self.address(path, **{name: value})

    @classmethod
    def several(cls) -> frozenset[str]:
        """Return the names of the conditions that can have several values, of which one has to be met."""
        return repeatable(cls)


def _url(path: str, parameters: list[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(parameters)}" if parameters else path


class RegionalQuery(ListQuery):
    """The parameters of a list that one region can narrow."""

    region: Annotated[codes.RegionName | None, _REGION] = None


class CallQuery(ListQuery):
    """The parameters of the list of calls. Those with several values ask for calls that meet one of them."""

    region: list[codes.RegionName] = _several("지역 | regions, by present or former names", "경남")
    place: list[_Choice] = _several("시·군·구 | cities, counties and districts", "창원시")
    sector: list[codes.Sector] = _several("분야 | sectors", "manufacturing")
    type: list[codes.Type] = _several("사업 유형 | types of programmes", "demonstration")
    status: list[codes.Status] = _several("접수 상태 | statuses of the application", "open")
    size: list[codes.Size] = _several("기업 규모 | sizes of companies that may apply", "sme")
    kind: list[codes.Kind] = _several("문서 종류 | kinds of documents", "announcement")
    year: Annotated[
        Annotated[int, Field(ge=1990, le=2100)] | None, Field(description="게시 연도 | year of posting"), _EMPTY
    ] = None
    agency: list[_Choice] = _several("기관 | agencies, as the lists name them", "경상남도")
    source: list[_Choice] = _several("수집처 | sources, by their ids", "bizinfo")
    least: Annotated[
        Annotated[int, Field(ge=0, le=10**15)] | None,
        Field(description="지원금 하한(원) | what one applicant can get, in KRW, at least"),
        _EMPTY,
    ] = None
    closes_from: Annotated[
        _Day | None, Field(alias="from", description="마감일(시작) | closes on this day or later"), _EMPTY
    ] = None
    closes_to: Annotated[
        _Day | None, Field(alias="to", description="마감일(끝) | closes on this day or earlier"), _EMPTY
    ] = None
    posted_from: Annotated[_Day | None, Field(description="게시일(시작) | posted on this day or later"), _EMPTY] = None
    posted_to: Annotated[_Day | None, Field(description="게시일(끝) | posted on this day or earlier"), _EMPTY] = None
    sort: Annotated[
        Literal["relevance", "closing", "newest", "amount"] | None,
        Field(description="정렬 | order of the rows"),
        _EMPTY,
    ] = None

    @property
    def order(self) -> str:
        """Return the sort order: the best first in a search, by closing date for open calls, else the newest first."""
        return self.sort or ("relevance" if self.words else "closing" if self.status == ["open"] else "newest")

    def conditions(self) -> dict[str, Any]:
        return {**super().conditions(), "sort": self.order}


class CompareQuery(BaseModel):
    """The calls that are compared, by their keys."""

    key: list[Annotated[str, StringConstraints(pattern="^[0-9A-Za-z_-]{1,64}$")]] = Field(default=[], max_length=6)


class ProgrammeQuery(RegionalQuery):
    """The parameters of the list of programmes."""

    type: Annotated[codes.Type | None, Field(description="사업 유형 | type of the programme")] = None
    stage: Annotated[codes.Stage | None, Field(description="단계 | stage of the programme")] = None
    reached: Annotated[codes.Reached | None, Field(description="실제 도달 단계 | what it reached, by a document")] = (
        None
    )
