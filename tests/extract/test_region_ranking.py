"""Regions in prose: what speaks for each is weighed by a model that is learned from labels."""

import io
import json

import pytest

from gonggo.errors import DataFileError
from gonggo.extract import learning, linear, models, places, region_ranking, regions
from gonggo.extract.doc import Doc
from gonggo.extract.record_types import Programme

MODEL = models.shipped().regions
PRESS = """충남도, 인공지능으로 공장과 축사를 바꾼다
충남도는 올해 시군 네 곳에서 인공지능 사업을 벌인다고 밝혔다. 도와 시군이 예산을 나누어 댄다.
① 당진 제철 공정 AI 실증 : 설비 20대를 단다.
② 예산·홍성 AI 축사 관리 : 축사 40곳이 참여한다.
도 조사에서 인공지능을 쓰는 기업은 아산이 21.4%로 가장 많았고 서산이 3.2%로 가장 적었다.
설명회는 대전 컨벤션센터에서 열린 행사에 이어 다음 달 다시 연다. 경기도에 비해 늦었다는 지적도 있다."""


def names(text, programmes=(), kind="article", **fields):
    return {entry.name for entry in regions.find(Doc("x", text, fields), kind, [*programmes], MODEL)}


def test_places_of_programmes_are_distinguished_from_those_of_figures_events_and_comparisons():
    assert names(PRESS) == {"충남 당진시", "충남 예산군", "충남 홍성군"}


def test_evidence_is_the_first_mention():
    doc = Doc("x", PRESS)
    for entry in regions.find(doc, "article", [], MODEL):
        assert doc.text[entry.evidence.start : entry.evidence.end] == entry.evidence.quote != ""


def test_a_place_in_the_name_of_a_programme_speaks_for_it():
    text = "인공지능 사업 결산이 나왔다. " * 30 + "나루 사업은 순천 공장에서 멈췄다."
    doc = Doc("x", text)
    mentions = regions.mentions_in_prose(doc)
    named = region_ranking.features_of(doc, "article", mentions, [Programme(name="순천 나루 사업")])["전남 순천시"]
    bare = region_ranking.features_of(doc, "article", mentions, [])["전남 순천시"]
    assert named["in_names"] == 1.0 and MODEL.probability(named) > MODEL.probability(bare)


def test_what_a_list_says_of_the_region_is_taken_without_weighing():
    assert names("인공지능 사업을 알린다.", region="제주") == {"제주"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("예산·홍성 AI 축사", ["충남 예산군", "충남 홍성군"]),
        ("공주·부여·청양 세 곳", ["충남 공주시", "충남 부여군", "충남 청양군"]),
        ("교육 예산·홍보 계획", []),
        ("예산·부산 두 축", ["부산"]),
        ("예산, 홍성에 견줄", ["충남 홍성군"]),
    ],
)
def test_an_everyday_word_is_a_place_beside_its_neighbour(text, expected):
    assert [short for place in places.scan(text) for short in place.means] == expected


def test_features_are_those_of_the_model():
    doc = Doc("x", PRESS)
    for features in region_ranking.features_of(doc, "article", regions.mentions_in_prose(doc), []).values():
        assert set(features) == set(region_ranking.FEATURES)


@pytest.mark.slow
def test_regions_are_learned_from_labels_and_the_same_labels_give_the_same_weights(tmp_path):
    for folder in ("texts", "labels"):
        (tmp_path / folder).mkdir()
    (tmp_path / "texts" / "a.txt").write_text(PRESS, "utf-8")
    label = {"relevant": True, "regions": ["충남 당진시", "충남 예산군", "충남 홍성군"]}
    (tmp_path / "labels" / "a.json").write_text(json.dumps(label), "utf-8")
    texts = []
    for _ in range(2):
        out = io.StringIO()
        assert learning.run([tmp_path], out, subject="regions") == 0
        texts.append(out.getvalue())
    assert texts[0] == texts[1]
    learned = linear.Model.model_validate_json(texts[0])
    assert learned.documents == ["a"] and learned.weights["figure"] < 0 < learned.weights["begins_line"]


def test_a_file_of_other_features_is_refused(tmp_path):
    path = tmp_path / "regions.json"
    path.write_text(json.dumps({"threshold": 0.5, "weights": {"altitude": 1.0}, "documents": []}), "utf-8")
    with pytest.raises(DataFileError, match=r"regions\.json:1"):
        linear.load(path, region_ranking.FEATURES)
