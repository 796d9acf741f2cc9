"""The whole pipeline, killed at random moments: nothing is lost, nothing is doubled, readers never see a half."""

import random

import pytest

from tests.kills import kill_and_compare

pytestmark = pytest.mark.slow


def test_killed_anywhere_and_run_again_it_ends_the_same(portal, tmp_path):
    done = kill_and_compare(portal, 8, random.Random(8), tmp_path, most=4)
    assert done.kills >= 8
    assert done.differences == []
