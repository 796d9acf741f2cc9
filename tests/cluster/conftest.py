"""Fixtures for the tests of a cluster: servers for all tests; an object store and a database for each test."""

import os
import secrets
import tempfile
from pathlib import Path

import pytest

if os.environ.get("GONGGO_SCALED") != "1":
    collect_ignore_glob = ["test_*"]


@pytest.fixture(scope="session")
def servers():
    """The running servers."""
    from tests.cluster.servers import run_servers

    # Not below the folder of pytest, which other users, such as that of Postgres, cannot enter.
    with tempfile.TemporaryDirectory(prefix="gonggo-servers-") as folder, run_servers(Path(folder)) as running:
        yield running


@pytest.fixture
def shared_environment(servers, monkeypatch):
    """The variables of a new object store and database, which are set in this process, too."""
    values = servers.environment(f"s3://gonggo/{secrets.token_hex(4)}", servers.database())
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return values


@pytest.fixture
def machine(shared_environment, portal, tmp_path):
    """A function that returns the environment of a machine, which shares only object store and Postgres with others."""
    from tests.world import environment

    def environment_of(name, **more):
        return {**environment(tmp_path / name, portal.url), **shared_environment, **more}

    return environment_of
