"""The tables take the fields that a record has: a field that is added here or there alone is found out."""

import re
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Union, get_args, get_origin, get_type_hints

import duckdb
import pytest

from gonggo.crawl.document_types import Document
from gonggo.crawl.run_records import ListingRow
from gonggo.extract import record_types
from gonggo.model import Fetch, SourceRun
from gonggo.read.attachments import Attachment, FileLocation
from gonggo.settings import SQL

STAGE = (SQL / "load" / "01_stage.sql").read_text("utf-8")
VERSIONS = (SQL / "load" / "03_versions.sql").read_text("utf-8")
FACTS = (SQL / "load" / "04_facts.sql").read_text("utf-8")
# What no table keeps: the announcement has its own, the rows of files say the places, and what was superseded is among
# the contradictions.
NOT_LOADED = {"id", "title", "superseded", "place"}


def of_type(kind):
    """The fields of a type, as nested dictionaries; a list as a list of what it holds, anything plain as None."""
    origin, inner = get_origin(kind), [one for one in get_args(kind) if one is not NoneType]
    if origin in (UnionType, Union):
        nested = [of_type(one) for one in inner]
        if len(nested) == 1:
            return nested[0]
        return {name: shape for one in nested for name, shape in one.items()} if all(nested) else None
    if origin in (list, tuple):
        return [of_type(inner[0])]
    kind = origin or kind
    if not is_dataclass(kind):
        return None
    hints = get_type_hints(kind)
    return {each.name: of_type(hints[each.name]) for each in fields(kind) if each.name not in NOT_LOADED}


def of_sql(kind):
    if kind.id == "list":
        return [of_sql(dict(kind.children)["child"])]
    return {name: of_sql(child) for name, child in kind.children} if kind.id == "struct" else None


def test_the_stage_reads_every_field_of_a_record_and_no_other():
    struct = re.search(r"record: '(STRUCT\(.*?)'\s*}", STAGE, re.S)[1]
    ((_, kind, *_),) = duckdb.sql(f"SELECT CAST(NULL AS {struct}) AS record").description
    assert of_sql(kind) == of_type(record_types.ExtractionRecord)


@pytest.mark.parametrize(
    ("items", "kind"),
    [
        ("regions", record_types.Named),
        ("sectors", record_types.Named),
        ("programmes", record_types.Programme),
        ("amounts", record_types.Amount),
        ("quantities", record_types.Quantity),
        ("organisations", record_types.Organisation),
        ("metrics", record_types.Metric),
        ("eligibility.company_sizes", record_types.Named),
        ("contact.phones", record_types.Named),
        ("contact.emails", record_types.Named),
        ("also", record_types.FurtherEvidence),
        ("contradictions", record_types.Contradiction),
    ],
)
def test_the_table_of_a_fact_takes_every_field(items, kind):
    (statement,) = (one for one in FACTS.split(";") if f"record.{items})" in one)
    taken = set(re.findall(r'\bf\."?(\w+)', statement))
    assert taken == {each.name for each in fields(kind)} - {"evidence"}


@pytest.mark.parametrize(
    ("parameter", "kind", "former"),
    [
        ("run", SourceRun, set()),
        ("fetches", Fetch, set()),
        ("documents", Document, set()),
        ("listings", ListingRow, {"net"}),
    ],
)
def test_the_stage_reads_every_field_of_the_files_of_a_batch(parameter, kind, former):
    statement = re.search(rf"read_json\(\${parameter},.*?columns = {{(.*?)\n    }}\)", STAGE, re.S)[1]
    columns = re.findall(r"^ {8}\"?(\w+)\"?: '", statement, re.M)
    assert set(columns) == {each.name for each in fields(kind)} | former


def test_the_table_of_attachments_takes_every_field():
    (statement,) = (one for one in VERSIONS.split(";") if "INSERT INTO attachment\n" in one)
    assert set(re.findall(r"a ->>? '(\w+)'", statement)) == {each.name for each in fields(Attachment)}
    assert set(re.findall(r'"(\w+)": "', statement)) == {each.name for each in fields(FileLocation)}
