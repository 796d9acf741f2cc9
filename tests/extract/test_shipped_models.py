"""The shipped weights are those that ``gonggo learn`` makes from the labelled documents, bit for bit."""

from pathlib import Path

import pytest

from gonggo.cli import main
from gonggo.extract import lexicons

ROOT = Path(__file__).parents[2]
LEXICON = Path(lexicons.__file__).parent / "lexicon"
# Press texts of this project, whose labels say which programmes they name and how far these are.
PRESS = Path(__file__).parent / "press"
# What became of programmes: follow-ups, audits, columns; also of this project.
REPORTS = Path(__file__).parent / "reports"
# Notices, press texts and surveys whose authors did not know the rules; also of this project.
DOCUMENTS = Path(__file__).parent / "documents"
# What is done with what prose counts; also of this project.
FIGURES = Path(__file__).parent / "figures"
GOLD = [ROOT.parent / "shared" / "gold" / name for name in ("dev", "field")]


@pytest.mark.slow
@pytest.mark.skipif(not all(folder.is_dir() for folder in GOLD), reason="the labelled documents are not there")
@pytest.mark.parametrize(
    "model", ["sectors", "regions", "programmes", "statuses", "types", "counts", "rates", "sections"]
)
def test_the_shipped_weights_are_learned_from_the_labels(model, capsys):
    labels = (
        ["--sections", str(Path(__file__).parent / "section_labels")] if model == "sections" else ["--model", model]
    )
    more = {
        "programmes": [PRESS, DOCUMENTS],
        "statuses": [PRESS, REPORTS],
        "types": [PRESS, REPORTS, DOCUMENTS],
        "counts": [FIGURES, DOCUMENTS],
        "rates": [DOCUMENTS],
    }
    folders = [*GOLD, *more.get(model, [])]
    assert main(["learn", *labels, *map(str, folders)]) == 0
    assert capsys.readouterr().out == (LEXICON / f"{model}.json").read_text("utf-8")
