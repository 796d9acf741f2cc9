"""The SQL console: queries over the published snapshot, each in a separate process."""

from __future__ import annotations

import re
import secrets
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import PlainTextResponse, Response

from gonggo.errors import GonggoError
from gonggo.report.named import list_reports
from gonggo.web.bar_chart import bars
from gonggo.web.query_queue import User
from gonggo.web.sandbox import Answer, Sandbox
from gonggo.web.view import download_response, render, root, snapshot, translator

console = APIRouter(include_in_schema=False)
FIRST = "SELECT closes_on, title, agency FROM open_calls WHERE closes_on IS NOT NULL ORDER BY closes_on LIMIT 20"
MOST_BARS = 40
# The cookie that identifies the queries of one reader; it has no other use.
SESSION = "gonggo_session"
_SESSION = re.compile(r"[A-Za-z0-9_-]{16,64}")
LONGEST = 20_000
_Sql = Annotated[str, Form(max_length=LONGEST)]
_Ticket = Annotated[str, Form(max_length=64)]


def sandbox(request: Request) -> Sandbox:
    """Return the sandbox that runs the queries of this site."""
    value: Sandbox = request.app.state.sandbox
    return value


@console.get("/console")
def page(request: Request, sql: Annotated[str, Query(max_length=LONGEST)] = FIRST) -> Response:
    """Show the console with a query that has not run yet."""
    return _page(request, sql, None)


@console.post("/console")
def run(request: Request, sql: _Sql, ticket: _Ticket = "", part: Annotated[str, Form(max_length=8)] = "") -> Response:
    """Run a query. With ``part`` send the result alone, which the page's script inserts."""
    answer = sandbox(request).run(sql, ticket or None, user_of(request))
    if part:
        return render(request, "result.html", sql=sql, answer=answer, chart=_chart(answer))
    return _page(request, sql, answer)


@console.post("/console/cancel")
def cancel(request: Request, ticket: _Ticket) -> Response:
    """Cancel the query of a ticket."""
    return PlainTextResponse("ok" if sandbox(request).cancel(ticket, user_of(request)) else "gone")


@console.get("/console/status")
async def status(request: Request, ticket: Annotated[str, Query(max_length=64)]) -> Response:
    """Return the state of a query in words. It needs no thread, because waiting queries may occupy all of them."""
    t = translator(request)
    state, ahead = sandbox(request).status(ticket, user_of(request))
    return PlainTextResponse({"waiting": t("waiting").format(ahead), "running": t("running")}.get(state, ""))


@console.post("/console/result.{kind}")
def download(request: Request, kind: Literal["csv", "parquet"], sql: _Sql) -> Response:
    """Return the result of a query as a CSV or Parquet file."""
    try:
        content = sandbox(request).download(sql, kind, user_of(request))
    except GonggoError as error:
        return _page(request, sql, Answer([], [], [], False, str(error), 0), 400)
    return download_response(
        content, "text/csv; charset=utf-8" if kind == "csv" else "application/vnd.apache.parquet", f"gonggo.{kind}"
    )


def user_of(request: Request) -> User:
    """Return the user of a request: the logged-in user, or a session of this site at an IP address."""
    user = request.scope.get("gonggo_user")
    if user:
        return User(f"user {user}")
    address = request.client.host if request.client else "?"
    session = request.cookies.get(SESSION, "")
    return User(f"session {session}" if _SESSION.fullmatch(session) else f"address {address}", address)


def _page(request: Request, sql: str, answer: Answer | None, status: int = 200) -> Response:
    page = render(
        request,
        "console.html",
        status,
        page="console",
        sql=sql,
        answer=answer,
        chart=_chart(answer) if answer else None,
        schema=snapshot(request).cached_rows("schema"),
        reports=[(report, report.path.read_text("utf-8").split("\n", 1)[1].strip()) for report in list_reports()],
    )
    if not _SESSION.fullmatch(request.cookies.get(SESSION, "")):
        page.set_cookie(SESSION, secrets.token_urlsafe(18), path=root(request), samesite="lax", httponly=True)
    return page


def _chart(answer: Answer) -> dict[str, Any] | None:
    """Return bars of the first column by the last, if that holds numbers and there are not too many rows."""
    numbers = [
        isinstance(row[-1], int | float) and not isinstance(row[-1], bool) for row in answer.rows if len(row) > 1
    ]
    if not numbers or not all(numbers) or len(answer.rows) > MOST_BARS or min(row[-1] for row in answer.rows) < 0:
        return None
    rows = [{"label": row[0], "series": answer.columns[-1], "value": row[-1]} for row in answer.rows]
    return bars(rows, "{:,.10g}".format, str)
