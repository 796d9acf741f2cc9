"""A load or a publication that is killed anywhere."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.warehouse.batches import settings_at
from tests.warehouse.kills import BATCH_SIZE, kill_and_check

pytestmark = pytest.mark.slow

KILLS = 6


def test_a_kill_at_any_moment_loses_doubles_and_shows_nothing_half(tmp_path: Path) -> None:
    staged, incomplete, counts = kill_and_check(settings_at(tmp_path), KILLS, 1.8, random.Random(7))
    assert incomplete == []
    assert counts == (staged, staged * BATCH_SIZE, staged * BATCH_SIZE * 2)
