"""Keys of sources out of Airflow's connections, in real tasks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest

from tests.airflow.running import RUN, airflow_of, run_dags
from tests.crawl.test_redaction import KEY, demand_nowhere

pytestmark = pytest.mark.slow

# The portal's twin takes any key; as a live source the key of the environment is sent to it.
LIVE = """
from dataclasses import replace
from gonggo import settings
from gonggo.cluster import workspace
workspace.working_settings = lambda: replace(settings.working_settings(), mode="live", days_back=None)
"""


@pytest.fixture
def env(portal: Any, tmp_path: Path, monkeypatch: Any) -> dict[str, str]:
    monkeypatch.delenv("DATA_GO_KR_API_KEY", raising=False)
    return airflow_of(
        tmp_path, GONGGO_SOURCES="demo,bizinfo", GONGGO_DEMO_URL=portal.url, BIZINFO_API_KEY="connection:bizinfo_key"
    )


def test_the_site_gets_the_key_and_no_file_has_it(portal: Any, env: dict[str, str], tmp_path: Path) -> None:
    env["AIRFLOW_CONN_BIZINFO_KEY"] = json.dumps({"conn_type": "generic", "password": KEY})
    (states,), log = run_dags(env, "collect:collect_bizinfo", code=LIVE + RUN)
    assert ":failed" not in states and "fail_if_run_failed:success" in states, log[-12000:]
    assert any(quote(KEY, safe="") in url or KEY in unquote(url) for url in portal.portal.requests)
    assert list((tmp_path / "batches").iterdir())
    demand_nowhere(tmp_path, log)


def test_a_connection_that_is_missing_is_named(portal: Any, env: dict[str, str]) -> None:
    (states,), log = run_dags(env, "collect:collect_bizinfo", code=LIVE + RUN)
    assert "list_pages:failed" in states and "fail_if_run_failed:failed" in states
    assert "BIZINFO_API_KEY leaves its key to the connection 'bizinfo_key'" in log
    assert portal.portal.requests == []
