"""Real documents: every one yields a record, and every fact proves itself."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GOLD = ROOT.parent / "shared" / "gold"

pytestmark = pytest.mark.skipif(not (GOLD / "score.py").exists(), reason="no labelled documents beside the checkout")


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    out = tmp_path_factory.mktemp("gold") / "records.jsonl"
    command = [sys.executable, "-m", "gonggo.cli", "extract", "--json", *sorted((GOLD / "dev" / "texts").glob("*.txt"))]
    with out.open("w", encoding="utf-8") as lines:
        env = {"PYTHONPATH": str(ROOT / "plugins"), "PYTHONUTF8": "1", "PATH": ""}
        subprocess.run(command, stdout=lines, check=True, timeout=300, env=env)
    return out


def test_the_scorer_runs_and_all_evidence_is_valid(records):
    command = [sys.executable, str(GOLD / "score.py"), str(GOLD / "dev" / "labels"), str(records)]
    table = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout
    assert "without a record 0" in table
    evidence = next(line for line in table.splitlines() if line.startswith("evidence"))
    found, share = evidence.split()[1], evidence.split()[-1]
    assert int(found.split("/")[1]) > 800
    assert share == "1.0000"
