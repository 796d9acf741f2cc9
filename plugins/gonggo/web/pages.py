"""The pages: overview, calls, programmes, organisations, regions, sources."""

from __future__ import annotations

import base64
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any, Literal

import yaml
from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response

from gonggo.maintenance.doctor import visible_problems
from gonggo.report.brief import brief
from gonggo.report.codes import Sector, codes_of, region_names
from gonggo.report.exports import last_failed
from gonggo.report.formats import json_ld
from gonggo.report.tilemap import tilemap
from gonggo.report.translations import Translator
from gonggo.settings import SEOUL
from gonggo.sources.catalogue import load_catalogue
from gonggo.warehouse.corrections import kind_of
from gonggo.web.applying import how_to_apply, own_share
from gonggo.web.bar_chart import bars
from gonggo.web.filters import CallQuery, CompareQuery, ProgrammeQuery, RegionalQuery
from gonggo.web.formats import FORMATS, as_file
from gonggo.web.grouping import facts_by_programme, money_by_document
from gonggo.web.highlight import diff_lines, highlight
from gonggo.web.parameters import refuse_unknown
from gonggo.web.proposals import proposal
from gonggo.web.snapshot import Row, Snapshot
from gonggo.web.snippets import marked_snippets
from gonggo.web.view import HEADERS, current_url, render, snapshot, translator

pages = APIRouter(include_in_schema=False)
_Key = Annotated[str | None, Query(max_length=64)]
FACETS = (
    *("status", "region", "place", "sector", "type", "size", "to", "least"),
    *("posted_from", "kind", "year", "agency", "source"),
)
MAPS = {
    "open": ("open_by_region", "calls?status=open&kind=announcement&region={name}"),
    "money": ("money_by_region", "regions/{name}"),
    "year": ("year_by_region", "calls?kind=announcement&year={year}&region={name}"),
}
# Largest number of rows in a downloaded list.
MAX_ROWS_IN_FILE = 10_000
_BAR_HEIGHT = 48
# Characters that `evidence` gives before and after a quote.
_AROUND = 80
# The amounts behind a sum of the chart of money, for the console.
_MONEY_BEHIND = (
    "SELECT krw, title, evidence_quote, url FROM decided_amount WHERE year = '{}' AND role = '{}'"
    " ORDER BY krw DESC LIMIT 200"
)
_executor = ThreadPoolExecutor(4, "gonggo-web")


@pages.get("/")
def front(request: Request, map: Literal["open", "money", "year"] = "open") -> Response:
    """Show the overview: open calls, deadlines, changes, money."""
    data, t = snapshot(request), translator(request)
    today = datetime.now(SEOUL).date()
    query, link = MAPS[map]
    money = data.rows("money_by_year")
    by_region = {row["name"]: row["value"] for row in data.rows(query)}
    format_value = t.in_unit if map == "money" else "{:,}".format
    return render(
        request,
        "front.html",
        page="front",
        map=map,
        maps=list(MAPS),
        tiles=tilemap(
            by_region, t(f"map.{map}"), link.replace("{year}", str(today.year)), format_value, partial(t.code, "region")
        ),
        by_region=sorted(by_region.items(), key=lambda pair: -pair[1]),
        counts=data.row("counts"),
        in_a_week=today + timedelta(days=7),
        yesterday=today - timedelta(days=1),
        days=_with_heights(data.rows("closing_days")),
        closing=data.rows("closing_next"),
        changes=data.rows("changes"),
        money=money,
        money_behind=_MONEY_BEHIND,
        chart=bars(money, t.money, lambda role: t.code("role", role)),
        undecided=data.rows("money_undecided"),
        reached={row["reached"]: row["programmes"] for row in data.rows("reached")},
    )


def _with_heights(days: list[Row]) -> list[Row]:
    """Return days with the height of their bar, by the root of its number: one busy day leaves the others visible."""
    most = max((day["calls"] for day in days), default=0) or 1
    return [{**day, "height": round(_BAR_HEIGHT * (day["calls"] / most) ** 0.5, 1)} for day in days]


@pages.get("/calls")
def calls(request: Request, query: Annotated[CallQuery, Query()]) -> Response:
    """Show a list of calls with facets."""
    data = snapshot(request)
    counting = _executor.submit(facets, data, query)
    rows = data.rows("list", **query.page_values())
    return render(
        request,
        "calls.html",
        page="calls",
        query=query,
        rows=rows,
        snippets=marked_snippets(data, query.words, rows),
        nearest=data.rows("nearest", words=query.words) if query.words and not rows else [],
        facets=counting.result(),
        chosen_facets={name for name, _ in query.parameters()},
        formats=list(FORMATS),
        alert_rule=alert_rule(query, translator(request)) if query.parameters() else "",
    )


def alert_rule(query: CallQuery, t: Translator) -> str:
    """Return a rule for ``alerts.yaml`` with those conditions of a list that alerts have; its name is in words."""
    conditions = {
        "regions": query.region,
        "sectors": query.sector,
        "company_sizes": query.size,
        # All of the words, as in the search; several entries would ask for any of them.
        "words": [query.words] if query.words else [],
    }
    set_conditions = {name: value for name, value in conditions.items() if value}
    kinds = {"sectors": "sector", "company_sizes": "size"}
    labels = [t.code(kinds.get(name, ""), value) for name, values in set_conditions.items() for value in values]
    rule_name = " ".join(labels) or t("all_calls")
    return _as_rules({"name": rule_name, **set_conditions, "days_before": [7, 1]})


def follow_rule(announcement: Row) -> str:
    """Return a rule for ``alerts.yaml`` that reports when one call changes."""
    name = announcement["title"] or announcement["announcement_key"]
    return _as_rules({"name": name, "calls": [announcement["announcement_key"]], "days_before": [3]})


def _as_rules(rule: Row) -> str:
    rules = {"rules": [{**rule, "to": {"email": ["name@example.org"]}}]}
    return str(yaml.safe_dump(rules, allow_unicode=True, sort_keys=False, default_flow_style=None))


@pages.get("/calls.{suffix}", dependencies=[Depends(refuse_unknown)])
def calls_as(request: Request, suffix: str, query: Annotated[CallQuery, Query()]) -> Response:
    """Return a list of calls as a file."""
    if suffix not in FORMATS:
        raise HTTPException(404)
    rows = snapshot(request).rows("list", **query.conditions(), rows=MAX_ROWS_IN_FILE, skip=0)
    t = translator(request)
    name = " · ".join(t.condition(name, value) for name, value in query.parameters() if name != "sort") or t(
        "all_calls"
    )
    return as_file(suffix, rows, current_url(request), name, t)


def facets(data: Snapshot, query: CallQuery) -> dict[str, list[Row]]:
    """Return the number of calls for each value of each facet; "all" has one row for all calls.

    The values of a facet that can have several are counted as if none of them were chosen, so that more can be added.
    """
    conditions = {name: value for name, value in query.conditions().items() if name != "sort"}
    by_facet: dict[str, list[Row]] = {name: [] for name in ("all", *FACETS)}
    for row in data.cached_rows("facets", **conditions):
        by_facet[row["facet"]].append(row)
    for chosen in {name for name, _ in query.parameters()} & query.several() & set(FACETS):
        rows = data.cached_rows("facets", **{**conditions, chosen: None})
        by_facet[chosen] = [row for row in rows if row["facet"] == chosen] or by_facet[chosen]
    return by_facet


@pages.get("/mine")
def mine(request: Request) -> Response:
    """Show which open calls fit a company. Its data stay in the browser, which compares them with the list."""
    t = translator(request)
    regions, sizes, sectors = region_names(), codes_of("size"), codes_of("sector")
    words = {
        **{name: t(f"mine.{name}") for name in ("failed", "who")},
        **{name: t(name) for name in ("star", "today", "until")},
        **{name: t.time_left(days).replace(str(days), "{}") for name, days in (("day_left", 1), ("days_left", 2))},
        **{"not_stated": t("not_stated"), "up_to": t("up_to"), "region": t("f.region"), "sector": t("f.sector")},
        "age": t("rule.max_company_age_years"),
        "verdicts": {verdict: t(f"mine.verdict.{verdict}") for verdict in ("yes", "unknown", "no")},
        "regions": {name: t.code("region", name) for name in regions},
        "sizes": {size: t.code("size", size) for size in sizes},
        "sectors": {sector: t.code("sector", sector) for sector in sectors},
    }
    return render(request, "mine.html", page="mine", regions=regions, sizes=sizes, sectors=sectors, words=words)


@pages.get("/compare")
def compare(request: Request, query: Annotated[CompareQuery, Query()]) -> Response:
    """Show some calls beside each other."""
    rows = snapshot(request).rows("compare", keys=query.key) if query.key else []
    return render(request, "compare.html", page="mine", rows=rows)


@pages.get("/calls/{key}")
def call(request: Request, key: str, version: _Key = None, against: _Key = None) -> Response:
    """Show an announcement in its current or another version, or compared with one."""
    data, t = snapshot(request), translator(request)
    result = data.call(key, version)
    if result is None:
        raise HTTPException(404)
    announcement, state = result
    facts_and_further = _executor.submit(_facts, data, state)
    values: dict[str, Any] = {name: data.rows(name, **state) for name in ("versions", "attachments", "audit")}
    superseded = data.rows("superseded", document_key=announcement["document_key"])
    siblings = (
        data.rows("siblings", notice_key=announcement["notice_key"], announcement_key=key) if state["shared"] else []
    )
    difference = _difference(data, announcement, state, against)
    facts, further = facts_and_further.result()
    programmes = sorted({row["programme_key"] for row in facts if row.get("programme_key")})
    linked_data = json_ld({**announcement, "status": state["status"], "sidos": state["sidos"], "krw": state["total"]})
    return render(
        request,
        "call.html",
        page="calls",
        call=announcement,
        state=state,
        groups=facts_by_programme(facts),
        follow_rule=follow_rule(announcement) if announcement["kind"] == "announcement" else "",
        summary=summary_for_applicants(facts) if announcement["kind"] == "announcement" else {},
        how=how_to_apply(announcement["text"] or "") if announcement["kind"] == "announcement" else "",
        own_share=own_share(announcement["text"] or "") if announcement["kind"] == "announcement" else "",
        silenced=[
            {**row, "said": t.fact(row["kind"], json.loads(row["was"]))}
            for row in data.rows("silenced", version_key=state["version_key"])
        ],
        text=highlight(announcement["text"] or "", [*facts, *further]),
        difference=difference,
        against=against,
        superseded=superseded,
        siblings=siblings,
        editions=data.rows("editions", programmes=programmes),
        json_ld={"@context": "https://schema.org", **linked_data},
        **values,
    )


@pages.get("/facts/{fact_id}")
def fact(request: Request, fact_id: str) -> Response:
    """Show one fact: its words, those around them, what a person said against it, and an entry to correct it."""
    data = snapshot(request)
    stated = data.rows("fact", fact_id=fact_id)
    if not stated:
        raise HTTPException(404)
    shown = stated[0]
    shown["fact_kind"] = kind_of(shown["fact_table"])
    shown["values"] = data.fact_values(shown["fact_table"], fact_id)
    shown["said"] = translator(request).fact(shown["fact_kind"], shown["values"])
    if not shown["corrected"]:
        shown["proposal"] = proposal(shown)
    before, after = _around(shown["around"] or "", shown["evidence_quote"])
    return render(request, "fact.html", page="calls", shown=shown, before=before, after=after, further=stated[1:])


def _around(text: str, quote: str) -> tuple[str, str]:
    """Return what stands before and after a quote, which ``evidence`` gives with so many characters on each side."""
    place = text[: _AROUND + len(quote)].rfind(quote)
    if place < 0:
        return "", ""
    # What stands around is cut after so many characters: of a line that is cut, only whole words are shown.
    before, after = text[:place], text[place + len(quote) :]
    if place >= _AROUND - 1:
        before = f"… {before.partition(' ')[2]}" if "\n" not in before else before.partition("\n")[2]
    if len(after) >= _AROUND - 1:
        after = f"{after.rpartition(' ')[0]} …" if "\n" not in after else after.rpartition("\n")[0]
    return before.lstrip("\n"), after.rstrip("\n")


def summary_for_applicants(facts: list[Row]) -> dict[str, list[Row]]:
    """Return the facts that an applicant asks for first: who may apply, what one gets, where to ask. No value twice."""
    asked = {
        "who": [fact for fact in facts if fact["kind"] == "eligibility"],
        "award": [
            fact for fact in facts if fact["kind"] == "amount" and fact["what"] in ("award_ceiling", "award_amount")
        ],
        "ask": [fact for fact in facts if fact["kind"] == "contact"],
    }
    return {name: list({(fact["what"], fact["said"]): fact for fact in rows}.values()) for name, rows in asked.items()}


def _facts(data: Snapshot, state: Row) -> tuple[list[Row], list[Row]]:
    """Return the numbered facts, each with its further evidence and contradictions; and all further evidence."""
    facts = data.rows("facts", **state)
    by_key: dict[str, Row] = {}
    for number, fact in enumerate(facts, 1):
        by_key[fact["fact_id"]] = fact | {"number": number, "further": []}
    further = data.rows("further", **state) if facts else []
    further_numbered = []
    for row in further:
        if row["fact_id"] in by_key:
            by_key[row["fact_id"]]["further"].append(row)
            further_numbered.append({**row, "number": by_key[row["fact_id"]]["number"]})
    return list(by_key.values()), further_numbered


def _difference(data: Snapshot, announcement: Row, state: Row, against: str | None) -> list[tuple[str, str]]:
    if not against:
        return []
    other = data.row("text", **state | {"version_key": against})
    if other is None:
        raise HTTPException(404)
    return list(diff_lines(other["text"] or "", announcement["text"] or ""))


@pages.get("/programmes")
def programmes(request: Request, query: Annotated[ProgrammeQuery, Query()]) -> Response:
    """Show a list of programmes."""
    rows = snapshot(request).rows("programmes", **query.page_values())
    return render(request, "programmes.html", page="programmes", query=query, rows=rows)


@pages.get("/programmes/{key}")
def programme(request: Request, key: str) -> Response:
    """Show a programme: its stage, money, targets beside results, counts, organisations and documents."""
    data = snapshot(request)
    shown = data.row("programme", programme_key=key)
    if shown is None:
        raise HTTPException(404)
    parts = ("calls", "parts", "rates", "counts", "bodies")
    values: dict[str, Any] = {name: data.rows(f"programme_{name}", programme_key=key) for name in parts}
    return render(
        request,
        "programme.html",
        page="programmes",
        shown=shown,
        editions=data.rows("editions", programmes=[key]),
        money=money_by_document(data.rows("programme_money", programme_key=key)),
        **values,
    )


@pages.get("/organisations")
def organisations(request: Request, query: Annotated[RegionalQuery, Query()]) -> Response:
    """Show a list of organisations."""
    rows = snapshot(request).rows("organisations", **query.page_values())
    return render(request, "organisations.html", page="organisations", query=query, rows=rows)


@pages.get("/organisations/{key}")
def organisation(request: Request, key: str) -> Response:
    """Show an organisation with its calls and partners."""
    data = snapshot(request)
    shown = data.row("organisation", organisation_key=key)
    if shown is None:
        raise HTTPException(404)
    parts = ("calls", "partners")
    values: dict[str, Any] = {name: data.rows(f"organisation_{name}", organisation_key=key) for name in parts}
    return render(request, "organisation.html", page="organisations", shown=shown, **values)


@pages.get("/regions")
def regions(request: Request) -> Response:
    """Show a table of the regions."""
    return render(request, "regions.html", page="regions", rows=snapshot(request).rows("regions"))


@pages.get("/regions/{name}")
def region(request: Request, name: str) -> Response:
    """Show a region: money, sectors, stages, open calls."""
    data, t = snapshot(request), translator(request)
    all_regions = data.rows("regions")
    shown = next((row for row in all_regions if row["region"] == name), None)
    if shown is None:
        raise HTTPException(404)
    money = data.rows("region_money", region=name)
    query = CallQuery(region=[name], status=["open"], kind=["announcement"])
    return render(
        request,
        "region.html",
        page="regions",
        shown=shown,
        all_regions=all_regions,
        money=money,
        chart=bars([row for row in money if row["series"] != "total"], t.money, lambda role: t.code("role", role)),
        sectors=data.rows("region_sectors", region=name),
        stages=data.row("stages", region=name),
        open=data.rows("list", **query.conditions(), rows=10, skip=0),
        query=query,
    )


@pages.get("/regions/{name}/brief")
def region_brief(request: Request, name: str, sector: Sector | None = None) -> Response:
    """Show the morning brief of a region as `gonggo report --region` writes it, for print."""
    if name not in region_names():
        raise HTTPException(404)
    page = brief(snapshot(request).settings, name, sector)
    # The page needs no other file: its style is allowed by its hash.
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = HEADERS["Content-Security-Policy"].replace("style-src 'self'", f"style-src 'sha256-{digest}'")
    return HTMLResponse(page, headers={"Content-Security-Policy": policy})


@pages.get("/sources")
def sources(request: Request) -> Response:
    """Show the health of the sources, and problems outside of them."""
    expected = {name: site.expect.rows_per_page_min for name, site in load_catalogue().items()}
    data = snapshot(request)
    # Problems outside of any source.
    problems = {f"exports/{name}": why for name, why in last_failed(data.settings).items()}
    shown: dict[str, Any] = {"rows": data.rows("sources"), "expected": expected, "problems": problems}
    shown["warnings"] = data.rows("warnings")
    return render(request, "sources.html", page="sources", wrong=visible_problems(data.settings), **shown)


@pages.get("/sources/{source}")
def source(request: Request, source: str) -> Response:
    """Show the runs and requests of a source."""
    data = snapshot(request)
    shown = next((row for row in data.rows("sources") if row["source"] == source), None)
    if shown is None:
        raise HTTPException(404)
    site: Any = load_catalogue().get(source)
    values: dict[str, Any] = {name: data.rows(f"source_{name}", source=source) for name in ("runs", "fetches")}
    return render(request, "source.html", page="sources", shown=shown, site=site, **values)
