"""What the JSON API answers, typed: the rows of the queries in ``sql/web`` and their pages.

``sql/marts/columns.yaml`` describes the properties that are columns of published tables, ``sql/web/columns.yaml`` the
others.
"""

from __future__ import annotations

from datetime import date, time
from functools import cache
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from gonggo.datafile import load_model
from gonggo.settings import SQL
from gonggo.warehouse.marts import COLUMNS, Columns


@cache
def _meanings() -> dict[str, str]:
    return load_model(SQL / "web" / "columns.yaml", Columns).root | load_model(COLUMNS, Columns).root


def _describe(schema: dict[str, Any]) -> None:
    """Add the meaning of each property that has no description of its own."""
    for name, described in schema["properties"].items():
        if "description" not in described and name in _meanings():
            described["description"] = _meanings()[name]


# The format "time" of JSON Schema would want an offset from UTC; these are hours of Seoul.
_TimeOfDay = Annotated[time, WithJsonSchema({"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]:[0-5][0-9]$"})]


class Answer(BaseModel):
    """An object of an answer; a property that is not listed would be a fault of the program."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_describe)


class Problem(BaseModel):
    """An error: why there is no result."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"detail": "no such call"}]})
    detail: str = Field(description="이유 | The reason")


class InvalidValue(BaseModel):
    """An invalid value of a request: its position, and what is wrong with it."""

    where: list[str | int] = Field(description="요청 안의 위치 | Its position in the request")
    what: str = Field(description="잘못된 점 | What is wrong")


class InvalidQuery(BaseModel):
    """A request with invalid values."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"detail": [{"where": ["query", "status"], "what": "Input should be 'open' or 'upcoming'"}]}]
        }
    )
    detail: list[InvalidValue] = Field(description="잘못된 값 | The invalid values")


Row = TypeVar("Row", bound=Answer)


class Page(Answer, Generic[Row]):
    """One page of a list."""

    page: int = Field(description="이 페이지의 번호(1부터) | Number of this page, from 1")
    rows_a_page: int = Field(description="한 페이지의 행 수 | Rows of a full page")
    found: int = Field(description="조건에 맞는 모든 행의 수 | Rows that meet the conditions, on all pages")
    rows: list[Row]


class CallRow(Answer):
    """A call in the list."""

    announcement_key: str
    title: str
    kind: str
    agency: str | None
    source: str
    sources: list[str]
    url: str
    posted_on: date | None
    opens_on: date | None
    closes_on: date | None
    closes_time: _TimeOfDay | None
    closes_kind: str | None
    sidos: list[str]
    places: list[str]
    sectors: list[str]
    types: list[str]
    sizes: list[str]
    max_company_age: int | None
    award_ceiling: int | None
    award_amount: int | None
    corrected: str | None
    total: int | None
    status: str
    days_left: int | None
    score: float | None
    snippet: str | None = Field(
        description="찾은 말이 « »로 표시된 주변 문장 | The text around the words, which stand between « and »"
    )


class CallPage(Page[CallRow]):
    """One page of the calls, with the number of calls for each value of each facet."""

    facets: dict[str, dict[str, int]] = Field(
        description="조건별 값과 공고 수 | For each condition, its values and their number of calls"
    )


class Fact(Answer):
    """A fact of an announcement with the words that prove it."""

    kind: str
    fact_id: str
    version_key: str
    what: str | None
    said: str
    more: str | None
    corrected: str | None
    evidence_start: int | None
    evidence_end: int | None
    evidence_quote: str
    evidence_field: str | None
    programme: str | None
    status: str | None
    period: str | None
    parent: str | None
    outcome: str | None
    year: str | None
    part_of: int | None
    meaning: str | None
    side: str | None
    per: str | None
    subject: str | None
    file: str | None
    place: str | None
    programme_key: str | None
    organisation_key: str | None


class SilencedFact(Answer):
    """A fact that a person silenced; it counts in no figure."""

    fact_id: str
    kind: str
    said: str | None
    evidence_quote: str | None
    corrected: str
    was: str


class FurtherEvidence(Answer):
    """Words that give a property of a fact, or of the application period, beside the evidence of the fact itself."""

    says: str
    fact_id: str | None
    field: str | None
    value: str | None
    instead: str | None
    evidence_start: int | None
    evidence_end: int | None
    evidence_quote: str | None


class Version(Answer):
    """A version of an announcement."""

    version_key: str
    document_key: str
    valid_from: str
    change_kind: str
    title: str
    closes_on: date | None
    is_current: bool
    letters: int | None


class Attachment(Answer):
    """An attached file."""

    name: str
    url: str | None
    sha256: str | None
    bytes: int | None
    media_type: str | None
    outcome: str
    reason: str | None
    role: str | None
    text_start: int | None
    text_end: int | None


class Sibling(Answer):
    """The same call on another site, or an article about it."""

    announcement_key: str
    title: str
    kind: str
    source: str
    source_name: str
    url: str
    posted_on: date | None
    linked_by: str | None


class Call(Answer):
    """An announcement with its text, facts, versions, files, and copies on other sites.

    Without a version, where its page could not be read, ``outcome`` and ``reason`` say why.
    """

    announcement_key: str
    notice_key: str | None
    source: str
    source_name: str | None
    native_id: str
    url: str
    outcome: str | None
    reason: str | None
    version_key: str | None
    document_key: str | None
    title: str | None
    kind: str | None
    relevant: bool | None
    agency: str | None
    posted_on: date | None
    opens_on: date | None
    closes_on: date | None
    closes_time: _TimeOfDay | None
    closes_kind: str | None
    change_kind: str | None
    corrected: str | None
    is_current: bool | None
    text: str | None
    valid_from: str | None
    first_seen: str
    last_seen: str
    status: str | None
    facts: list[Fact]
    silenced_facts: list[SilencedFact]
    further_evidence: list[FurtherEvidence]
    versions: list[Version]
    attachments: list[Attachment]
    siblings: list[Sibling]


class ProgrammeRow(Answer):
    """A programme in the list."""

    programme_key: str
    name: str
    types: list[str]
    regions: list[str]
    stage: str | None
    posted_on: date | None


class Edition(Answer):
    """The call of one year of a programme."""

    programme_key: str
    name: str
    year: int
    calls: int
    title: str
    url: str
    first_posted_on: date | None
    skipped_years: int | None


class ProgrammeCall(Answer):
    """A document of a programme."""

    announcement_key: str
    title: str
    kind: str
    posted_on: date | None
    sidos: list[str]
    type: str | None
    status: str | None
    outcome: str | None
    cancelled: bool | None
    fact_id: str
    evidence_quote: str
    corrected: str | None


class ProgrammePart(Answer):
    """A part of a programme, such as a track."""

    programme_key: str
    name: str
    documents: int


class ProgrammeMoney(Answer):
    """A statement of money of a programme, and why it counts or is set aside."""

    fact_id: str
    version_key: str
    announcement_key: str
    title: str
    kind: str
    posted_on: date | None
    year: str | None
    funding_source: str | None
    krw: int
    part_of: int | None
    set_aside: str | None
    evidence_quote: str
    corrected: str | None


class ProgrammeRate(Answer):
    """A rate of a programme, and the result that answers a promised one."""

    fact_id: str
    metric: str | None
    value: float
    unit: str | None
    side: str | None
    verdict: str | None
    posted_on: date | None
    title: str
    evidence_quote: str
    corrected: str | None
    result_fact_id: str | None
    result: float | None
    result_unit: str | None
    result_on: date | None
    result_quote: str | None


class ProgrammeCount(Answer):
    """A count of a programme."""

    fact_id: str
    what: str | None
    unit: str | None
    value: float
    side: str | None
    per: str | None
    year: str | None
    posted_on: date | None
    title: str
    evidence_quote: str
    corrected: str | None


class ProgrammeBody(Answer):
    """An organisation that takes part in a programme."""

    organisation_key: str
    name: str
    role: str | None
    fact_id: str
    evidence_quote: str
    corrected: str | None


class Programme(Answer):
    """A programme: its stage, money, rates, counts, organisations and documents."""

    programme_key: str
    name: str
    first_year: str | None
    last_year: str | None
    mentions: int
    type: str | None
    status: str | None
    outcome: str | None
    stage: str | None
    starts: str | None
    ends: str | None
    evidence_quote: str | None
    fact_id: str | None
    corrected: str | None
    parent: str | None
    parent_key: str | None
    verdict: str | None
    ground: str | None
    ground_detail: str | None
    regions: list[str]
    editions: list[Edition]
    calls: list[ProgrammeCall]
    parts: list[ProgrammePart]
    money: list[ProgrammeMoney]
    rates: list[ProgrammeRate]
    counts: list[ProgrammeCount]
    bodies: list[ProgrammeBody]


class OrganisationRow(Answer):
    """An organisation in the list."""

    organisation_key: str
    name: str
    calls: int
    hosts: int
    operates: int
    participates: int
    regions: list[str]


class OrganisationCall(Answer):
    """A call in which an organisation has a part."""

    announcement_key: str
    title: str
    role: str | None
    written: str
    alias_conflict: str | None
    programme: str | None
    sidos: list[str]
    posted_on: date | None
    fact_id: str
    evidence_quote: str
    corrected: str | None


class Partner(Answer):
    """An organisation that has a part in the same programmes."""

    organisation_key: str
    name: str
    calls: int
    roles: list[str]


class Organisation(Answer):
    """An organisation with its names, calls and partners."""

    organisation_key: str
    name: str
    mentions: int
    aliases: list[str]
    calls: list[OrganisationCall]
    partners: list[Partner]


class RegionRow(Answer):
    """A region with its figures; sums in KRW of what is decided, and apart from it of what is planned."""

    region: str
    open: int
    calls: int
    total: int | None
    national: int | None
    local: int | None
    private: int | None
    planned: int | None
    demonstrations: int | None
    adoptions: int | None


class SourceRow(Answer):
    """A source with its latest run."""

    source: str
    name_ko: str | None
    last_state: str | None
    last_run: str | None
    last_ok: str | None
    last_listed: int | None
    last_failed: int | None
    recall: float | None
    newest: date | None
    runs: int
    failed_runs: int


class ReportName(Answer):
    """A named report."""

    name: str = Field(description="이름(주소에 쓴다) | Its name, as in the address")
    title_ko: str = Field(description="제목 | Title in Korean")
    title_en: str = Field(description="제목(영문) | Title in English")
    answers: str = Field(description="답하는 물음 | The question that it answers")
