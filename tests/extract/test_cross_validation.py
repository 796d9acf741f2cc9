"""``gonggo eval --cross-validate``: each document is read with models of other publishers' documents."""

import json

import pytest

from gonggo import cli
from gonggo.errors import GonggoError
from gonggo.extract import cross_validation, learning

TEXT = "창원시는 ‘{city} AI 물류 실증 사업’을 추진한다. 인공지능을 물류 현장에 넣는다. 물류 기업이 참여한다. "


def gold(folder, labels):
    for name in ("texts", "labels"):
        (folder / name).mkdir(parents=True)
    for id_, (city, extra) in labels.items():
        (folder / "texts" / f"{id_}.txt").write_text(TEXT.format(city=city) * 3, "utf-8")
        name = {"name": f"{city} AI 물류 실증 사업", "type": "demonstration", "status": "planned"}
        label = {"kind": "article", "relevant": True, "sectors": ["logistics"], "programmes": [name], **extra}
        (folder / "labels" / f"{id_}.json").write_text(json.dumps(label), "utf-8")
    return folder


@pytest.fixture
def folder(tmp_path):
    host = {"organisations": [{"name": "라온시", "role": "host"}]}
    labels = {
        "a": ("가람", {"source": "가람일보"}),
        "b": ("나루", {"source": "가람일보"}),
        "c": ("다솜", {"url": "https://dasom.example/1"}),
        "d": ("라온", host),
        "e": ("라온", host),
        "f": ("마루", {}),
    }
    return gold(tmp_path / "gold", labels)


def test_documents_of_one_publisher_are_in_one_fold(folder):
    groups = cross_validation._by_publisher([folder])
    assert sorted([document.id for document in group] for group in groups) == [["a", "b"], ["c"], ["d", "e"], ["f"]]
    folds = cross_validation.folds_of(groups, 3)
    assert sorted(sorted(document.id for document in fold) for fold in folds) == [["a", "b"], ["c", "f"], ["d", "e"]]


@pytest.mark.slow
def test_no_document_is_read_with_weights_that_were_fitted_to_it(folder, capsys, monkeypatch):
    fitted, read = [], []
    fit, extract = learning.fit_models, cross_validation.extract_file

    def fit_models(documents):
        models = fit(documents)
        fitted.append((models, {document.id for document in documents}))
        return models

    def extract_file(path, models):
        read.append((path.stem, next(ids for known, ids in fitted if known is models)))
        return extract(path, models)

    monkeypatch.setattr(learning, "fit_models", fit_models)
    monkeypatch.setattr(cross_validation, "extract_file", extract_file)
    assert cli.main(["eval", "--cross-validate", str(folder)]) == 0
    assert sorted(id_ for id_, _ in read) == list("abcdef")
    assert all(id_ not in ids for id_, ids in read)
    assert not any("b" in ids for id_, ids in read if id_ == "a")
    printed = capsys.readouterr().out
    assert "documents 6, facts that prove themselves" in printed
    assert printed.splitlines()[-1].startswith("overall F1 ")


def test_one_publisher_alone_cannot_be_cross_validated(tmp_path):
    alone = gold(tmp_path / "gold", {"a": ("가람", {"source": "x"}), "b": ("나루", {"source": "x"})})
    with pytest.raises(GonggoError, match="two or more"):
        cross_validation.run([alone], None)
