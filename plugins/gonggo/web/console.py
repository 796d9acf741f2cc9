"""The SQL console: one query at a time, in a process of its own, over the published snapshot."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import PlainTextResponse, Response

from gonggo.errors import GonggoError
from gonggo.report.named import list_reports
from gonggo.web.drawing import bars
from gonggo.web.sandbox import Answer, Sandbox
from gonggo.web.view import render, saved, snapshot

console = APIRouter(include_in_schema=False)
FIRST = "SELECT closes_on, title, agency FROM open_calls WHERE closes_on IS NOT NULL ORDER BY closes_on LIMIT 20"
MOST_BARS = 40
LONGEST = 20_000
_Sql = Annotated[str, Form(max_length=LONGEST)]
_Ticket = Annotated[str, Form(max_length=64)]


def sandbox(request: Request) -> Sandbox:
    found: Sandbox = request.app.state.sandbox
    return found


@console.get("/console")
def page(request: Request, sql: Annotated[str, Query(max_length=LONGEST)] = FIRST) -> Response:
    return _page(request, sql, None)


@console.post("/console")
def run(request: Request, sql: _Sql, ticket: _Ticket = "", part: Annotated[str, Form()] = "") -> Response:
    """Run a query. With ``part`` only the result is sent, which the page's script puts in its place."""
    demand_own_page(request)
    answer = sandbox(request).run(sql, ticket or None)
    if part:
        return render(request, "result.html", sql=sql, answer=answer, chart=_chart(answer))
    return _page(request, sql, answer)


@console.post("/console/cancel")
def cancel(request: Request, ticket: _Ticket) -> Response:
    demand_own_page(request)
    return PlainTextResponse("ok" if sandbox(request).cancel(ticket) else "gone")


@console.post("/console/result.{kind}")
def download(request: Request, kind: Literal["csv", "parquet"], sql: _Sql) -> Response:
    demand_own_page(request)
    try:
        content = sandbox(request).download(sql, kind)
    except GonggoError as error:
        return _page(request, sql, Answer([], [], [], False, str(error), 0), 400)
    return saved(
        content, "text/csv; charset=utf-8" if kind == "csv" else "application/vnd.apache.parquet", f"gonggo.{kind}"
    )


def demand_own_page(request: Request) -> None:
    """Refuse what another site makes a reader's browser send.

    Errors:
        HTTPException: the browser says that the request comes from elsewhere.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(403)


def _page(request: Request, sql: str, answer: Answer | None, status: int = 200) -> Response:
    return render(
        request,
        "console.html",
        status,
        page="console",
        sql=sql,
        answer=answer,
        chart=_chart(answer) if answer else None,
        schema=snapshot(request).remembered("schema"),
        reports=[(report, report.path.read_text("utf-8").split("\n", 1)[1].strip()) for report in list_reports()],
    )


def _chart(answer: Answer) -> dict[str, Any] | None:
    """Bars of the first column by the last, where that is a number and there are not too many."""
    numbers = [
        isinstance(row[-1], int | float) and not isinstance(row[-1], bool) for row in answer.rows if len(row) > 1
    ]
    if not numbers or not all(numbers) or len(answer.rows) > MOST_BARS or min(row[-1] for row in answer.rows) < 0:
        return None
    rows = [{"label": row[0], "series": answer.columns[-1], "value": row[-1]} for row in answer.rows]
    return bars(rows, "{:,.10g}".format, str)
