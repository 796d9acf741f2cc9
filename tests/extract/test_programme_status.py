"""Type and status of programmes in prose: what tells them, and how the weights of a status are learned."""

import io
import json

import pytest

from gonggo.errors import DataFileError
from gonggo.extract import learning, linear, programme_status, programme_type, programmes
from gonggo.extract.doc import Doc, Span
from gonggo.extract.models import shipped


def entries(text, kind="article", **fields):
    return programmes.find(Doc("x", text, fields), kind, None, models=shipped())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("가람 AI 제품 우선구매제", "plan"),
        ("가람 AI 해양관측망", "infrastructure"),
        ("가람 AI 계약학과", "training"),
        ("가람 AI 공동연구 양해각서(MOU)", "agreement"),
        ("가람 AI 실증 마스터플랜", "plan"),
    ],
)
def test_the_end_of_a_name_tells_its_type(name, expected):
    assert entries(f"시는 ‘{name}’을 추진한다고 밝혔다. 인공지능 예산이다.")[0].type == expected


def test_no_type_is_given_where_nothing_tells_one():
    model = linear.Classifier(weights={"plan": {"always": -2.0}, "rnd": {"always": -3.0}}, documents=[])
    doc = Doc("x", "시는 ‘가람 AI 마루’를 연다고 밝혔다.")
    assert programme_type.find(doc, "article", Span(4, 12, "가람 AI 마루"), model) is None


def test_the_words_around_a_name_tell_its_type_whatever_it_ends_with():
    doc = "{}이 인공지능을 쓴다. 시는 ‘가람 AI 마루’에 {}고 밝혔다."
    taught = entries(doc.format("청년", "교육생 300명을 모집해 석 달 동안 가르치고 수료생의 취업을 돕는다"))
    tried = entries(doc.format("기업", "드론 4대를 띄워 시범 운영하며 산불 감지 정확도를 검증한다"))
    assert (taught[0].type, tried[0].type) == ("training", "demonstration")


def test_types_are_learned_from_labels_and_the_same_labels_give_the_same_weights(tmp_path):
    for name in ("texts", "labels"):
        (tmp_path / name).mkdir()
    for id_, words, type_ in (("a", "청년 40명을 가르친다", "training"), ("b", "기업에 보급한다", "adoption")):
        text = f"창원시는 ‘가람 AI 마루’를 열어 {words}. 인공지능 사업이다. 기업이 참여한다. "
        (tmp_path / "texts" / f"{id_}.txt").write_text(text * 3, "utf-8")
        label = {"relevant": True, "programmes": [{"name": "가람 AI 마루", "type": type_}]}
        (tmp_path / "labels" / f"{id_}.json").write_text(json.dumps(label), "utf-8")
    printed = [io.StringIO(), io.StringIO()]
    assert [learning.run([tmp_path], out, subject="types") for out in printed] == [0, 0]
    assert printed[0].getvalue() == printed[1].getvalue()
    model = linear.Classifier.model_validate_json(printed[0].getvalue())
    doc, name = Doc("x", "진주시는 ‘나루 AI 터’를 열어 노인 20명을 가르친다."), Span(6, 13, "나루 AI 터")
    assert programme_type.find(doc, "article", name, model) == "training"


def test_what_a_sentence_says_is_done_tells_the_type_of_a_name_that_does_not():
    assert entries("시는 ‘가람 AI 마루’를 열어 청년 40명을 가르친다고 밝혔다.")[0].type == "training"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("‘가람 AI 검사 실증’은 사업비가 반납되면서 지난해 중단됐고 결국 끝났다. 장비는 창고에 있다.", "ended"),
        ("‘가람 AI 검사 실증’은 기업 30곳이 매일 쓰고 있다. 시는 올해도 사업을 운영 중이다.", "ongoing"),
        ("시는 내년에 ‘가람 AI 검사 실증’을 새로 시작할 계획이다. 예산 20억 원을 들일 예정이다.", "planned"),
    ],
)
def test_words_around_a_name_tell_how_far_it_is(text, expected):
    assert entries(text, posted_on="2026-03-02")[0].status == expected


def test_the_period_of_a_programme_is_one_of_its_signs():
    doc = Doc("x", "‘가람 AI 실증’을 벌인다.", {"posted_on": "2026-03-02"})
    signs = programme_status.signs(doc, "article", Span(1, 9, "가람 AI 실증"), ("2022", "2025-06"))
    assert {"start_before", "end_before"} <= set(signs)
    assert set(signs) <= set(programme_status.features())


def gold(folder, statuses):
    for name in ("texts", "labels"):
        (folder / name).mkdir()
    for id_, (verb, status) in statuses.items():
        text = f"창원시는 ‘가람 AI 실증 사업’을 {verb}. 인공지능을 공장에 넣는 사업이다. 기업이 참여한다. "
        (folder / "texts" / f"{id_}.txt").write_text(text * 3, "utf-8")
        label = {"relevant": True, "programmes": [{"name": "가람 AI 실증 사업", "status": status}]}
        (folder / "labels" / f"{id_}.json").write_text(json.dumps(label), "utf-8")
    return folder


def learned(folder):
    out = io.StringIO()
    assert learning.run([folder], out, subject="statuses") == 0
    return out.getvalue()


def test_statuses_are_learned_from_labels_and_the_same_labels_give_the_same_weights(tmp_path):
    folder = gold(tmp_path, {"a": ("내년에 추진할 계획이다", "planned"), "b": ("지난해 중단했다", "ended")})
    text = learned(folder)
    assert text == learned(folder)
    model = linear.Classifier.model_validate_json(text)
    assert sorted(model.weights) == ["ended", "planned"]
    doc = Doc("x", "진주시는 ‘나루 AI 실증’을 지난해 중단했다.")
    name = Span(6, 14, "나루 AI 실증")
    assert programme_status.find(doc, "article", name, (None, None), model) == "ended"


def test_weights_of_an_unknown_status_are_refused_with_the_name_of_the_file(tmp_path):
    path = tmp_path / "statuses.json"
    path.write_text(json.dumps({"weights": {"asleep": {}}, "documents": []}), "utf-8")
    with pytest.raises(DataFileError, match=r"statuses\.json:1: weights for 'asleep'"):
        linear.load_classifier(path, programme_status.STATUSES, programme_status.features())
