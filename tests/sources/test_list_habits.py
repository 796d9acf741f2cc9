"""What a source usually yields is learned from its healthy runs, and what departs from it is told."""

from datetime import date, timedelta

import pytest

from gonggo.crawl.ledger import Ledger
from gonggo.crawl.list_memory import ListMemory
from gonggo.errors import ChangedError
from gonggo.sources.list_habits import ListFigures, ListHabits

START = date(2026, 9, 1)
USUAL = ListFigures(15, {"agency": 1.0, "status": 0.6, "note": 0.2}, frozenset({"id", "title"}))


def day(number):
    return START + timedelta(number)


def memory(tmp_path, number, figures=None, new=0):
    """The memory of a source on a day, before or after a healthy run."""
    one = ListMemory(Ledger(tmp_path, "btp"), tmp_path, "btp", "", day(number))
    if figures:
        one.learn(figures, new)
    return one


def learned(tmp_path, days=3):
    for number in range(days):
        memory(tmp_path, number, USUAL)


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        (ListFigures(7, USUAL.shares), "7 rows on the first page.*at least 15"),
        (ListFigures(15, {"agency": 0.5, "status": 0.6}), "'agency' is filled in 50%.*at least 100%"),
        (ListFigures(15, {"agency": 1.0}), "'status' is filled in 0%.*at least 60%"),
    ],
)
def test_half_a_list_or_a_field_that_empties_fails(tmp_path, figures, words):
    learned(tmp_path)
    with pytest.raises(ChangedError, match=words):
        memory(tmp_path, 3).check(figures, "https://example.org/list")


@pytest.mark.parametrize(
    "figures",
    [
        ListFigures(8, USUAL.shares),
        ListFigures(15, {"agency": 0.6, "status": 0.4}),
        ListFigures(15, {"agency": 1.0, "status": 0.6, "note": 0.0}),
        ListFigures(30, {"agency": 1.0, "status": 1.0}),
    ],
)
def test_what_a_source_does_anyway_passes(tmp_path, figures):
    learned(tmp_path)
    assert memory(tmp_path, 3).check(figures, "https://example.org/list") == []


def test_of_a_search_the_fields_count_and_not_the_rows(tmp_path):
    learned(tmp_path)
    few = ListFigures(7, USUAL.shares)
    assert memory(tmp_path, 3).check(few, "https://example.org/list", by_rows=False) == []
    with pytest.raises(ChangedError, match="'agency' is filled in 0%"):
        memory(tmp_path, 3).check(ListFigures(7, {"status": 0.6}), "https://example.org/list", by_rows=False)


def test_nothing_is_expected_before_three_healthy_days_nor_of_a_list_of_few_rows(tmp_path):
    learned(tmp_path, 2)
    memory(tmp_path, 1, USUAL)
    assert memory(tmp_path, 2).check(ListFigures(1), "https://example.org/list") == []
    few = Ledger(tmp_path, "few")
    for number in range(3):
        ListMemory(few, tmp_path, "few", "", day(number)).learn(ListFigures(3), 0)
    assert ListMemory(few, tmp_path, "few", "", day(3)).check(ListFigures(1), "https://example.org/list") == []


def test_a_departure_that_lasts_three_days_is_the_new_habit(tmp_path):
    learned(tmp_path)
    for number in (3, 3, 4, 5):
        with pytest.raises(ChangedError):
            memory(tmp_path, number).check(ListFigures(7), "https://example.org/list")
    one = memory(tmp_path, 6)
    assert one.check(ListFigures(7), "https://example.org/list") == []
    one.learn(ListFigures(7), 0)
    assert memory(tmp_path, 7).check(ListFigures(7), "https://example.org/list") == []


def test_a_healthy_day_ends_a_departure(tmp_path):
    learned(tmp_path)
    for number in (3, 4, 6, 7, 8):
        with pytest.raises(ChangedError):
            memory(tmp_path, number).check(ListFigures(7), "https://example.org/list")
        if number == 4:
            memory(tmp_path, 5, USUAL)


def test_the_endpoints_of_a_list_have_habits_of_their_own(tmp_path):
    learned(tmp_path)
    excel = ListMemory(Ledger(tmp_path, "btp"), tmp_path, "btp", "excel", day(3))
    assert excel.check(ListFigures(2), "https://example.org/list") == []


def test_a_key_that_was_never_there_is_reported_once(tmp_path):
    figures = ListFigures(15, USUAL.shares, USUAL.keys | {"budget"})
    assert memory(tmp_path, 0).check(USUAL, "https://example.org/api") == []
    memory(tmp_path, 0, USUAL)
    (warning,) = memory(tmp_path, 1).check(figures, "https://example.org/api")
    assert warning.endswith("before: budget")
    memory(tmp_path, 1, figures)
    assert memory(tmp_path, 2).check(figures, "https://example.org/api") == []


def silence(days, today):
    """The warning on a day, after runs on every day of which these brought new rows."""
    habits = ListHabits()
    for number in range(today + 1):
        habits.learn(USUAL, days.get(number, 0), day(number))
    return habits.pause_warning(day(today))


def test_a_source_that_falls_silent_against_its_own_habit_is_reported():
    weekly = {0: 400, 3: 5, 10: 5, 17: 5, 24: 5}
    assert "no new row for 20 days; this source had 6 a week, and no pause above 7 days" in silence(weekly, 44)
    assert silence(weekly, 34) is None


def test_a_source_that_rests_for_weeks_anyway_is_not_silent():
    assert silence({0: 400, 1: 20, 20: 20, 40: 20}, 59) is None
    assert silence({0: 400, 5: 1, 15: 1, 25: 1}, 59) is None
    # The first collection is no news.
    assert silence({0: 400}, 59) is None


def test_damaged_habits_are_learned_again(tmp_path):
    learned(tmp_path)
    Ledger(tmp_path, "btp").record_list_habits("", '{"days": [{"day"')
    assert memory(tmp_path, 3).check(ListFigures(1), "https://example.org/list") == []
    memory(tmp_path, 3, USUAL)
    assert len(memory(tmp_path, 4).habits.days) == 1


def test_habits_of_the_former_version_are_read_from_their_file_and_kept_in_the_ledger(tmp_path):
    learned(tmp_path)
    former = tmp_path / "old" / "lists" / "btp.json"
    former.parent.mkdir(parents=True)
    former.write_text(memory(tmp_path, 3).habits.model_dump_json(), "utf-8")
    ledger = Ledger(tmp_path / "old", "btp")
    with pytest.raises(ChangedError):
        ListMemory(ledger, tmp_path / "old", "btp", "", day(3)).check(ListFigures(7), "https://example.org/list")
    assert not former.exists()
    assert len(ListMemory(ledger, tmp_path / "old", "btp", "", day(4)).habits.days) == 3


def test_a_ledger_hands_its_habits_on_when_a_machine_joins_others(tmp_path):
    learned(tmp_path)
    shared = Ledger(tmp_path / "shared", "btp")
    shared.copy_from(Ledger(tmp_path, "btp"))
    with pytest.raises(ChangedError):
        ListMemory(shared, tmp_path / "shared", "btp", "", day(3)).check(ListFigures(7), "https://example.org/list")
