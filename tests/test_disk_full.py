"""A disk that is full at any point of a collection: a clear error, nothing lost, and with room again the same tables."""

import pytest

from tests.disks import can_mount, collect, collect_on_small_disk


@pytest.mark.slow
@pytest.mark.skipif(not can_mount(), reason="no namespaces for users on this machine")
def test_wherever_the_disk_is_full_it_is_reported_and_mended_by_the_next_run(portal, tmp_path):
    wanted, whole = collect(portal, tmp_path / "whole")
    for number, share in enumerate((0.004, 0.01, 0.1, 0.8)):
        output, collected = collect_on_small_disk(portal, tmp_path / str(number), int(whole * share))
        assert "first 1" in output, f"{share}: {output}"
        assert "Traceback" not in output, f"{share}: {output}"
        assert "full" in output or "room" in output, f"{share}: {output}"
        assert collected == wanted, share
