"""The command line as a person meets it: help, errors in one line, a fast start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def gonggo(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONUTF8": "1", **environ}
    return subprocess.run(
        [sys.executable, "-m", "gonggo.cli", *arguments], capture_output=True, text=True, env=env, timeout=60
    )


def test_help_names_every_command():
    done = gonggo("--help")
    assert done.returncode == 0
    for command in ("extract", "sql", "report", "sources", "collect", "publish", "replay"):
        assert command in done.stdout


def test_a_known_error_is_one_line_that_names_the_setting(tmp_path):
    done = gonggo("sql", "select 1", GONGGO_INBOX=str(tmp_path / "없는폴더"))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "GONGGO_INBOX" in done.stderr
    assert "없는폴더" in done.stderr


def test_sql_without_a_snapshot_says_what_to_do(tmp_path):
    done = gonggo("sql", "select 1", GONGGO_HOME=str(tmp_path))
    assert done.returncode == 1
    assert "make run" in done.stderr


def test_sources_list_says_which_key_is_missing(tmp_path):
    env = {"GONGGO_SOURCES": "live", "GONGGO_HOME": str(tmp_path), "DATA_GO_KR_API_KEY": ""}
    done = gonggo("sources", "list", **env)
    assert done.returncode == 0, done.stderr
    line = next(line for line in done.stdout.splitlines() if line.startswith("kstartup_api"))
    assert "DATA_GO_KR_API_KEY" in line


def test_extract_prints_a_record_with_evidence(tmp_path):
    page = tmp_path / "공고.txt"
    page.write_text(
        "2026년 경남 제조AI 실증 지원사업 참여기업 모집 공고\n"
        "□ 지원규모 : 총사업비 12억 원\n□ 접수기간 : 2026. 3. 4.(수) ~ 2026. 3. 20.(금) 18:00까지\n",
        "cp949",
    )
    done = gonggo("extract", "--json", str(page))
    assert done.returncode == 0, done.stderr
    import json

    record = json.loads(done.stdout)
    amount = next(a for a in record["amounts"] if a["krw"] == 1_200_000_000)
    place = amount["evidence"]
    assert record["text"][place["start"] : place["end"]] == place["quote"]
    assert record["application"]["closes_at"]["value"] == "2026-03-20T18:00"


@pytest.mark.parametrize("module", ["airflow", "duckdb", "bs4", "requests"])
def test_the_command_starts_without_heavy_imports(module):
    code = f"import sys; import gonggo.cli; sys.exit({module!r} in sys.modules)"
    env = {**os.environ}
    assert subprocess.run([sys.executable, "-c", code], env=env).returncode == 0
