"""What the rooms' tests share: the demo portal as their server, and a home of their own."""

from dataclasses import replace

import pytest

from demo.portal import serve
from gonggo.settings import Limits, load_settings


@pytest.fixture
def portal():
    with serve() as serving:
        yield serving


@pytest.fixture
def settings(portal, tmp_path):
    env = {
        "GONGGO_SOURCES": "demo",
        "GONGGO_DEMO_URL": portal.url,
        "GONGGO_HOME": str(tmp_path / "home"),
        "GONGGO_PREFILTER": "off",
    }
    quick = Limits(connect_seconds=2, read_seconds=2, total_seconds=3, page_bytes=2 << 20, attempts=3)
    return replace(load_settings(env), limits=quick, chunk_size=4)
