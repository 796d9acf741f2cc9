"""The ruler: what counts as right, wrong and missed, field by field, so that a score says what it seems to say."""

import pytest

from gonggo.errors import GonggoError
from gonggo.extract import relation_scoring, scoring
from gonggo.extract.record_types import from_json


def compare(labels, records):
    return scoring.compare(*({name: from_json(one) for name, one in side.items()} for side in (labels, records)))


def differences(label, record, field):
    return scoring.differences(from_json(label), from_json(record), field)


def score(label, record, field):
    result = compare({"x": label}, {"x": record}).fields[field]
    return result.right, result.wrong, result.missed


AT = {"opens_at": "2026-03-02", "closes_at": "2026-03-20"}


@pytest.mark.parametrize(
    ("field", "label", "record", "expected"),
    [
        ("relevant", {"relevant": True}, {"relevant": {"value": True}}, (1, 0, 0)),
        ("relevant", {"relevant": False}, {"relevant": {"value": True}}, (0, 1, 1)),
        ("kind", {"kind": "article"}, {"kind": {"value": "article"}}, (1, 0, 0)),
        ("kind", {"kind": "article"}, {"kind": {"value": "other"}}, (0, 1, 1)),
        ("kind", {"kind": "article"}, {}, (0, 0, 1)),
        ("sido", {"regions": ["경남 창원시"]}, {"regions": [{"name": "경남"}]}, (1, 0, 0)),
        ("sigungu", {"regions": ["경남 창원시"]}, {"regions": [{"name": "경남"}]}, (0, 0, 1)),
        ("sigungu", {"regions": ["경남 창원시"]}, {"regions": [{"name": "경남 창원시 성산구"}]}, (1, 0, 0)),
        ("sectors", {"sectors": ["health"]}, {"sectors": [{"name": "robotics"}]}, (0, 1, 1)),
        ("amount", {"amounts": [{"krw": 5, "role": "total"}]}, {"amounts": [{"krw": 5, "role": "local"}]}, (1, 0, 0)),
        ("amount_role", {"amounts": [{"krw": 5, "role": "total"}]}, {"amounts": [{"krw": 5, "role": "local"}]}, (0, 1, 1)),
        ("opens_at", {"application": AT}, {"application": {"opens_at": {"value": "2026-03-02T09:00"}}}, (1, 0, 0)),
        ("closes_at", {"application": AT}, {"application": {"closes_at": {"value": "2026-03-21"}}}, (0, 1, 1)),
        ("closes_at", {"application": {"closes_at": "always"}}, {"application": {"closes_at": {"value": "always"}}}, (1, 0, 0)),
        ("published_on", {"published_on": "2026-03-02"}, {"published_on": None}, (0, 0, 1)),
        ("quantity", {"quantities": [{"value": 12, "unit": "people"}]}, {"quantities": [{"value": 12.00001, "unit": "people"}]}, (1, 0, 0)),
        ("quantity", {"quantities": [{"value": 12, "unit": "people"}]}, {"quantities": [{"value": 12, "unit": "companies"}]}, (0, 1, 1)),
        ("metric", {"metrics": [{"value": 1.5, "unit": "%"}]}, {"metrics": [{"value": 1.5, "unit": "%"}]}, (1, 0, 0)),
        ("eligibility", {"eligibility": {"max_company_age_years": 7}}, {"eligibility": {"max_company_age_years": {"value": 7}}}, (1, 0, 0)),
        ("eligibility", {"eligibility": {"company_sizes": ["startup"]}}, {"eligibility": {"company_sizes": [{"name": "startup"}], "max_company_age_years": {"value": 7}}}, (1, 1, 0)),
        ("contact", {"contact": {"phones": ["055-000-1234"], "emails": ["A@b.kr"]}}, {"contact": {"phones": [{"name": "0550001234"}], "emails": [{"name": "a@B.kr"}]}}, (2, 0, 0)),
    ],
)  # fmt: skip
def test_a_field_is_right_wrong_or_missed(field, label, record, expected):
    assert score(label, record, field) == expected


def entry(name, **more):
    return {"name": name, **more}


@pytest.mark.parametrize(
    ("labelled", "read", "same"),
    [
        ("가람 AI 바우처", "2026년 「가람 AI 바우처」 지원사업", True),
        ("한국지능정보사회진흥원", "한국지능정보사회진흥원(NIA)", True),
        ("경남테크노파크", "경북대학교", False),
        ("경남 제조 AI 실증", "경남 제조 로봇 보급", False),
    ],
)
def test_names_are_the_same_where_only_dress_differs(labelled, read, same):
    got = score({"programmes": [entry(labelled)]}, {"programmes": [entry(read)]}, "programme")
    assert got == ((1, 0, 0) if same else (0, 1, 1))


def test_an_alias_is_a_name_and_each_entry_is_paired_once_the_most_alike_first():
    assert score(
        {"organisations": [entry("NIA")]},
        {"organisations": [entry("한국지능정보사회진흥원", aliases=["NIA"])]},
        "organisation",
    ) == (1, 0, 0)
    label = {
        "programmes": [entry("가람 AI 실증 센터", type="infrastructure"), entry("가람 AI 실증", type="demonstration")]
    }
    record = {"programmes": [entry("가람 AI 실증", type="demonstration"), entry("가람 AI 실증", type="rnd")]}
    assert score(label, record, "programme")[0] >= 1
    assert score({"programmes": label["programmes"][1:]}, record, "programme") == (1, 1, 0)
    assert score(
        {"programmes": label["programmes"][1:]}, {"programmes": record["programmes"][:1]}, "programme_type"
    ) == (1, 0, 0)


def test_what_is_said_of_a_programme_counts_only_where_the_label_says_it():
    label = {"programmes": [entry("가람 AI 실증", type="demonstration", status="open", start="2026", end="2027-03")]}
    record = {"programmes": [entry("가람 AI 실증", type="rnd", status={"value": "open"}, start="2026-05", end="2027")]}
    assert score(label, record, "programme_type") == (0, 1, 1)
    assert score(label, record, "programme_status") == (1, 0, 0)
    # 2026-05 is finer than the label's 2026 and right; 2027 is coarser than 2027-03.
    assert score(label, record, "period") == (1, 1, 1)
    assert score(label, {"programmes": [entry("가람 AI 실증")]}, "programme_type") == (0, 0, 1)
    assert score({"programmes": [entry("가람 AI 실증")]}, record, "period") == (0, 2, 0)
    both = {"organisations": [entry("가람시", role="host")]}
    assert score(both, {"organisations": [entry("가람시", role="operator")]}, "organisation_role") == (0, 1, 1)


def test_what_a_fact_is_proved_by():
    text = "총사업비 90억 원"
    quote = {"start": 5, "end": 10, "quote": "90억 원"}
    for evidence, proved in (
        (quote, 1),
        ({"field": "agency", "quote": "가"}, 1),
        ({**quote, "start": 4}, 0),
        ({**quote, "quote": ""}, 0),
        (None, 0),
    ):
        table = compare({"x": {}}, {"x": {"text": text, "amounts": [{"krw": 1, "evidence": evidence}]}})
        assert (table.proved, table.facts) == (proved, 1)
    nested = {"text": text, "application": {"closes_at": {"value": "x", "evidence": quote}, "opens_at": None}}
    table = compare(
        {"x": {}}, {"x": {**nested, "contact": {"phones": [{"name": "1", "evidence": {**quote, "end": 9}}]}}}
    )
    assert (table.proved, table.facts) == (1, 2)


def test_differences_name_what_is_wrong_and_what_is_missed():
    label = {
        "amounts": [{"krw": 3}, {"krw": 5}],
        "kind": "article",
        "programmes": [entry("가람 AI 실증"), entry("한결 로봇 보급")],
    }
    record = {
        "amounts": [{"krw": 5}, {"krw": 7}],
        "kind": {"value": "other"},
        "programmes": [entry("가람 AI 실증"), entry("나래 드론 교육")],
    }
    assert differences(label, record, "amount") == (["7"], ["3"])
    assert differences(label, record, "kind") == (["other"], ["article"])
    assert differences(label, label, "kind") == ([], [])
    assert differences(label, record, "programme") == (["나래 드론 교육"], ["한결 로봇 보급"])
    with pytest.raises(GonggoError) as refused:
        differences(label, record, "period")
    message = str(refused.value)
    assert message.startswith("No list of misses for 'period'; there is one for kind, relevant, published_on, sido, ")
    assert message.endswith(", contact, programme and organisation.")


def test_differences_of_what_is_one_value_and_of_what_is_named():
    label = {"relevant": True, "organisations": [entry("가람시"), entry("나래대학교")]}
    record = {"relevant": {"value": False}, "organisations": [entry("나래대학교"), entry("한결연구원")]}
    assert differences(label, record, "relevant") == (["False"], ["True"])
    assert differences(label, {}, "relevant") == (["None"], ["True"])
    assert differences(label, label, "relevant") == ([], [])
    assert differences(label, record, "organisation") == (["한결연구원"], ["가람시"])
    label = {"amounts": [{"krw": 30}, {"krw": 4}, {"krw": 200}]}
    assert differences(label, {}, "amount") == ([], ["200", "30", "4"])


def test_a_name_inside_another_is_the_same_if_it_is_most_of_it():
    def same(short, long):
        return score({"organisations": [entry(long)]}, {"organisations": [entry(short)]}, "organisation")[0]

    assert same("가나다라마바", "가나다라마바사아자차") == 1  # six of ten
    assert same("가나다라마바", "가나다라마바사아자차카") == 0
    assert same("가나다라마", "가나다라마바사") == 1 and same("가나다라", "가나다라바사") == 1
    assert same("가나다", "가나다라마") == 0


def test_every_name_of_a_programme_is_compared_up_to_one():
    programme = from_json({"programmes": [entry("한결 로봇 보급", aliases=["가람 AI 바우처"])]}).programmes
    assert scoring.similarity_to("2026년 가람 AI 바우처 지원사업", programme) == 1.0
    assert 0.8 < scoring.similarity_to("가람 제조 AI 바우처", programme) < 1.0
    assert scoring.similarity_to("나래 드론 교육", programme) == 0.0
    assert scoring.similarity_to("나래 드론 교육", []) == 0.0


def test_a_mean_is_of_all_fields_and_where_nothing_is_to_be_found_nothing_is_missed():
    table = compare({"x": {"amounts": [{"krw": 1}]}}, {"x": {"amounts": [{"krw": 2}]}})
    assert [name for name, one in table.fields.items() if not one.f1] == ["amount", "amount_role"]
    assert table.overall == pytest.approx(1 - 2 / len(table.fields))
    empty = table.fields["metric"]
    assert (empty.precision, empty.recall, empty.f1) == (1.0, 1.0, 1.0)


def test_scores_are_those_of_information_retrieval():
    table = compare(
        {"x": {"amounts": [{"krw": 1}, {"krw": 2}, {"krw": 3}]}}, {"x": {"amounts": [{"krw": 1}, {"krw": 9}]}}
    )
    amount = table.fields["amount"]
    assert (amount.precision, amount.recall) == (1 / 2, 1 / 3)
    assert amount.f1 == pytest.approx(0.4)


PROGRAMME = {
    "name": "가람 AI 바우처 지원사업",
    "aliases": ["가람 바우처"],
    "parent": "가람 AI 전략",
    "outcome": "expanded",
}
SUM = {"krw": 5, "role": "local", "programme": "가람 AI 바우처 지원사업", "year": "2026", "part_of": 9}
COUNT = {"value": 7, "unit": "companies", "programme": None, "what": "supported", "state": "done", "per": "year"}
RATE = {"name": "AI 도입률", "value": 3, "unit": "%", "subject": "제조업", "year": "2025", "side": "indicator"}
BODY = {"name": "가람시", "role": "host", "programmes": ["가람 AI 바우처 지원사업"]}


@pytest.mark.parametrize(
    ("relation", "field", "label", "change", "expected"),
    [
        ("programme_parent", "programmes", PROGRAMME, {"parent": "2026년 가람 AI 전략"}, (1, 0, 0)),
        ("programme_parent", "programmes", PROGRAMME, {"parent": None}, (0, 0, 1)),
        ("programme_outcome", "programmes", PROGRAMME, {"outcome": "missed"}, (0, 1, 1)),
        ("amount_programme", "amounts", SUM, {"programme": "가람 바우처"}, (1, 0, 0)),
        ("amount_programme", "amounts", SUM, {"programme": "나래 드론 교육"}, (0, 1, 1)),
        ("amount_year", "amounts", SUM, {"year": "2027"}, (0, 1, 1)),
        ("amount_part", "amounts", SUM, {"part_of": None}, (0, 0, 1)),
        ("amount_part", "amounts", SUM, {"krw": 6}, (0, 0, 0)),
        ("quantity_programme", "quantities", COUNT, {}, (0, 0, 0)),
        ("quantity_programme", "quantities", COUNT, {"programme": "가람 바우처"}, (0, 1, 0)),
        ("quantity_what", "quantities", COUNT, {"what": "built"}, (0, 1, 1)),
        ("quantity_state", "quantities", COUNT, {"state": "planned"}, (0, 1, 1)),
        ("quantity_per", "quantities", COUNT, {"per": "award"}, (0, 1, 1)),
        ("metric_name", "metrics", RATE, {"name": "인공지능(AI) 도입률"}, (1, 0, 0)),
        ("metric_name", "metrics", RATE, {"name": "불량률"}, (0, 1, 1)),
        ("metric_subject", "metrics", RATE, {"subject": "국내 제조업"}, (1, 0, 0)),
        ("metric_year", "metrics", RATE, {"year": None}, (0, 0, 1)),
        ("metric_side", "metrics", RATE, {"side": "claim"}, (0, 1, 1)),
        ("metric_programme", "metrics", RATE, {"programme": "가람 바우처"}, (0, 1, 0)),
        ("organisation_programme", "organisations", BODY, {"programmes": ["가람 바우처"]}, (1, 0, 0)),
        ("organisation_programme", "organisations", BODY, {"programmes": ["나래 드론 교육"]}, (0, 1, 1)),
    ],
)
def test_a_relation_is_right_wrong_or_missed_over_the_facts_of_the_same_value(relation, field, label, change, expected):
    beside = {} if field == "programmes" else {"programmes": [PROGRAMME]}
    sides = (from_json({**beside, field: [entry]}) for entry in (label, label | change))
    score = relation_scoring.compare(*({"x": side} for side in sides))[relation]
    assert (score.right, score.wrong, score.missed) == expected


def test_of_figures_with_the_same_value_those_are_compared_that_fit_best():
    sums = [SUM, SUM | {"year": "2027", "part_of": None}]
    label, record = (from_json({"amounts": entries}) for entries in (sums, sums[::-1]))
    assert relation_scoring.differences(label, record, "amount_year") == ([], [])


def test_the_mean_leaves_out_relations_with_few_labelled_facts():
    few, many = scoring.Score(0, 0, relation_scoring.FEWEST - 1), scoring.Score(relation_scoring.FEWEST, 0, 0)
    assert relation_scoring.mean({"few": few, "many": many}) == 1.0
    assert relation_scoring.mean({"few": few}) is None
