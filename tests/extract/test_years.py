"""The years that a text names: in figures, by the year of the document, and counted from the start of a project."""

import pytest

from gonggo.extract.doc import Doc
from gonggo.extract.relations.years import Years


def years(text, base=2026, first=None):
    return [(text[m.start : m.end], *m[2:]) for m in Years(Doc("x", text), base, first).mentions]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("올해 30억, 작년 20억", [("올해", 2026, None, "", False), ("작년", 2025, None, "", False)]),
        ("재작년 3억, 금년 4억, 내년 5억", [("재작년", 2024, None, "", False), ("금년", 2026, None, "", False), ("내년", 2027, None, "", False)]),
        ("2025~2027년 예산", [("2025~2027년", 2025, 2027, "", False)]),
        ("2026년부터 2028년까지 쓴다", [("2026년부터 2028년", 2026, 2028, "until", False)]),
        ("'26년 예산", [("'26년", 2026, None, "", False)]),
        ("2023년 이후 늘었다", [("2023년", 2023, None, "since", False)]),
        ("지난해까지 썼다", [("지난해", 2025, None, "until", False)]),
        ("1999년과 2061년", []),
        ("2000년에 시작", [("2000년", 2000, None, "", False)]),
        ("2060년 전망", [("2060년", 2060, None, "", False)]),
        ("2061년 전망", []),
    ],
)  # fmt: skip
def test_years_in_figures_and_by_the_year_of_the_document(text, expected):
    assert years(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1차년도(2026.4~12) 600, 2차년도 800, 3차년도 900", [2026, 2027, 2028]),
        ("3차년도 900, 2차년도(2026.1~12) 800", [2027, 2026]),
        ("1차년도 600, 2차년도 800", []),
    ],
)
def test_years_of_a_project_are_counted_from_the_one_whose_months_are_given(text, expected):
    ordinal = [year for _, year, _, _, is_ordinal in years(text) if is_ordinal]
    assert ordinal == expected


def test_years_of_a_project_are_counted_from_its_start_where_that_is_known():
    assert [year for _, year, *_ in years("1차년도 5, 3차년도 6", first=2025)] == [2025, 2027]


def test_a_year_that_only_the_day_of_the_document_would_tell_is_unresolved_without_it():
    text = "2024년 3억, 올해 4억, 2026년 5억"
    read = Years(Doc("x", text), None)
    assert [mention.year for mention in read.within(0, len(text))] == [2024, 2026]
    assert [mention.year for mention in read.within(0, 17)] == [2024] and read.within(1, 17) == []
    assert read.is_unresolved(0, 17) and read.is_unresolved(8, 17)
    assert not read.is_unresolved(0, 8) and not read.is_unresolved(0, 18)
    assert not Years(Doc("x", text), 2025).is_unresolved(0, 17)


def test_a_head_of_a_table_is_of_one_year_or_of_none():
    read = Years(Doc("x", "가"), 2026, 2025)
    of = {words: (year.year if (year := read.of(words)) else None) for words in ("2026년", "올해", "2차년도", "구분")}
    assert of == {"2026년": 2026, "올해": 2026, "2차년도": 2026, "구분": None}
    assert read.of("2025년 2026년") is None and read.of("1차년도 2차년도") is None


@pytest.mark.parametrize(
    "words", ["2000만 원을", "2000억원을", "2050여 명을", "2030명을", "2000개 기업을", "2026 개사를"]
)
def test_a_number_with_a_unit_is_no_year(words):
    assert [mention.value for mention in Years(Doc("x", f"시는 {words} 지원한다."), 2026).mentions] == []


@pytest.mark.parametrize("words", ["2026 대구", "2026대전", "2026년 30개", "2026개최"])
def test_a_year_before_other_words_is_one(words):
    assert [mention.value for mention in Years(Doc("x", f"시는 {words}를 연다."), 2026).mentions] == ["2026"]
