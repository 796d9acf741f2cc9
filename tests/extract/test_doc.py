"""The text of a document as the extractors see it: sentences and clauses, and which one holds a character."""

import pytest

from gonggo.extract.doc import Doc, Span
from gonggo.extract.sections import Sections

TEXT = "가람시는 AI를 쓴다. 공장이 반긴다.\n\n\n내년에도 할까? 그렇다"


def words(spans):
    return [span.text for span in spans]


def test_sentences_are_the_text_without_the_space_between_them():
    sentences = Doc("x", TEXT).sentences
    assert words(sentences) == ["가람시는 AI를 쓴다.", "공장이 반긴다.", "내년에도 할까?", "그렇다"]
    assert all(TEXT[one.start : one.end] == one.text for one in sentences)
    assert words(Doc("x", "끝난다.").sentences) == ["끝난다."] and Doc("x", " \n ").sentences == []


def test_a_character_is_in_the_sentence_that_holds_it_and_beside_sentences_in_its_surroundings():
    doc = Doc("x", TEXT)
    for sentence in doc.sentences:
        assert doc.sentence_at(sentence.start) == doc.sentence_at(sentence.end - 1) == sentence
    space = TEXT.index("\n\n\n") + 1
    assert doc.sentence_at(space) == Span(0, len(TEXT), TEXT)
    far = Doc("x", f"{'가' * 100}다.{' ' * 9}{'나' * 100}다.")
    between = far.text.index(" ") + 4
    assert far.sentence_at(between).start == between - 80 and far.sentence_at(between).end == between + 80
    lead = Doc("x", f"\n\n{TEXT}")
    assert lead.sentence_at(0) == Span(2, len(TEXT) + 2, TEXT)


def test_dashes_between_headlines_part_clauses_and_those_of_ranges_do_not():
    doc = Doc("x", "가람시 AI로 난다 - 국비 30억 원 - 내년 시작\n3 - 5월에 한다. 첫째 – 둘째")
    assert words(doc.clauses) == ["가람시 AI로 난다", "국비 30억 원", "내년 시작", "3 - 5월에 한다.", "첫째", "둘째"]
    assert all(doc.text[one.start : one.end] == one.text for one in doc.clauses)


@pytest.mark.parametrize(
    ("offset", "section"),
    [(0, "call"), (4, "call"), (5, "terms"), (9, "terms"), (10, "call"), (12, "annex"), (15, "call")],
)
def test_a_section_begins_at_its_first_character_and_ends_before_its_end(offset, section):
    sections = Sections([(5, 10), (12, 15)], ["terms", "annex"].__getitem__)
    assert sections.at(offset) == section
    assert sections.states_facts(offset) == (section == "call")
    assert Sections([], ["annex"].__getitem__).at(offset) == "call"
    assert Sections([(0, 20)], ["contact"].__getitem__).states_facts(offset)


def test_only_stretches_that_are_asked_for_are_judged():
    judged = []
    sections = Sections([(0, 5), (5, 10)], lambda number: judged.append(number) or "terms")
    assert [sections.at(7), sections.at(8), judged] == ["terms", "terms", [1]]


def test_the_year_of_a_document_is_that_of_its_day_before_any_in_its_text():
    text = "2024년 사업을 이어 간다."
    assert Doc("x", text, {"posted_on": "2026-03-02"}).year == 2026
    assert Doc("x", text).year == Doc("x", "가" * 1600 + text).year == 2024
    assert Doc("x", "해마다 한다.").year is None


def test_a_title_is_added_and_what_is_known_of_the_text_stays():
    doc = Doc("x", TEXT, {"agency": "가람시"})
    sentences = doc.sentences
    titled = doc.with_title("가람 AI")
    assert titled.fields == {"agency": "가람시", "title": "가람 AI"} and titled.sentences is sentences
    assert titled.with_title("나래 AI").fields["title"] == "나래 AI" and doc.fields == {"agency": "가람시"}
    assert titled.field_evidence("title").quote == "가람 AI"
