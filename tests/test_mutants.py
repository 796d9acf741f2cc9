"""What `make mutants` changes: one thing at a time, in statements and not in what is said beside them."""

import re

import pytest

from tools import mutants

SQL = """-- A remark with a > b AND 3 = 4, and UPDATE thing SET a = 1;
SELECT min(a), 'x = AND 5' FROM t LEFT JOIN u USING (k) -- min(b)
WHERE a->>'name' >= 2 AND b <> 3;
DELETE FROM t WHERE c IN (SELECT d FROM u);
"""


@pytest.fixture
def changed(tmp_path, monkeypatch):
    (tmp_path / "a.sql").write_text(SQL)
    monkeypatch.setattr(mutants, "ROOT", tmp_path)
    return list(mutants.sql_mutants("a.sql"))


def test_each_change_of_a_statement_is_one_and_names_its_line(changed):
    shown = {mutant.name for mutant in changed}
    assert shown == {
        "line 2: 'min' -> 'max'",
        "line 2: \"'x = AND 5'\" -> \"''\"",
        "line 2: 'LEFT JOIN' -> 'JOIN'",
        "line 3: \"'name'\" -> \"''\"",
        "line 3: '>=' -> '>'",
        "line 3: '2' -> '3'",
        "line 3: 'AND' -> 'OR'",
        "line 3: '<>' -> '='",
        "line 3: '3' -> '4'",
        "line 4: 'IN' -> 'NOT IN'",
        "line 4: 'DELETE FROM t WHERE c IN (SELECT d FROM u);' -> ''",
    }
    assert len({mutant.text for mutant in changed}) == len(changed) and SQL not in {mutant.text for mutant in changed}


def test_what_a_remark_says_is_left_alone(changed):
    assert all(mutant.text.startswith(SQL.split("\n")[0]) and "-- min(b)" in mutant.text for mutant in changed)


def test_files_are_chosen_by_name_folder_or_pattern():
    assert set(mutants.choose_files("sql/link")) == set(mutants.files_of("sql/link/*.sql"))
    assert set(mutants.choose_files("extract/money.py")) == {"extract/money.py"}
    assert (
        set(mutants.choose_files("extract/*.py"))
        == set(mutants.files_of("extract/**/*.py"))
        < set(mutants.choose_files(None))
    )
    with pytest.raises(SystemExit, match=r"extract/none\.py is none of: "):
        mutants.choose_files("extract/none.py")


def test_the_relations_of_extraction_are_changed_too():
    assert "extract/relations/rates.py" in mutants.choose_files("extract")


def test_a_pattern_that_names_no_file_any_more_is_reported(monkeypatch):
    monkeypatch.setitem(mutants.TARGETS, "gone/*.py", [])
    with pytest.raises(SystemExit, match=re.escape("gone/*.py matches no file any more")):
        mutants.choose_files(None)
