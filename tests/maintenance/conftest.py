"""A home with two sources, published once for the tests of a file, and copied for each."""

import pytest

from demo.portal import serve
from gonggo import pipeline
from tests.conftest import demo_settings
from tests.world import copy_home

STEPS = (pipeline.load, pipeline.link, pipeline.build, pipeline.check, pipeline.publish)


@pytest.fixture(scope="module")
def portal():
    with serve() as serving:
        yield serving


@pytest.fixture(scope="module")
def collected(portal, tmp_path_factory):
    """A home with two sources, published once for all tests here."""
    home = tmp_path_factory.mktemp("collected")
    settings = demo_settings(portal, home)
    for source in ("btp", "jbba"):
        pipeline.collect(source, settings=settings)
    for step in STEPS:
        step(settings=settings)
    return home


@pytest.fixture
def home(settings, collected):
    """The settings of a copy of that home."""
    copy_home(collected, settings.home)
    return settings
