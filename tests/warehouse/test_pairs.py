"""The labelled pairs of announcements: enough of them, of announcements that there are, and without contradiction."""

from __future__ import annotations

from pathlib import Path

import yaml

from demo.content import load_entries

FOLDER = Path(__file__).parents[1] / "linking"
LABELLED = yaml.safe_load((FOLDER / "pairs.yaml").read_text("utf-8"))


def test_there_are_pairs_of_both_kinds_each_once() -> None:
    pairs = [tuple(sorted(pair)) for kind in ("same", "apart") for pair in LABELLED[kind]]
    assert len(pairs) == len(set(pairs)) >= 200
    assert len(LABELLED["same"]) > 50


def test_pairs_of_the_demo_are_of_announcements_that_its_sites_have() -> None:
    sites = {entry.no: entry.sites for entry in load_entries()}
    for one in {name for pair in LABELLED["same"] + LABELLED["apart"] for name in pair}:
        source, _, number = one.partition("/")
        assert source in ("dev", "field") or source in sites[int(number)]


def test_the_same_call_is_one_entry_of_the_demo_and_others_are_two() -> None:
    for kind, same in (("same", True), ("apart", False)):
        for one, other in LABELLED[kind]:
            assert (one.partition("/")[2] == other.partition("/")[2]) is same
