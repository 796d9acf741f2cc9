"""The same data as JSON, under /api/v1."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

from gonggo.errors import WarehouseError
from gonggo.report.named import find_report, list_reports
from gonggo.web.asking import demand_known
from gonggo.web.filters import ROWS, Asked, Calls, Programmes
from gonggo.web.pages import facets
from gonggo.web.snapshot import Row
from gonggo.web.view import render, snapshot


class Problem(BaseModel):
    """Why there is no answer."""

    detail: str


class Mistake(BaseModel):
    """A part of a question that makes no sense: where it stands, and what is wrong with it."""

    where: list[str | int]
    what: str


class Misunderstood(BaseModel):
    """A question that makes no sense."""

    detail: list[Mistake]


_Responses = dict[int | str, dict[str, Any]]
_ASKED: _Responses = {422: {"model": Misunderstood, "description": "A value makes no sense, or a name is not known"}}
_ONE: _Responses = {**_ASKED, 404: {"model": Problem, "description": "There is none of this key"}}
_NOT_YET: _Responses = {503: {"model": Problem, "description": "Nothing is published yet, or by another version"}}
_MALFORMED: _Responses = {400: {"model": Problem, "description": "The address is malformed"}}
api = APIRouter(responses={**_MALFORMED, **_NOT_YET, **_ASKED}, dependencies=[Depends(demand_known)])
# The page about it.
described = APIRouter(include_in_schema=False)
_Key = Annotated[str, Path(max_length=64, pattern="^[0-9A-Za-z_-]+$")]


def _paged(asked: Asked, entries: list[Row], all_: int) -> dict[str, Any]:
    return {"page": asked.page, "rows_a_page": ROWS, "found": all_, "rows": entries}


def _counted(asked: Asked, entries: list[Row]) -> dict[str, Any]:
    """A page of rows that say themselves how many there are."""
    bare = [{name: value for name, value in row.items() if name != "found"} for row in entries]
    return _paged(asked, bare, entries[0]["found"] if entries else 0)


@api.get("/api/v1/calls", summary="공고 찾기 | Find calls", responses=_ASKED)
def calls(request: Request, asked: Annotated[Calls, Query()]) -> dict[str, Any]:
    """Calls that meet all conditions, with how many there are under each value of each facet."""
    data = snapshot(request)
    entries = data.rows("list", **asked.page_of())
    counted = facets(data, asked)
    by_facet = {name: {row["value"]: row["calls"] for row in rows} for name, rows in counted.items() if name != "all"}
    return {**_paged(asked, entries, counted["all"][0]["calls"]), "facets": by_facet}


@api.get("/api/v1/calls/{key}", summary="공고 한 건 | One call", responses=_ONE)
def call(request: Request, key: _Key, version: Annotated[str | None, Query(max_length=64)] = None) -> dict[str, Any]:
    """One announcement with its text, facts and their evidence, versions, files, and where else it stands."""
    data = snapshot(request)
    found = data.call(key, version)
    if found is None:
        raise HTTPException(404, "no such call")
    shown, at = found
    return {
        **shown,
        "status": at["status"],
        "facts": data.rows("facts", **at),
        "further_evidence": data.rows("further", **at),
        "versions": data.rows("versions", **at),
        "attachments": data.rows("attachments", version_key=shown["version_key"]),
        "siblings": data.rows("siblings", notice_key=shown["notice_key"], announcement_key=key),
    }


@api.get("/api/v1/programmes", summary="사업 | Programmes", responses=_ASKED)
def programmes(request: Request, asked: Annotated[Programmes, Query()]) -> dict[str, Any]:
    """Programmes, those called most recently first."""
    return _counted(asked, snapshot(request).rows("programmes", **asked.page_of()))


@api.get("/api/v1/programmes/{key}", summary="사업 하나 | One programme", responses=_ONE)
def programme(request: Request, key: _Key) -> dict[str, Any]:
    """A programme over the years."""
    data = snapshot(request)
    shown = data.row("programme", programme_key=key)
    if shown is None:
        raise HTTPException(404, "no such programme")
    return {
        **shown,
        "editions": data.rows("editions", programmes=[key]),
        "calls": data.rows("programme_calls", programme_key=key),
    }


@api.get("/api/v1/organisations", summary="기관 | Organisations", responses=_ASKED)
def organisations(request: Request, asked: Annotated[Asked, Query()]) -> dict[str, Any]:
    """Bodies by how often they act."""
    return _counted(asked, snapshot(request).rows("organisations", **asked.page_of()))


@api.get("/api/v1/organisations/{key}", summary="기관 하나 | One organisation", responses=_ONE)
def organisation(request: Request, key: _Key) -> dict[str, Any]:
    """A body with its names, calls and partners."""
    data = snapshot(request)
    shown = data.row("organisation", organisation_key=key)
    if shown is None:
        raise HTTPException(404, "no such organisation")
    return {
        **shown,
        "calls": data.rows("organisation_calls", organisation_key=key),
        "partners": data.rows("organisation_partners", organisation_key=key),
    }


@api.get("/api/v1/regions", summary="지역 | Regions")
def regions(request: Request) -> list[dict[str, Any]]:
    """The regions beside each other."""
    return snapshot(request).rows("regions")


@api.get("/api/v1/sources", summary="수집처 | Sources")
def sources(request: Request) -> list[dict[str, Any]]:
    """Sources with their latest run."""
    return snapshot(request).rows("sources")


@api.get("/api/v1/reports", summary="보고서 목록 | Named reports")
def reports() -> list[dict[str, str]]:
    """The named reports."""
    return [
        {"name": r.name, "title_ko": r.title_ko, "title_en": r.title_en, "answers": r.description}
        for r in list_reports()
    ]


@api.get("/api/v1/reports/{name}", summary="보고서 | One report", responses=_ONE)
def report(request: Request, name: _Key) -> list[dict[str, Any]]:
    """The rows of a named report."""
    try:
        wanted = find_report(name)
    except WarehouseError as error:
        raise HTTPException(404, "no such report") from error
    return wanted.labelled(snapshot(request).report(wanted.path))


@described.get("/api")
def docs(request: Request) -> Response:
    """What the API offers, out of its own description; without scripts from elsewhere."""
    paths = request.app.openapi()["paths"]
    return render(request, "api.html", page="api", paths=[(path, told["get"]) for path, told in paths.items()])
