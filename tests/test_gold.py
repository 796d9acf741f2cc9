"""Real documents: the scorer beside them and `gonggo eval` say the same."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

from gonggo.extract import evaluation

ROOT = Path(__file__).parents[1]
GOLD = ROOT.parent / "shared" / "gold"

pytestmark = pytest.mark.skipif(not (GOLD / "score.py").exists(), reason="no labelled documents beside the checkout")


@pytest.mark.slow
def test_both_scorers_agree_and_all_evidence_is_valid(tmp_path):
    records = tmp_path / "records.jsonl"
    command = [sys.executable, "-m", "gonggo.cli", "extract", "--json", *sorted((GOLD / "dev" / "texts").glob("*.txt"))]
    with records.open("w", encoding="utf-8") as lines:
        env = {"PYTHONUTF8": "1", "PATH": ""}
        subprocess.run(command, stdout=lines, check=True, timeout=300, env=env)
    command = [sys.executable, str(GOLD / "score.py"), str(GOLD / "dev" / "labels"), str(records)]
    theirs = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout
    ours = io.StringIO()
    evaluation.run(GOLD / "dev", ours)
    assert "without a record 0" in theirs
    assert "= 1.0000" in theirs
    assert theirs.splitlines()[-1] == ours.getvalue().splitlines()[-1]
