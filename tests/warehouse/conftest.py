"""A home whose tables and marts are made, built once for a session and copied for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from gonggo.settings import Settings
from gonggo.warehouse import load
from gonggo.warehouse.marts import build_marts
from tests.warehouse.batches import settings_at
from tests.world import copy_home


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose tables and marts are made, and hold nothing."""
    settings = settings_at(tmp_path_factory.mktemp("empty"))
    load.load_batches(settings)
    build_marts(settings)
    return settings.home


@pytest.fixture
def settings(empty: Path, tmp_path: Path) -> Settings:
    return settings_at(copy_home(empty, tmp_path / "home"))
