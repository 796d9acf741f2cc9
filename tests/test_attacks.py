"""A small share of every kind of hostile input is held; the page of figures and the data name the same kinds."""

from __future__ import annotations

import re

import pytest

from attacks.commands import ROOT
from attacks.kinds import INPUTS, load_kind, load_kinds
from attacks.run import BEGIN, END, attack, figures, table, write_table
from gonggo.errors import DataFileError

KINDS = load_kinds()
PAGE = ROOT / "docs" / "security.md"
# One input of many kinds, a few of the large ones.
SHARE = 29


@pytest.fixture(scope="module")
def tried():
    return {name: outcomes for name, outcomes, _ in attack(KINDS, KINDS, SHARE)}


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_share_of_the_kind_is_held(tried, kind):
    assert tried[kind], "nothing was tried"
    assert {one.input: one.missed for one in tried[kind] if not one.held} == {}


def test_there_are_hundreds_of_inputs_and_each_file_says_where_its_kind_comes_from():
    assert sum(len(kind.inputs) for kind in KINDS.values()) >= 400
    assert all(kind.origin and kind.title for kind in KINDS.values())


def test_the_page_of_figures_has_the_kinds_of_the_data_and_is_no_older_than_they_are():
    text = PAGE.read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \| (\d+) \| (\d+) \| (\d+) \|$", text, re.M)
    assert [(name, title, origin) for name, title, origin, *_ in rows] == [
        (kind.kind, kind.title, kind.origin) for kind in KINDS.values()
    ]
    for name, _, _, tried_inputs, held, faults in rows:
        assert int(tried_inputs) >= len(KINDS[name].inputs), f"{name} has grown: make attack WRITE=docs/security.md"
        assert int(tried_inputs) == int(held) + int(faults)


def test_a_wrong_input_is_reported_with_file_and_line(tmp_path):
    path = tmp_path / "http.yaml"
    head = (INPUTS / "http.yaml").read_text("utf-8").split("inputs:")[0]
    path.write_text(head + "inputs:\n- {id: a}\n- id: b\n  detail: [{sned: x}]\n", "utf-8")
    with pytest.raises(DataFileError, match=r"http\.yaml:8: inputs\.1\.detail\.0\.sned"):
        load_kind(path)
    path.write_text(head.replace("method: boards", "method: pigeons") + "inputs: []\n", "utf-8")
    with pytest.raises(DataFileError, match="pigeons"):
        load_kind(path)


def test_two_inputs_of_one_name_are_refused(tmp_path):
    path = tmp_path / "http.yaml"
    head = (INPUTS / "http.yaml").read_text("utf-8").split("inputs:")[0]
    path.write_text(head + "inputs:\n- {id: a}\n- {id: a}\n", "utf-8")
    with pytest.raises(DataFileError, match="two inputs are called 'a'"):
        load_kind(path)


def test_the_table_goes_between_the_marks_of_a_page_and_nowhere_else(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", "utf-8")
    write_table(page, table(figures(KINDS, [], {})))
    text = page.read_text("utf-8")
    assert text.startswith("before") and text.endswith("after\n") and "old" not in text and "| kind |" in text
    page.write_text("no marks", "utf-8")
    with pytest.raises(ValueError, match="attacks: begin"):
        write_table(page, "x")
