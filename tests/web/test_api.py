"""The API under questions made from its own description, good and bad; and the pages under the same."""

from __future__ import annotations

import re
from contextlib import closing
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import negative_data_rejection

from gonggo.settings import SQL, load_settings
from gonggo.warehouse.snapshot import open_snapshot
from gonggo.warehouse.sql_files import run_sql
from gonggo.web import api_models as models
from gonggo.web.site import create_site

SCHEMA = create_site(load_settings({})).openapi()
# The same questions as the API's, asked of the pages; reports have none.
BESIDE = {
    path.removeprefix("/api/v1"): operations for path, operations in SCHEMA["paths"].items() if "/reports" not in path
}
API = schemathesis.openapi.from_dict(SCHEMA)
PAGES = schemathesis.openapi.from_dict({**SCHEMA, "paths": BESIDE})
KEYS = {
    "/api/v1/calls/{key}": "SELECT announcement_key FROM announcement_version WHERE NOT is_current",
    "/api/v1/programmes/{key}": "SELECT programme_key FROM site.programme_state",
    "/api/v1/organisations/{key}": "SELECT organisation_key FROM organisation",
    "/api/v1/reports/{name}": "SELECT 'contradictions'",
}
# The queries of the API, by the model of their rows; what a model has beside the columns stands behind it.
QUERIES = {
    "list": (models.CallRow, {"snippet"}),
    "facts": (models.Fact, set()),
    "silenced": (models.SilencedFact, set()),
    "further": (models.FurtherEvidence, set()),
    "versions": (models.Version, set()),
    "attachments": (models.Attachment, set()),
    "siblings": (models.Sibling, set()),
    "editions": (models.Edition, set()),
    "programme_calls": (models.ProgrammeCall, set()),
    "programme_parts": (models.ProgrammePart, set()),
    "programme_money": (models.ProgrammeMoney, set()),
    "programme_rates": (models.ProgrammeRate, set()),
    "programme_counts": (models.ProgrammeCount, set()),
    "programme_bodies": (models.ProgrammeBody, set()),
    "organisation_calls": (models.OrganisationCall, set()),
    "organisation_partners": (models.Partner, set()),
    "regions": (models.RegionRow, set()),
    "sources": (models.SourceRow, set()),
}
# What the JSON schema of a column's values may be; the order is that of the types' names here.
TYPES = {
    "VARCHAR": "string",
    "VARCHAR[]": "array",
    "DATE": "string",
    "TIME": "string",
    "JSON": "string",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "DOUBLE": "number",
    "BOOLEAN": "boolean",
}
# The same cases at every run; the fast tests ask a few of them.
alike = settings(
    max_examples=50, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
few = settings(alike, max_examples=3)


@pytest.fixture(scope="session")
def keys(home):
    """A key that there is, by the path that takes it."""
    with closing(open_snapshot(home)) as con:
        return {path: con.execute(f"{query} ORDER BY ALL LIMIT 1").fetchone()[0] for path, query in KEYS.items()}


def schema_type(schema: dict[str, Any]) -> str:
    return schema.get("type") or next(one["type"] for one in schema["anyOf"] if one["type"] != "null")


@pytest.mark.parametrize("name", QUERIES)
def test_rows_have_the_properties_and_types_that_the_description_names_even_where_there_are_none_yet(name, home):
    model, more = QUERIES[name]
    query = (SQL / "web" / f"{name}.sql").read_text("utf-8")
    # A key that is none; lists and numbers of rows have types of their own.
    nothing = {"rows": 0, "skip": 0, "sort": "newest", "programmes": ["-"]}
    with closing(open_snapshot(home)) as con:
        wanted = set(re.findall(r"\$(\w+)", query))
        run_sql(con, query, {one: nothing.get(one) for one in wanted})
        columns = {column[0]: TYPES[str(column[1])] for column in con.description}
    described = {
        one: schema_type(how) for one, how in model.model_json_schema()["properties"].items() if one not in more
    }
    assert described == columns


def test_every_parameter_and_property_is_described_in_both_languages():
    schemas = SCHEMA["components"]["schemas"].items()
    schema_by_name = {f"{model}.{name}": how for model, schema in schemas for name, how in schema["properties"].items()}
    schema_by_name |= {
        f"{path} {how['name']}": how
        for path, one in SCHEMA["paths"].items()
        for how in one["get"].get("parameters", [])
    }
    assert [
        name for name, how in schema_by_name.items() if not re.fullmatch(".+ \\| .+", how.get("description", ""))
    ] == []


def test_more_values_than_a_condition_takes_are_refused_even_if_they_are_empty(url):
    asked = {"agency": [""] * 20 + ["0"]}
    assert requests.get(f"{url}/api/v1/calls", params=asked, timeout=30).status_code == 422
    assert requests.get(f"{url}/api/v1/calls", params={"agency": [""] * 20}, timeout=30).status_code == 200


@API.parametrize()
@few
def test_the_api_does_what_it_describes(case, url):
    case.call_and_validate(base_url=url)


@API.parametrize()
@pytest.mark.slow
@alike
def test_the_api_does_what_it_describes_whatever_is_asked(case, url):
    case.call_and_validate(base_url=url)


@API.include(path_regex="{").parametrize()
@few
def test_the_api_answers_as_its_description_says(case, url, keys):
    case.path_parameters = dict.fromkeys(case.path_parameters, keys[case.operation.path])
    # The key that stood here may have been a bad one.
    answer = case.call_and_validate(base_url=url, excluded_checks=[negative_data_rejection])
    assert answer.status_code == 200 or case.query or case.method != "GET"


@PAGES.parametrize()
@pytest.mark.slow
@alike
def test_no_question_makes_a_page_fail(case, url):
    case.call_and_validate(base_url=url, checks=[not_a_server_error])
