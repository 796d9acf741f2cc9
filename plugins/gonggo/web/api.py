"""The JSON API under /api/v1, with the same data as the pages."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request
from fastapi.responses import Response

from gonggo.errors import UsageError
from gonggo.report.named import find_report, list_reports
from gonggo.web import api_models as models
from gonggo.web.filters import ROWS, CallQuery, ListQuery, ProgrammeQuery, RegionalQuery
from gonggo.web.formats import FORMATS
from gonggo.web.pages import facets
from gonggo.web.parameters import refuse_unknown
from gonggo.web.snapshot import Row
from gonggo.web.snippets import with_snippets
from gonggo.web.view import render, site_address, snapshot

_Responses = dict[int | str, dict[str, Any]]
_INVALID: _Responses = {
    422: {"model": models.InvalidQuery, "description": "A value is invalid, or a parameter is unknown"}
}
_ONE: _Responses = {**_INVALID, 404: {"model": models.Problem, "description": "There is none of this key"}}
_NOT_YET: _Responses = {
    503: {"model": models.Problem, "description": "Nothing is published yet, or by another version"}
}
_MALFORMED: _Responses = {400: {"model": models.Problem, "description": "The address is malformed"}}
api = APIRouter(responses={**_MALFORMED, **_NOT_YET, **_INVALID}, dependencies=[Depends(refuse_unknown)])
# The page that describes the API.
api_page = APIRouter(include_in_schema=False)
# What is known of a programme, one query each.
PROGRAMME_PARTS = ("calls", "parts", "money", "rates", "counts", "bodies")
_Key = Annotated[
    str,
    Path(max_length=64, pattern="^[0-9A-Za-z_-]+$", description="목록의 키 또는 이름 | The key or name in the list"),
]
_Version = Annotated[
    str | None, Query(max_length=64, description="버전 키 | The key of a version, else the current one")
]


def _page(query: ListQuery, entries: list[Row], total: int) -> dict[str, Any]:
    return {"page": query.page, "rows_a_page": ROWS, "found": total, "rows": entries}


def _page_with_count(query: ListQuery, entries: list[Row]) -> dict[str, Any]:
    """Return a page of rows; each row contains the total number of rows as ``found``."""
    bare = [{name: value for name, value in row.items() if name != "found"} for row in entries]
    return _page(query, bare, entries[0]["found"] if entries else 0)


@api.get("/api/v1/calls", summary="공고 검색 | Find calls", responses=_INVALID, response_model=models.CallPage)
def calls(request: Request, query: Annotated[CallQuery, Query()]) -> dict[str, Any]:
    """List the calls that meet all conditions, with the number of calls for each value of each facet."""
    data = snapshot(request)
    entries = with_snippets(data, query.words, data.rows("list", **query.page_values()))
    counted = facets(data, query)
    by_facet = {name: {row["value"]: row["calls"] for row in rows} for name, rows in counted.items() if name != "all"}
    return {**_page(query, entries, counted["all"][0]["calls"]), "facets": by_facet}


@api.get("/api/v1/calls/{key}", summary="공고 상세 | One call", responses=_ONE, response_model=models.Call)
def call(request: Request, key: _Key, version: _Version = None) -> dict[str, Any]:
    """Show one announcement with its text, facts and their evidence, versions, files, and copies on other sites."""
    data = snapshot(request)
    result = data.call(key, version)
    if result is None:
        raise HTTPException(404, "no such call")
    shown, state = result
    return {
        **shown,
        "status": state["status"],
        "facts": data.rows("facts", **state),
        "silenced_facts": data.rows("silenced", version_key=shown["version_key"]),
        "further_evidence": data.rows("further", **state),
        "versions": data.rows("versions", **state),
        "attachments": data.rows("attachments", version_key=shown["version_key"]),
        "siblings": data.rows("siblings", notice_key=shown["notice_key"], announcement_key=key),
    }


@api.get(
    "/api/v1/programmes",
    summary="사업 | Programmes",
    responses=_INVALID,
    response_model=models.Page[models.ProgrammeRow],
)
def programmes(request: Request, query: Annotated[ProgrammeQuery, Query()]) -> dict[str, Any]:
    """List the programmes, those with the most recent call first."""
    return _page_with_count(query, snapshot(request).rows("programmes", **query.page_values()))


@api.get(
    "/api/v1/programmes/{key}", summary="사업 상세 | One programme", responses=_ONE, response_model=models.Programme
)
def programme(request: Request, key: _Key) -> dict[str, Any]:
    """Show a programme: its stage, money, rates, counts, organisations and documents."""
    data = snapshot(request)
    shown = data.row("programme", programme_key=key)
    if shown is None:
        raise HTTPException(404, "no such programme")
    return {
        **shown,
        "editions": data.rows("editions", programmes=[key]),
        **{name: data.rows(f"programme_{name}", programme_key=key) for name in PROGRAMME_PARTS},
    }


@api.get(
    "/api/v1/organisations",
    summary="기관 | Organisations",
    responses=_INVALID,
    response_model=models.Page[models.OrganisationRow],
)
def organisations(request: Request, query: Annotated[RegionalQuery, Query()]) -> dict[str, Any]:
    """List the organisations, those with the most roles first."""
    return _page_with_count(query, snapshot(request).rows("organisations", **query.page_values()))


@api.get(
    "/api/v1/organisations/{key}",
    summary="기관 상세 | One organisation",
    responses=_ONE,
    response_model=models.Organisation,
)
def organisation(request: Request, key: _Key) -> dict[str, Any]:
    """Show an organisation with its names, calls and partners."""
    data = snapshot(request)
    shown = data.row("organisation", organisation_key=key)
    if shown is None:
        raise HTTPException(404, "no such organisation")
    return {
        **shown,
        "calls": data.rows("organisation_calls", organisation_key=key),
        "partners": data.rows("organisation_partners", organisation_key=key),
    }


@api.get("/api/v1/regions", summary="지역 | Regions", response_model=list[models.RegionRow])
def regions(request: Request) -> list[dict[str, Any]]:
    """List the regions with their figures."""
    return snapshot(request).rows("regions")


@api.get("/api/v1/sources", summary="수집처 | Sources", response_model=list[models.SourceRow])
def sources(request: Request) -> list[dict[str, Any]]:
    """List the sources with their latest run."""
    return snapshot(request).rows("sources")


@api.get("/api/v1/reports", summary="보고서 목록 | Named reports", response_model=list[models.ReportName])
def reports() -> list[dict[str, str]]:
    """List the named reports."""
    return [
        {"name": r.name, "title_ko": r.title_ko, "title_en": r.title_en, "answers": r.description}
        for r in list_reports()
    ]


@api.get("/api/v1/reports/{name}", summary="보고서 | One report", responses=_ONE)
def report(request: Request, name: _Key) -> list[dict[str, Any]]:
    """Return the rows of a named report."""
    try:
        wanted = find_report(name)
    except UsageError as error:
        raise HTTPException(404, "no such report") from error
    return wanted.labelled(snapshot(request).report(wanted.path))


@api_page.get("/api")
def docs(request: Request) -> Response:
    """Show the operations of the API from its OpenAPI description, without scripts from other sites."""
    paths = request.app.openapi()["paths"]
    return render(
        request,
        "api.html",
        page="api",
        paths=[(path, operation["get"]) for path, operation in paths.items()],
        site=site_address(request),
        formats=list(FORMATS),
    )
