"""Fixtures for all tests: the demo portal as their server, and settings with a home of their own."""

from contextlib import suppress
from dataclasses import replace

import pytest

from demo.portal import serve
from gonggo.settings import Limits, Settings, load_settings

# The time of an example depends on the load of the machine. The cluster's test environment has no hypothesis.
with suppress(ImportError):
    import hypothesis

    hypothesis.settings.register_profile("any_machine", deadline=None)
    hypothesis.settings.load_profile("any_machine")


def demo_settings(portal, home) -> Settings:
    """Return settings that collect the demo portal into a home, with short timeouts."""
    env = {
        "GONGGO_SOURCES": "demo",
        "GONGGO_DEMO_URL": portal.url,
        "GONGGO_HOME": str(home),
        "GONGGO_PREFILTER": "off",
    }
    quick = Limits(connect_seconds=2, read_seconds=2, total_seconds=3, page_bytes=2 << 20, attempts=3)
    return replace(load_settings(env), limits=quick, chunk_size=4)


@pytest.fixture
def portal():
    with serve() as serving:
        yield serving


@pytest.fixture
def settings(portal, tmp_path):
    return demo_settings(portal, tmp_path / "home")
