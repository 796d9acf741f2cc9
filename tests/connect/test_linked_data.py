"""What the exports and the pages say in the vocabulary of schema.org, read by a parser and held to that vocabulary."""

from __future__ import annotations

import importlib
import json
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
import rdflib

from gonggo.report.formats import json_ld
from tests.connect.test_recipes import folder as folder

KINDS = {
    ("announcement", "open"): "MonetaryGrant",
    ("announcement", "no_call"): "SpecialAnnouncement",
    ("press_release", None): "NewsArticle",
    ("article", None): "NewsArticle",
    ("opinion", None): "OpinionNewsArticle",
    ("statistics", None): "Report",
    ("other", None): "Article",
}
SCHEMA = rdflib.Namespace("https://schema.org/")


def properties_of(type_name: str) -> set[str]:
    """Return the properties that schema.org has for a type, also those of the types above it."""
    module = importlib.import_module(f"pydantic2_schemaorg.{type_name}")
    return set(getattr(module, type_name).__fields__)


def faults(node: dict[str, Any]) -> list[str]:
    """Return the properties that the vocabulary does not have for the types of a node and of those within it."""
    own = [
        f"{node['@type']}.{name}"
        for name in node
        if not name.startswith("@") and name not in properties_of(node["@type"])
    ]
    values = [one for value in node.values() for one in (value if isinstance(value, list) else [value])]
    return [*own, *(fault for value in values if isinstance(value, dict) for fault in faults(value))]


def announcement(kind: str, status: str | None) -> dict[str, Any]:
    return {
        "announcement_key": "k",
        "kind": kind,
        "status": status,
        "title": "경남 제조 AI 실증 공고",
        "url": "https://example.or.kr/1",
        "agency": "경상남도",
        "sidos": ["경남"],
        "posted_on": date(2026, 3, 2),
        "closes_on": date(2026, 3, 31),
        "closes_time": time(18),
        "krw": 3_000_000_000,
    }


@pytest.mark.parametrize(("kind", "status"), KINDS)
def test_a_call_is_a_grant_and_an_article_an_article_with_properties_of_the_vocabulary(
    kind: str, status: str | None
) -> None:
    node = json_ld(announcement(kind, status))
    assert node["@type"] == KINDS[kind, status] and faults(node) == []
    graph = rdflib.Graph().parse(data=json.dumps({"@context": {"@vocab": str(SCHEMA)}, **node}), format="json-ld")
    ends = [str(value) for value in graph.objects(None, SCHEMA.expires)]
    assert ends == (["2026-03-31T18:00:00+09:00"] if status == "open" else [])


def test_the_exported_calls_are_grants_of_the_vocabulary(folder: Path) -> None:
    graph = json.loads((folder / "var/demo/exports/gonggo.jsonld").read_text("utf-8"))["@graph"]
    assert {node["@type"] for node in graph} == {"MonetaryGrant"} and [faults(node) for node in graph] == [[], []]
    assert "additionalProperty" not in properties_of("MonetaryGrant"), "what is no property is seen"
