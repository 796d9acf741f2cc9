"""The server of the Model Context Protocol as a client of the protocol's own SDK sees it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any

import anyio
import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from gonggo.mcp_server import make_server
from gonggo.settings import Settings, load_settings

Call = Callable[..., Any]


def answer_of(result: Any) -> Any:
    texts = [json.loads(part.text) for part in result.content]
    return texts[0] if len(texts) == 1 else texts


@pytest.fixture
def call(home: Settings) -> Call:
    """A function that calls one tool and returns its answer, or the message of its refusal."""

    def call(tool: str, **arguments: Any) -> Any:
        async def ask() -> Any:
            async with Client(make_server(home)) as client:
                return await client.call_tool(tool, arguments)

        result = anyio.run(ask)
        return result.content[0].text if result.is_error else answer_of(result)

    return call


def test_every_tool_reads_and_says_what_it_does(home):
    async def ask() -> Any:
        async with Client(make_server(home)) as client:
            return (await client.list_tools()).tools

    tools = anyio.run(ask)
    assert {tool.name for tool in tools} == {
        *("find_calls", "get_call", "find_programmes", "get_programme", "get_money", "describe_tables", "run_sql"),
    }
    assert all(tool.description and tool.annotations.read_only_hint for tool in tools)


def test_calls_are_found_and_one_is_shown_with_the_words_of_its_facts(call):
    result = call("find_calls", words="항만물류", status="any")
    assert result["found"] >= 1
    shown = call("get_call", announcement_key=result["calls"][0]["announcement_key"])
    quoted = [fact for fact in shown["facts"] if fact["evidence_start"] is not None and not fact["file"]]
    assert quoted and shown["text_length"] == len(shown["text"])
    assert any(fact["evidence_quote"] in shown["text"] for fact in quoted)
    rest = call("get_call", announcement_key=shown["announcement_key"], offset=20)
    assert rest["text"] == shown["text"][20:]


def test_conditions_narrow_and_wrong_ones_are_refused_with_those_there_are(call):
    everything = call("find_calls", status="any")["found"]
    of_region = call("find_calls", status="any", region=["부산", "경남"])
    assert 0 < of_region["found"] < everything
    assert all({"부산", "경남"} & set(row["sidos"]) for row in of_region["calls"])
    assert "manufacturing" in call("find_calls", sector=["없는분야"])
    assert "no announcement" in call("get_call", announcement_key="0" * 20)
    assert "manufacturing" in call("get_money", region="부산", sector="없는분야")
    assert call("get_money", region="부산", sector="제조") == call("get_money", region="부산", sector="manufacturing")


def test_an_argument_that_a_tool_does_not_have_is_refused(call):
    refusal = call("find_calls", regon=["부산"])
    assert isinstance(refusal, str) and "regon" in refusal and "not permitted" in refusal


def test_programmes_and_money_carry_their_rule_and_their_words(call):
    programme = call("find_programmes", words="항만물류")["programmes"][0]
    shown = call("get_programme", programme_key=programme["programme_key"])
    assert shown["documents"] and shown["money_rule"] and all(row["evidence_quote"] for row in shown["money"])
    money = call("get_money", region="부산광역시")
    assert money["region"] == "부산" and money["money"] and all(row["largest"]["quote"] for row in money["money"])


def test_queries_run_in_the_sandbox(call, tmp_path):
    assert call("run_sql", query="SELECT 1 AS one")["rows"] == [[1]]
    refusal = call("run_sql", query=f"COPY announcement TO '{tmp_path}/x.csv'")
    assert isinstance(refusal, str) and not (tmp_path / "x.csv").exists()
    tables = {row["name"]: row for row in call("describe_tables")}
    assert {"announcement", "open_calls", "notice", "programme_money"} <= set(tables)
    assert {row["name"] for row in call("describe_tables", table="announcement")} >= {"announcement_key", "title"}


def test_the_command_speaks_the_protocol_over_its_standard_streams(home):
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "gonggo.cli", "mcp"], env={**os.environ, "GONGGO_HOME": str(home.home)}
    )

    async def ask() -> Any:
        async with Client(stdio_client(server)) as client:
            return await client.call_tool("find_calls", {"status": "any"})

    assert answer_of(anyio.run(ask))["found"] > 0


def test_nothing_published_yet_is_reported(tmp_path):
    settings = load_settings({"GONGGO_HOME": str(tmp_path)})

    async def ask() -> Any:
        async with Client(make_server(settings)) as client:
            return await client.call_tool("find_calls", {})

    result = anyio.run(ask)
    assert result.is_error and "gonggo publish" in result.content[0].text
