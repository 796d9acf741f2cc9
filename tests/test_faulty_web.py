"""A run over a faulty web ends and tells what went wrong; after it the next run ends with the tables of a faultless world."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
import requests

from demo.faults import KINDS
from demo.portal import serve
from gonggo import pipeline
from gonggo.settings import Limits, load_settings
from tests.world import tables

SOURCES = ("btp", "jbba")
AWAY = [4162, 4128, 4154, 4126]


def collected(portal, folder, faults=()):
    """A home after one collection for each of the faults, and one without any; and the runs of the faulty ones."""
    env = {
        "GONGGO_SOURCES": "demo",
        "GONGGO_DEMO_URL": portal.url,
        "GONGGO_HOME": str(folder),
        "GONGGO_PREFILTER": "off",
    }
    quick = Limits(
        connect_seconds=1, read_seconds=1, total_seconds=1.5, page_bytes=2 << 20, file_bytes=2 << 20, attempts=2
    )
    settings = replace(load_settings(env), limits=quick, chunk_size=5)
    runs = []
    for wanted in [*faults, {}]:
        requests.post(f"{portal.url}/_control", json=wanted, timeout=10).raise_for_status()
        # An edit that the list does not show is found when the page is looked at again: at the last run, not in days.
        settings = settings if wanted else replace(settings, recrawl_days=0)
        runs += [pipeline.collect(source, settings=settings) for source in SOURCES]
    for step in (pipeline.load, pipeline.link, pipeline.build, pipeline.check, pipeline.publish):
        step(settings=settings)
    return settings, runs[: -len(SOURCES)]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """The portal, and what a faultless collection of it leaves. Its address is part of what is compared."""
    with serve() as portal:
        settings, _ = collected(portal, tmp_path_factory.mktemp("faultless"))
        yield portal, tables(settings)


@pytest.mark.slow
def test_a_page_in_the_place_of_a_file_is_no_file(world, tmp_path):
    portal, faultless = world
    # The fourth answer is that to the first file: without the cookie of the front page it is a refusal with status 200.
    settings, runs = collected(portal, tmp_path, faults=[{"faults": {"jbba": {"kind": "charset", "times": 4}}}])
    blocked = [error for run in runs for error in run["errors"] if error["outcome"] == "blocked"]
    assert "a page came instead of the file" in blocked[0]["message"]
    assert tables(settings) == faultless


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_after_any_fault_the_tables_are_those_of_a_faultless_world(world, tmp_path, kind):
    portal, faultless = world
    random.seed(kind)  # the portal draws whom its fault strikes
    chance = 0.08 if kind in ("drip", "busy429", "skewed") else 0.4
    # Posts that are edited, or not there, while the fault is on, are as ever when it is off.
    on = {"faults": {"*": {"kind": kind, "chance": chance}}, "revised": True, "vanished": AWAY}
    settings, faulty = collected(portal, tmp_path, faults=[on])
    for run in faulty:
        assert run["state"] in ("ok", "partial", "failed")
        assert run["state"] == "ok" or (all(error["message"] for error in run["errors"]) and run["errors"])
    after_fault = tables(settings)
    for name, rows in faultless.items():
        assert after_fault[name] == rows, f"{name} after {kind}"
