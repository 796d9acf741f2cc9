"""The engines, once for all tests of the scaled set-up; each test has a store and a database of its own."""

import os
import secrets
import tempfile
from pathlib import Path

import pytest

if os.environ.get("GONGGO_SCALED") != "1":
    collect_ignore_glob = ["test_*"]


@pytest.fixture(scope="session")
def there():
    from tests.cluster.engines import engines

    # Not below pytest's folder, which every run of pytest closes to other users, Postgres among them.
    with tempfile.TemporaryDirectory(prefix="gonggo-engines-") as folder, engines(Path(folder)) as found:
        yield found


@pytest.fixture
def common(there, monkeypatch):
    """The variables of a new store and catalogue, for this process too."""
    told = there.environment(f"s3://gonggo/{secrets.token_hex(4)}", there.database())
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    return told


@pytest.fixture
def machine(common, portal, tmp_path):
    """Machines that share nothing but store and catalogue: ``machine(name)`` gives one's environment."""
    from tests.world import environment

    def made(name, **more):
        return {**environment(tmp_path / name, portal.url), **common, **more}

    return made
