"""The pages: what is open, one call, programmes, bodies, regions, sources."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import Response

from gonggo.maintenance.doctor import for_all_to_see
from gonggo.report.exports import last_failed
from gonggo.report.formats import linked
from gonggo.report.tilemap import tilemap
from gonggo.settings import SEOUL
from gonggo.sources.catalogue import load_catalogue
from gonggo.web.asking import demand_known
from gonggo.web.bar_chart import bars
from gonggo.web.filters import Asked, Calls, Programmes
from gonggo.web.formats import FORMATS, in_format
from gonggo.web.highlight import compared, marked
from gonggo.web.snapshot import Row, Snapshot
from gonggo.web.view import address, render, snapshot, speech

pages = APIRouter(include_in_schema=False)
_Key = Annotated[str | None, Query(max_length=64)]
FACETS = ("status", "region", "place", "sector", "type", "size", "to", "least", "kind", "year", "agency", "source")
MAPS = {
    "open": ("open_by_region", "calls?status=open&kind=announcement&region={name}"),
    "money": ("money_by_region", "regions/{name}"),
    "year": ("year_by_region", "calls?kind=announcement&year={year}&region={name}"),
}
# Rows of a list for another program.
MOST_IN_FORMAT = 10_000
_together = ThreadPoolExecutor(4, "gonggo-web")


@pages.get("/")
def front(request: Request, map: Literal["open", "money", "year"] = "open") -> Response:
    data, say = snapshot(request), speech(request)
    today = datetime.now(SEOUL).date()
    query, link = MAPS[map]
    money = data.rows("money_by_year")
    places = {row["name"]: row["value"] for row in data.rows(query)}
    show = (lambda krw: f"{krw / 1e8:,.0f}") if map == "money" else "{:,}".format
    return render(
        request,
        "front.html",
        page="front",
        map=map,
        maps=list(MAPS),
        tiles=tilemap(places, say(f"map.{map}"), link.replace("{year}", str(today.year)), show),
        places=sorted(places.items(), key=lambda pair: -pair[1]),
        counts=data.row("counts"),
        in_a_week=today + timedelta(days=7),
        closing=data.rows("closing_next"),
        changes=data.rows("changes"),
        money=money,
        chart=bars(money, say.money, lambda role: say.code("role", role)),
        reached={row["reached"]: row["programmes"] for row in data.rows("reached")},
    )


@pages.get("/calls")
def calls(request: Request, asked: Annotated[Calls, Query()]) -> Response:
    data = snapshot(request)
    counting = _together.submit(facets, data, asked)
    found = data.rows("list", **asked.page_of())
    return render(
        request, "calls.html", page="calls", asked=asked, found=found, facets=counting.result(), formats=list(FORMATS)
    )


@pages.get("/calls.{suffix}", dependencies=[Depends(demand_known)])
def calls_as(request: Request, suffix: str, asked: Annotated[Calls, Query()]) -> Response:
    if suffix not in FORMATS:
        raise HTTPException(404)
    found = snapshot(request).rows("list", **asked.conditions(), rows=MOST_IN_FORMAT, skip=0)
    return in_format(suffix, found, address(request))


def facets(data: Snapshot, asked: Calls) -> dict[str, list[Row]]:
    """How many calls there are under each value of each facet; under "all", one row for all."""
    counted: dict[str, list[Row]] = {name: [] for name in ("all", *FACETS)}
    for row in data.remembered(
        "facets", **{name: value for name, value in asked.conditions().items() if name != "sort"}
    ):
        counted[row["facet"]].append(row)
    return counted


@pages.get("/calls/{key}")
def call(request: Request, key: str, version: _Key = None, against: _Key = None) -> Response:
    data = snapshot(request)
    found = data.call(key, version)
    if found is None:
        raise HTTPException(404)
    shown, at = found
    proving = _together.submit(_facts, data, at)
    values: dict[str, Any] = {name: data.rows(name, **at) for name in ("versions", "attachments", "audit")}
    before = data.rows("superseded", document_key=shown["document_key"])
    siblings = data.rows("siblings", notice_key=shown["notice_key"], announcement_key=key) if at["shared"] else []
    difference = _difference(data, shown, at, against)
    facts, further = proving.result()
    programmes = sorted({row["programme_key"] for row in facts if row.get("programme_key")})
    node = linked({**shown, "sidos": at["sidos"], "krw": at["total"]})
    return render(
        request,
        "call.html",
        page="calls",
        call=shown,
        state=at,
        facts=facts,
        text=marked(shown["text"] or "", [*facts, *further]),
        difference=difference,
        against=against,
        before=before,
        siblings=siblings,
        editions=data.rows("editions", programmes=programmes),
        linked={"@context": "https://schema.org", **node},
        **values,
    )


def _facts(data: Snapshot, at: Row) -> tuple[list[Row], list[Row]]:
    """The facts, numbered, each with what says the same and what contradicts it; and those further words."""
    facts = data.rows("facts", **at)
    by_key: dict[str, Row] = {}
    for number, fact in enumerate(facts, 1):
        by_key[fact["fact_id"]] = fact | {"number": number, "further": []}
    further = data.rows("further", **at) if facts else []
    told = []
    for row in further:
        if row["fact_id"] in by_key:
            by_key[row["fact_id"]]["further"].append(row)
            told.append({**row, "number": by_key[row["fact_id"]]["number"]})
    return list(by_key.values()), told


def _difference(data: Snapshot, shown: Row, at: Row, against: str | None) -> list[tuple[str, str]]:
    if not against:
        return []
    other = data.row("text", **at | {"version_key": against})
    if other is None:
        raise HTTPException(404)
    return list(compared(other["text"] or "", shown["text"] or ""))


@pages.get("/programmes")
def programmes(request: Request, asked: Annotated[Programmes, Query()]) -> Response:
    found = snapshot(request).rows("programmes", **asked.page_of())
    return render(request, "programmes.html", page="programmes", asked=asked, found=found)


@pages.get("/programmes/{key}")
def programme(request: Request, key: str) -> Response:
    data = snapshot(request)
    shown = data.row("programme", programme_key=key)
    if shown is None:
        raise HTTPException(404)
    values: dict[str, Any] = {name: data.rows(f"programme_{name}", programme_key=key) for name in ("calls", "money")}
    return render(
        request,
        "programme.html",
        page="programmes",
        shown=shown,
        editions=data.rows("editions", programmes=[key]),
        **values,
    )


@pages.get("/organisations")
def organisations(request: Request, asked: Annotated[Asked, Query()]) -> Response:
    found = snapshot(request).rows("organisations", **asked.page_of())
    return render(request, "organisations.html", page="organisations", asked=asked, found=found)


@pages.get("/organisations/{key}")
def organisation(request: Request, key: str) -> Response:
    data = snapshot(request)
    shown = data.row("organisation", organisation_key=key)
    if shown is None:
        raise HTTPException(404)
    parts = ("calls", "partners")
    values: dict[str, Any] = {name: data.rows(f"organisation_{name}", organisation_key=key) for name in parts}
    return render(request, "organisation.html", page="organisations", shown=shown, **values)


@pages.get("/regions")
def regions(request: Request) -> Response:
    return render(request, "regions.html", page="regions", found=snapshot(request).rows("regions"))


@pages.get("/regions/{name}")
def region(request: Request, name: str) -> Response:
    data, say = snapshot(request), speech(request)
    beside = data.rows("regions")
    shown = next((row for row in beside if row["region"] == name), None)
    if shown is None:
        raise HTTPException(404)
    money = data.rows("region_money", region=name)
    asked = Calls(region=name, status="open", kind="announcement")
    return render(
        request,
        "region.html",
        page="regions",
        shown=shown,
        beside=beside,
        money=money,
        chart=bars([row for row in money if row["series"] != "total"], say.money, lambda role: say.code("role", role)),
        sectors=data.rows("region_sectors", region=name),
        stages=data.row("stages", region=name),
        open=data.rows("list", **asked.conditions(), rows=10, skip=0),
        asked=asked,
    )


@pages.get("/sources")
def sources(request: Request) -> Response:
    expected = {name: site.expect.rows_per_page_min for name, site in load_catalogue().items()}
    data = snapshot(request)
    # What went wrong outside of any source.
    problems = {f"exports/{name}": why for name, why in last_failed(data.settings).items()}
    shown: dict[str, Any] = {"found": data.rows("sources"), "expected": expected, "problems": problems}
    return render(request, "sources.html", page="sources", wrong=for_all_to_see(data.settings), **shown)


@pages.get("/sources/{source}")
def source(request: Request, source: str) -> Response:
    data = snapshot(request)
    shown = next((row for row in data.rows("sources") if row["source"] == source), None)
    if shown is None:
        raise HTTPException(404)
    site: Any = load_catalogue().get(source)
    values: dict[str, Any] = {name: data.rows(f"source_{name}", source=source) for name in ("runs", "fetches")}
    return render(request, "source.html", page="sources", shown=shown, site=site, **values)
