"""What a list page must show before it is believed, and what is said of one that cannot be what its site describes."""

from datetime import date

import pytest

from gonggo.errors import ChangedError, EmptyError
from gonggo.model import Listed
from gonggo.sources import list_assertions
from gonggo.sources.adapter import ListPage
from gonggo.sources.catalogue import Site

URL = "https://board.example/list"
TODAY = date(2026, 11, 27)
LIST = {"url": URL, "rows": "tr", "id": "a@href", "title": "a", "fields": {"posted_on": "td.day"}}


def site(family="html_board", fields=None, may_be_empty=(), required=("title",), fewest=1):
    expect = {"rows_per_page_min": fewest, "stale_after_days": 30, "required": list(required)}
    described = {
        "id": "made", "name": {"ko": "가", "en": "a"}, "operator": "가", "region": "부산", "home": URL, "schedule": "0 7 * * *",
        "confidence": "C", "evidence_date": "2026-01-01", "charset": "euc-kr", "family": family,
        "list": {**LIST, "fields": fields if fields is not None else LIST["fields"]},
        "detail": {"sections": {"body": "td.body"}}, "expect": {**expect, "may_be_empty": list(may_be_empty)},
    }  # fmt: skip
    return Site.model_validate(described)


def row(number, title=None, **fields):
    return Listed(
        "made",
        str(number),
        title or f"AI 실증 공고 {number}호",
        f"{URL}/{number}",
        {"posted_on": "2026-11-20", **fields},
    )


def examine(rows, number=1, today=TODAY, **described):
    list_assertions.check_list_page(site(**described), ListPage(rows, []), number, today, URL)


def test_an_ordinary_page_is_believed():
    examine([row(n) for n in range(4)])
    examine([row(1)])
    examine([], number=2)


@pytest.mark.parametrize("got", [1, 4])
def test_a_first_page_with_too_few_rows_is_reported_with_both_numbers(got):
    with pytest.raises(ChangedError, match=rf"expected at least 5 rows on the first page, got {got}$"):
        examine([row(n) for n in range(got)], fewest=5)
    examine([row(n) for n in range(5)], fewest=5)
    examine([row(n) for n in range(got)], fewest=5, number=2)


def test_a_first_page_without_rows_is_another_fault_but_for_places_that_may_be_empty():
    with pytest.raises(EmptyError, match="expected at least 5 rows on the first page, got 0"):
        examine([], fewest=5)
    for family in ("eminwon", "inbox"):
        list_assertions.check_list_page(
            site(fewest=5).model_copy(update={"family": family}), ListPage([], []), 1, TODAY, URL
        )


def test_what_is_required_must_be_in_some_row_of_every_page():
    rows = [row(1, agency="가"), row(2)]
    for number in (1, 2):
        examine(rows, number, required=("title", "agency"))
        with pytest.raises(ChangedError, match="the field 'agency' is empty in all 1 rows; look at its selector"):
            examine(rows[1:], number, required=("title", "agency"))


def test_selectors_that_hit_the_same_thing_in_every_row_are_reported():
    with pytest.raises(ChangedError, match=r"all 3 rows have the number 7; look at list\.id"):
        examine([row(7, f"AI 공고 {n}차") for n in range(3)])
    with pytest.raises(ChangedError, match=r"all 3 rows are called 'AI 실증 지원'; look at list\.title"):
        examine([row(n, "AI 실증 지원") for n in range(3)])
    long = "인공지능 " * 20
    with pytest.raises(ChangedError) as raised:
        examine([row(n, long) for n in range(3)])
    assert f"are called {long[:40]!r};" in str(raised.value)


def test_two_rows_may_be_alike_and_so_may_those_of_further_pages():
    examine([row(n, "AI 실증 지원") for n in range(2)])
    examine([row(n, "AI 실증 지원") for n in range(3)], number=2)
    examine([row(1, "AI 실증 지원"), row(2, "AI 실증 지원"), row(3, "AI 교육")])


def test_titles_that_are_no_words_are_reported():
    with pytest.raises(ChangedError, match=r"the titles are no words \('1'\); look at list\.title"):
        examine([row(n, f"{n}") for n in range(1, 4)])
    examine([row(1, "1"), row(2, "2"), row(3, "공고")])


def test_titles_that_cannot_be_decoded_are_reported_where_there_are_many():
    sound = [row(n) for n in range(4)]
    examine([*sound, row(8, "AI \ufffd\ufffd\ufffd"), row(9, "AI \ufffd\ufffd\ufffd")])
    # One letter that was lost on the way is no wrong charset.
    examine([*sound, *(row(n, f"AI \ufffd {n}호") for n in (7, 8, 9))])
    with pytest.raises(ChangedError, match="3 of 7 titles cannot be decoded; expected euc-kr"):
        examine([*sound, *(row(n, f"AI \ufffd\ufffd\ufffd {n}호") for n in (7, 8, 9))])


def test_days_in_the_future_are_reported_where_they_are_most():
    examine([row(1, posted_on="2026-11-29"), row(2)])
    examine([row(1, posted_on="2026-11-30"), row(2)])
    examine([row(1, posted_on="2026-11-29T23:00")])
    with pytest.raises(ChangedError, match=r"posted_on lies in the future \(2026-11-30\); look at its selector"):
        examine([row(1, posted_on="2026-11-30"), row(2, posted_on="2026-12-30"), row(3)])
    examine([row(1, opens_at="2027-11-28")])
    with pytest.raises(ChangedError, match=r"opens_at lies in the future \(2027-11-29\)"):
        examine([row(1, opens_at="2027-11-29"), row(2)])


def test_a_field_of_the_list_that_no_row_fills_is_reported_but_not_where_it_may_be_empty():
    fields = {"posted_on": "td.day", "agency": "td.who"}
    rows = [row(n) for n in range(3)]
    with pytest.raises(ChangedError, match="the field 'agency' is empty or unreadable in all 3 rows"):
        examine(rows, fields=fields)
    examine(rows, fields=fields, may_be_empty=("agency",))
    examine(rows[:2], fields=fields)
    examine([*rows, row(9, agency="가")], fields=fields)


def test_a_window_is_filled_by_either_of_its_ends():
    fields = {"period": "td.when"}
    for name in ("opens_at", "closes_at"):
        examine([row(n, **{name: "2026-11-20"}) for n in range(3)], fields=fields)
    with pytest.raises(ChangedError, match="the field 'period' is empty or unreadable"):
        examine([row(n, period="곧") for n in range(3)], fields=fields)


def test_a_list_whose_newest_post_is_old_is_stale_and_one_without_days_is_not():
    assert list_assertions.staleness(site(), "2026-10-28", TODAY) is None
    assert list_assertions.staleness(site(), None, TODAY) is None
    warning = list_assertions.staleness(site(), "2026-10-27", TODAY)
    assert warning == "the newest post is of 2026-10-27; expected one within 30 days"


def test_every_fault_is_reported_with_the_address_of_the_page():
    alike = [row(7, "AI 공고"), row(7, "AI 공고"), row(7, "AI 공고")]
    empty = [row(n) for n in range(3)]
    broken = [row(n, f"\ufffd\ufffd\ufffd {n}호") for n in range(2)]
    late = [row(1, posted_on="2027-01-30")]
    for rows, described in (
        (alike, {}),
        (empty, {"fields": {"agency": "td.who"}}),
        (empty, {"required": ("agency",)}),
        (broken, {}),
        (late, {}),
        ([], {}),
    ):
        with pytest.raises((ChangedError, EmptyError), match=rf"^{URL}: "):
            examine(rows, **described)


def test_a_site_without_a_list_of_fields_is_asked_for_none():
    described = site().model_copy(update={"list": None})
    list_assertions.check_list_page(described, ListPage([row(n) for n in range(3)], []), 1, TODAY, URL)


def test_letters_that_were_lost_are_weighed_against_those_beyond_ascii():
    # Three of nine letters beyond ASCII are a third of them, and no more.
    examine([row(1, "인공지능가람\ufffd\ufffd\ufffd"), row(2, "\ufffd\ufffd 2호")])
    with pytest.raises(ChangedError, match="1 of 1 titles cannot be decoded"):
        examine([row(1, "AI Expo 2026 Korea 가나다라마\ufffd\ufffd\ufffd")])
    examine([row(1, "AI 인공지능가람\ufffd\ufffd\ufffd")])
