"""``gonggo eval``: the product's own labelled documents, and what it says of labels that are wrong."""

import io
import json
from pathlib import Path

import pytest

from gonggo.errors import GonggoError
from gonggo.extract import evaluation, scoring
from gonggo.extract.record_types import from_json

ROOT = Path(__file__).parents[2]
OWN = ROOT / "tests" / "gold"
SHARED = ROOT.parent / "shared" / "gold"


def scores(folder):
    out = io.StringIO()
    status = evaluation.run(folder, out)
    rows = {line.split()[0]: line.split() for line in out.getvalue().splitlines()}
    return (
        status,
        {name: float(row[3]) for name, row in rows.items() if len(row) == 5 and row[3][0].isdigit()},
        out.getvalue(),
    )


def test_own_documents_are_read_well():
    status, result, text = scores(OWN)
    assert status == 0
    assert result["relevant"] == result["kind"] == result["amount"] == result["contact"] == 1.0
    assert float(text.rsplit(maxsplit=1)[-1]) >= 0.95


def test_a_wrong_label_shows_as_a_miss(tmp_path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "labels").mkdir()
    (tmp_path / "texts" / "a.txt").write_text(
        "경상남도는 인공지능 사업에 90억 원을 쓴다. AI 예산이다. 사업을 지원한다.", "utf-8"
    )
    label = {"kind": "article", "relevant": True, "amounts": [{"krw": 8_000_000_000, "role": "total"}]}
    (tmp_path / "labels" / "a.json").write_text(json.dumps(label), "utf-8")
    out = io.StringIO()
    evaluation.run(tmp_path, out, misses="amount")
    assert "a +9000000000 -8000000000" in out.getvalue()


def test_the_report_has_a_row_for_each_field_and_the_misses_that_are_asked_for():
    labels = {
        "a": {"relevant": True, "amounts": [{"krw": 1}, {"krw": 2}, {"krw": 3}], "kind": "article"},
        "b": {"relevant": False},
        "c": {"relevant": True, "amounts": [{"krw": 8}]},
    }
    quote = {"start": 0, "end": 2, "quote": "1원"}
    records = {
        "a": {"text": "1원", "amounts": [{"krw": 1, "evidence": quote}, {"krw": 9, "evidence": {**quote, "end": 1}}]},
        "b": {},
        "c": {"amounts": [{"krw": 8, "evidence": None}]},
    }
    out = io.StringIO()
    sides = ({id_: from_json(one) for id_, one in side.items()} for side in (labels, records))
    assert evaluation.report(*sides, out, misses="amount") == 1
    lines = out.getvalue().splitlines()
    assert lines[0] == "field                   P      R     F1  labels"
    assert "amount              0.667  0.500  0.571       4" in lines
    assert "kind                1.000  0.667  0.800       3" in lines
    assert [line for line in lines if line[:2] in ("a ", "b ", "c ")] == ["a +9 -2 -3"]
    assert "documents 3, facts that prove themselves 1 of 3" in lines
    assert lines[-1].startswith("overall F1 0.")


def test_relations_are_scored_over_the_labels_that_state_them(tmp_path):
    for folder in ("texts", "labels"):
        (tmp_path / folder).mkdir()
    text = "경상남도는 인공지능 ‘가람 AI 실증 사업’을 추진한다. 올해 90억 원을 투입한다."
    amount = {"krw": 9_000_000_000, "role": "total", "programme": "가람 AI 실증 사업", "year": "2030"}
    label = {"kind": "article", "relevant": True, "programmes": [{"name": "가람 AI 실증 사업"}], "amounts": [amount]}
    for id_, marks in (("a", {"relations": True}), ("b", {})):
        (tmp_path / "texts" / f"{id_}.txt").write_text(text, "utf-8")
        (tmp_path / "labels" / f"{id_}.json").write_text(json.dumps(label | marks), "utf-8")
    out = io.StringIO()
    evaluation.run(tmp_path, out, misses="amount_year")
    lines = out.getvalue().splitlines()
    assert "relations of 1 documents, over the facts that match by value" in lines
    assert "amount_programme          1.000  1.000  1.000       1" in lines
    assert [line for line in lines if line[:2] in ("a ", "b ")] == ["a -9000000000: 2030"]
    assert lines[-1].startswith("overall F1")


def test_a_label_without_its_document_is_named(tmp_path):
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "a.json").write_text("{}", "utf-8")
    with pytest.raises(GonggoError) as refused:
        evaluation.run(tmp_path, io.StringIO())
    assert str(refused.value) == "labels/a.json has no document texts/a.*; add it or take the label away."


def test_a_folder_without_labels_says_what_is_missing(tmp_path):
    with pytest.raises(GonggoError, match=r"labels holds no \*\.json"):
        evaluation.run(tmp_path, io.StringIO())


@pytest.mark.parametrize("label", ['{"amounts": [{"krw": "구십억"}]}', "[]", '{"regions": {}}'])
def test_a_label_of_another_shape_is_named(tmp_path, label):
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "a.json").write_text(label, "utf-8")
    with pytest.raises(GonggoError, match=r"a\.json: not a label"):
        evaluation.run(tmp_path, io.StringIO())


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="no labelled documents beside the checkout")
@pytest.mark.parametrize(
    ("folder", "overall", "goals"),
    [
        (
            "dev",
            0.92,
            {"relevant": 0.97, "kind": 0.97, "amount": 0.97, "amount_role": 0.88, "closes_at": 0.97, "sido": 0.95},
        ),
        (
            "field",
            0.82,
            {"relevant": 0.97, "kind": 0.95, "amount": 0.94, "amount_role": 0.84, "closes_at": 0.88, "sido": 0.74},
        ),
    ],
)
def test_real_documents_are_read_as_well_as_promised(folder, overall, goals):
    _, result, text = scores(SHARED / folder)
    assert float(text.rsplit(maxsplit=1)[-1]) >= overall
    goals |= {"programme": 0.7, "organisation": 0.88, "quantity": 0.8, "contact": 0.95}
    assert {name: result[name] for name, goal in goals.items() if result[name] < goal} == {}


def compare(label, record):
    return scoring.compare({"x": from_json(label)}, {"x": from_json(record)})


def test_a_name_is_the_same_with_other_dress():
    label = {"programmes": [{"name": "2026년 가람 AI 바우처 지원사업", "type": "adoption"}]}
    same = compare(label, {"programmes": [{"name": "「가람 AI 바우처」", "type": "adoption"}]})
    other = compare(label, {"programmes": [{"name": "한결 로봇 실증", "type": "adoption"}]})
    assert same.fields["programme"].f1 == 1.0
    assert other.fields["programme"].f1 == 0.0


def test_evidence_that_does_not_stand_there_is_counted():
    record = {
        "text": "90억 원",
        "amounts": [{"krw": 1, "role": "total", "evidence": {"start": 0, "end": 3, "quote": "80억"}}],
    }
    table = compare({}, record)
    assert (table.proved, table.facts) == (0, 1)
