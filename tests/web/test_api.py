"""The API under questions made from its own description, good and bad; and the pages under the same."""

from __future__ import annotations

from contextlib import closing

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import negative_data_rejection

from gonggo.settings import load_settings
from gonggo.warehouse.snapshot import open_snapshot
from gonggo.web.site import create_site

TOLD = create_site(load_settings({})).openapi()
# The same questions as the API's, asked of the pages; reports have none.
BESIDE = {
    path.removeprefix("/api/v1"): operations for path, operations in TOLD["paths"].items() if "/reports" not in path
}
API = schemathesis.openapi.from_dict(TOLD)
PAGES = schemathesis.openapi.from_dict({**TOLD, "paths": BESIDE})
KEYS = {
    "/api/v1/calls/{key}": "SELECT announcement_key FROM announcement_version WHERE NOT is_current",
    "/api/v1/programmes/{key}": "SELECT programme_key FROM site.programme_state",
    "/api/v1/organisations/{key}": "SELECT organisation_key FROM organisation",
    "/api/v1/reports/{name}": "SELECT 'contradictions'",
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
def test_what_is_there_is_told_as_described(case, url, keys):
    case.path_parameters = dict.fromkeys(case.path_parameters, keys[case.operation.path])
    # The key that stood here may have been a bad one.
    answer = case.call_and_validate(base_url=url, excluded_checks=[negative_data_rejection])
    assert answer.status_code == 200 or case.query or case.method != "GET"


@PAGES.parametrize()
@pytest.mark.slow
@alike
def test_no_question_makes_a_page_fail(case, url):
    case.call_and_validate(base_url=url, checks=[not_a_server_error])
