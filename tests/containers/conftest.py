"""Fixtures for the tests of the containers: an engine, the images in it, and what a single machine publishes."""

import os
import subprocess
import sys

import pytest

if os.environ.get("GONGGO_CONTAINERS") not in ("build", "built"):
    collect_ignore_glob = ["test_*"]


@pytest.fixture(scope="session", autouse=True)
def images():
    """The images of this checkout and of the one before, in the engine."""
    from tests.containers import engine

    missing = engine.what_is_missing()
    if missing:
        pytest.exit(f"Containers cannot be tested on this machine: {missing}", returncode=1)
    if os.environ["GONGGO_CONTAINERS"] == "build":
        engine.build_images()


@pytest.fixture(scope="session")
def single_machine(tmp_path_factory):
    """The settings of a machine without containers that has collected the sample sites."""
    from demo.portal import serve
    from gonggo.settings import load_settings
    from tests.containers import engine
    from tests.world import environment

    with serve() as portal:
        env = environment(tmp_path_factory.mktemp("single") / "home", portal.url)
        env["GONGGO_SOURCES"] = engine.SOURCES
        subprocess.run([sys.executable, "-m", "gonggo.cli", "collect"], env=env, check=True, capture_output=True)
        return load_settings(env)
