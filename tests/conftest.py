"""Fixtures for all tests: the demo portal as their server, and settings with a home of their own."""

from contextlib import suppress
from dataclasses import replace

import pytest

from demo.content import load_entries
from demo.portal import serve
from gonggo.read import attachments
from gonggo.settings import Limits, Settings, load_settings

# The time of an example depends on the load of the machine. The cluster's test environment has no hypothesis.
with suppress(ImportError):
    import hypothesis

    hypothesis.settings.register_profile("any_machine", deadline=None)
    hypothesis.settings.load_profile("any_machine")


def demo_settings(portal, home) -> Settings:
    """Return settings that collect the demo portal into a home; a busy machine may be slow."""
    env = {
        "GONGGO_SOURCES": "demo",
        "GONGGO_DEMO_URL": portal.url,
        "GONGGO_HOME": str(home),
        "GONGGO_PREFILTER": "off",
    }
    limits = Limits(connect_seconds=10, read_seconds=10, total_seconds=30, page_bytes=2 << 20, attempts=3)
    return replace(load_settings(env), limits=limits, chunk_size=4)


@pytest.fixture(scope="session", autouse=True)
def attached_files_are_read_once():
    """Keep the texts of attached files, which are the same in most tests: each reading starts a process.

    What cannot be read is read again; the readers themselves are tested in ``tests/read``.
    """
    read, known = attachments.read_office, {}

    def read_once(content, kind, ocr=()):
        asked = (content, kind, tuple(ocr))
        if asked in known:
            return known[asked]
        result = read(content, kind, ocr)
        if result.outcome == "ok":
            known[asked] = result
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(attachments, "read_office", read_once)
        yield


@pytest.fixture(scope="session")
def entries():
    """The announcements of the demo portal, which no test changes."""
    return load_entries()


@pytest.fixture
def portal(entries):
    with serve(entries=entries) as serving:
        yield serving


@pytest.fixture
def settings(portal, tmp_path):
    return demo_settings(portal, tmp_path / "home")
