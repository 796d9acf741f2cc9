"""A server of the Model Context Protocol over the published snapshot, for assistants.

Everything that it answers carries the words that prove it. It reads the published file alone, and its queries run in
the console's sandbox. It speaks over standard input and output, so only the program that starts it can reach it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.tools import Tool
from mcp.types import ToolAnnotations
from pydantic import Field, ValidationError, create_model

from gonggo import __version__
from gonggo.errors import WarehouseError
from gonggo.report.cells import clean_values
from gonggo.report.codes import region_named, sector_named
from gonggo.settings import Settings
from gonggo.web.filters import CallQuery, ProgrammeQuery
from gonggo.web.sandbox import Sandbox
from gonggo.web.snapshot import Row, Snapshot
from gonggo.web.snippets import with_snippets

INSTRUCTIONS = (
    "Announcements of regional AI programmes in Korea, with the facts that were read from them. Every fact has the"
    " words of the text that state it (evidence_quote); quote them with any figure. A field that is null was not"
    " stated. Amounts are in KRW. total, national (국비), local (지방비) and private funds are money of a programme;"
    " award_ceiling and award_amount are what one applicant gets. What is only asked for or planned is not decided."
)
# The rule by which `programme_money` counts.
MONEY_RULE = (
    "Each programme once: a call speaks before a press release, a release before an article; of equals the newer;"
    " the whole before its parts; an umbrella never plus its tracks. What is asked for, cancelled or restated does"
    " not count."
)
# The most letters of a text in one answer; `offset` reads on.
LONGEST_TEXT = 20_000
_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_Key = Annotated[str, Field(max_length=64, pattern="^[0-9A-Za-z_-]+$")]
_Query = TypeVar("_Query", CallQuery, ProgrammeQuery)
_Regions = Annotated[list[str], Field(description="short names of 시도, such as 경남; 전국 for the whole country")]


def make_server(settings: Settings, sandbox: Sandbox | None = None) -> MCPServer[Any]:
    """Return the server with its tools."""
    tools = _Tools(Snapshot(settings), sandbox or Sandbox(settings))
    functions: list[Callable[..., Any]] = [
        *(tools.find_calls, tools.get_call, tools.find_programmes, tools.get_programme),
        *(tools.get_money, tools.describe_tables, tools.run_sql),
    ]
    return MCPServer(
        "gonggo",
        title="공고 Gonggo",
        instructions=INSTRUCTIONS,
        version=__version__,
        log_level="WARNING",
        tools=[_strict_tool(function) for function in functions],
    )


def _strict_tool(function: Callable[..., Any]) -> Tool:
    """Return a tool that refuses an argument it does not have: the answer to a misspelt condition would be too wide."""
    tool = Tool.from_function(function, annotations=_READS, structured_output=False)
    loose = tool.fn_metadata.arg_model
    strict = create_model(loose.__name__, __base__=loose, __cls_kwargs__={"extra": "forbid"})
    tool.fn_metadata.arg_model = strict
    tool.parameters = strict.model_json_schema(by_alias=True)
    return tool


def serve(settings: Settings) -> None:
    """Serve over standard input and output until the client ends."""
    make_server(settings).run("stdio")


class _Tools:
    """The tools; the docstring of each is what an assistant reads of it."""

    def __init__(self, data: Snapshot, sandbox: Sandbox) -> None:
        self._data = data
        self._sandbox = sandbox

    def find_calls(
        self,
        words: Annotated[
            str | None, Field(description="Korean words of title, agency, text or attachments, all of which must occur")
        ] = None,
        region: _Regions = [],  # noqa: B006 (never changed)
        sector: Annotated[list[str], Field(description="codes or labels, such as manufacturing or 제조")] = [],  # noqa: B006
        status: Literal["open", "upcoming", "closed", "any"] = "open",
        size: Annotated[list[str], Field(description="who may apply, such as startup or small_medium")] = [],  # noqa: B006
        least: Annotated[int | None, Field(description="what one applicant can get at least, in KRW")] = None,
        closes_until: Annotated[str | None, Field(description="YYYY-MM-DD")] = None,
        posted_from: Annotated[str | None, Field(description="YYYY-MM-DD")] = None,
        sort: Annotated[
            Literal["relevance", "closing", "newest", "amount"] | None,
            Field(description="by default relevance with words, else closing"),
        ] = None,
        page: int = 1,
    ) -> dict[str, Any]:
        """Find calls for applications, 30 a page; with status "any" articles too. `get_call` has the evidence."""
        conditions_given = {
            **{"words": words, "region": region, "sector": sector, "size": size, "least": least, "page": page},
            **{"to": closes_until, "posted_from": posted_from},
            "sort": sort or ("relevance" if words else "closing"),
            **({} if status == "any" else {"status": [status], "kind": ["announcement"]}),
        }
        query = _validated(CallQuery, conditions_given)
        rows = with_snippets(self._data, query.words, self._rows("list", **query.page_values()))
        conditions = {name: value for name, value in query.conditions().items() if name != "sort"}
        facets = self._rows("facets", **conditions)
        total = next(row["calls"] for row in facets if row["facet"] == "all")
        return {"found": total, "page": query.page, "calls": rows}

    def get_call(self, announcement_key: _Key, offset: Annotated[int, Field(ge=0)] = 0) -> dict[str, Any]:
        """Show one announcement: its facts, each with the words that state it, its files, versions and text."""
        result = self._call(announcement_key)
        shown, state = result
        text = shown.pop("text") or ""
        return _clean(
            {
                **shown,
                "status": state["status"],
                "facts": self._rows("facts", **state),
                "further_evidence": self._rows("further", **state),
                "attachments": self._rows("attachments", version_key=shown["version_key"]),
                "versions": self._rows("versions", **state),
                "text": text[offset : offset + LONGEST_TEXT],
                "text_length": len(text),
            }
        )

    def find_programmes(
        self,
        words: str | None = None,
        region: Annotated[str | None, Field(description="short name of a 시도")] = None,
        type: Annotated[str | None, Field(description="such as demonstration, adoption, training")] = None,
        page: int = 1,
    ) -> dict[str, Any]:
        """Find programmes with their type, regions and stage, those with the latest call first; 30 a page."""
        query = _validated(ProgrammeQuery, {"words": words, "region": region, "type": type, "page": page})
        rows = self._rows("programmes", **query.page_values())
        return {"found": rows[0]["found"] if rows else 0, "page": query.page, "programmes": rows}

    def get_programme(self, programme_key: _Key) -> dict[str, Any]:
        """Show a programme: editions by year, its money with the words that state it, and the documents about it."""
        shown = self._rows("programme", programme_key=programme_key)
        if not shown:
            raise ToolError(f"There is no programme {programme_key}; find_programmes returns the keys.")
        return _clean(
            {
                **shown[0],
                "editions": self._rows("editions", programmes=[programme_key]),
                "money_rule": MONEY_RULE,
                "money": self._rows("programme_money", programme_key=programme_key),
                "documents": self._rows("programme_calls", programme_key=programme_key),
            }
        )

    def get_money(
        self,
        region: Annotated[str, Field(description="short name of a 시도, such as 경남")],
        sector: Annotated[str | None, Field(description="code or label of a sector, such as manufacturing")] = None,
    ) -> dict[str, Any]:
        """Show the decided money of a region by year and funding source, and of each the largest with its words."""
        try:
            name, code = region_named(region), sector_named(sector) if sector else None
        except ValueError as error:
            raise ToolError(str(error)) from error
        return _clean(
            {
                "region": name,
                "money_rule": MONEY_RULE,
                "money": self._rows("money", folder="brief", region=name, sector=code),
            }
        )

    def describe_tables(
        self, table: Annotated[str | None, Field(description="one table; all with their comments otherwise")] = None
    ) -> list[Row]:
        """Describe the tables that `run_sql` reads, or the columns of one of them."""
        rows = self._rows("dictionary", folder="mcp", table_name=table)
        if not rows:
            raise ToolError(f"There is no table {table}; call it without a name to list all.")
        return rows

    def run_sql(self, query: Annotated[str, Field(max_length=20_000)]) -> dict[str, Any]:
        """Run one reading DuckDB query over the published tables: 10 seconds and 1,000 rows at most."""
        answer = self._sandbox.run(query)
        if answer.error:
            raise ToolError(answer.error)
        return {"columns": answer.columns, "rows": answer.rows, "truncated": answer.truncated}

    def _call(self, key: str) -> tuple[Row, Row]:
        try:
            result = self._data.call(key)
        except WarehouseError as error:
            raise ToolError(str(error)) from error
        if result is None:
            raise ToolError(f"There is no announcement {key}; find_calls returns the keys.")
        return result

    def _rows(self, name: str, *, folder: str = "web", **values: Any) -> list[Row]:
        try:
            return _clean(self._data.rows(name, folder=folder, **values))
        except WarehouseError as error:
            raise ToolError(str(error)) from error


_T = TypeVar("_T")


def _clean(value: _T) -> _T:
    """Return rows as JSON has them: days and times as text, no characters that break it."""
    cleaned: _T = json.loads(json.dumps(clean_values(value), ensure_ascii=False, default=str))
    return cleaned


def _validated(model: type[_Query], arguments: dict[str, Any]) -> _Query:
    """Return the conditions of a list.

    Raises:
        ToolError: A value is none that the list knows.
    """
    try:
        return model.model_validate(arguments)
    except ValidationError as error:
        problems = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors(include_url=False))
        raise ToolError("; ".join(problems)) from error
