"""A site over real announcements of the sample portal, and one hostile one, served over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from demo.portal import serve
from gonggo import pipeline
from gonggo.settings import Settings, load_settings
from gonggo.web.site import create_site
from tests.serving import serving_site
from tests.warehouse.batches import batch, day, document
from tests.world import built_once, copy_home

SCRIPT = "<script>alert(1)</script>"
SOURCES = ("btp", "bizinfo", "jbba", "cbtp")


def published(folder: Path) -> Settings:
    """Publish announcements with files, one of them in two versions, and one whose page is an attack."""
    with serve() as portal:
        env = {
            "GONGGO_HOME": str(folder),
            "GONGGO_SOURCES": "demo",
            "GONGGO_DEMO_URL": portal.url,
            "GONGGO_PREFILTER": "off",
        }
        settings = replace(load_settings(env), recrawl_days=0)
        for source in SOURCES:
            pipeline.collect(source, settings=settings)
        requests.post(f"{portal.url}/_control", json={"revised": True}, timeout=5).raise_for_status()
        pipeline.collect("jbba", settings=settings)
    evil = document("gtp", "9", f"경기 AI {SCRIPT} 공고", day(20), url="javascript:alert(1)", listed={"agency": SCRIPT})
    batch(settings, "gtp", "r9", [evil])
    for step in (pipeline.load, pipeline.link, pipeline.build, pipeline.check, pipeline.publish):
        step(settings=settings)
    return settings


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of a copy of that home for this process; nothing is collected into it."""
    folder = copy_home(built_once(tmp_path_factory, "web", published), tmp_path_factory.mktemp("web") / "home")
    return load_settings({"GONGGO_HOME": str(folder), "GONGGO_SOURCES": "demo"})


@pytest.fixture(scope="session")
def url(home: Settings) -> Iterator[str]:
    """The address of the site, served as `gonggo web` does."""
    with serving_site(create_site(home)) as address:
        yield address
