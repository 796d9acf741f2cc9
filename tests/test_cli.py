"""The command line as a person meets it: help, errors in one line, a fast start."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from gonggo.cli import main
from gonggo.local_airflow.environment import free_port
from gonggo.progress import Progress
from tests.world import environment

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


def test_the_brief_of_a_region_that_is_none_names_those_there_are():
    for arguments, hint in (
        (("--region", "없는곳"), "경남"),
        (("--region", "경남", "--sector", "없는분야"), "manufacturing"),
        (("--sector", "제조"), "--region"),
    ):
        done = gonggo("report", *arguments)
        assert done.returncode == 2 and done.stderr.count("\n") == 1 and hint in done.stderr


def test_options_of_a_report_that_exclude_each_other_are_refused():
    for arguments, hint in (
        (("open_calls_by_closing", "--region", "부산"), "gonggo report open_calls_by_closing"),
        (("open_calls_by_closing", "--html"), "gonggo report open_calls_by_closing"),
        (("--region", "부산", "--html", "--markdown"), "not both"),
    ):
        done = gonggo("report", *arguments)
        assert done.returncode == 2 and done.stderr.count("\n") == 1 and hint in done.stderr


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


def test_sources_list_of_some_lists_those(tmp_path):
    listed = gonggo("sources", "list", "btp", GONGGO_HOME=str(tmp_path), GONGGO_SOURCES="demo").stdout
    assert [line.split()[0] for line in listed.splitlines()] == ["btp"]


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


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["replay", "nope"], 2, "did you mean"),
        (["collect", "jbbaa"], 2, "jbba"),
        (["collect", "btp", "--since", "3월"], 2, "2026-03-31"),
        (["sources", "show", "bpt"], 2, "btp"),
        (["web", "--port", "99999"], 2, "1 to 65535"),
        (["web", "--host", "203.0.113.7"], 2, "--host 127.0.0.1"),
        (["extract", ""], 2, "an empty name"),
        (["backup", ""], 2, "an empty name"),
        (["sources", "list", "bpt"], 2, "btp"),
        (["report", "open_calls"], 2, "open_calls_by_closing"),
        (["reprot"], 2, "did you mean report?"),
        (["marts", "--verfy"], 2, "did you mean --verify?"),
        (["sources", "lst"], 2, "did you mean list?"),
        (["report", "-f", "cvs"], 2, "did you mean csv?"),
        (["restore", "/no/such/dir"], 2, "`gonggo backup DIR` makes one"),
        (["backup"], 2, "GONGGO_BACKUP"),
        (["sql", "-o", "/no/such/dir/x.csv", "select 1"], 2, "/no/such/dir"),
    ],
)
def test_a_mistake_is_one_line_that_says_what_to_do(tmp_path, words, status, message):
    done = gonggo(*words, GONGGO_HOME=str(tmp_path), GONGGO_SOURCES="demo")
    assert done.returncode == status
    assert message in done.stderr and done.stderr.count("\n") == 1 and done.stdout == ""


def test_without_a_command_all_are_listed():
    done = gonggo()
    assert done.returncode == 2 and "Print the facts of files" in done.stderr


def test_a_site_without_data_is_told_at_the_start(tmp_path):
    port = free_port(8123)
    env = {**os.environ, "GONGGO_HOME": str(tmp_path), "GONGGO_SOURCES": "demo"}
    command = [sys.executable, "-m", "gonggo.cli", "web", "--port", str(port)]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as site:
        try:
            assert site.stdout and site.stderr and str(port) in site.stdout.readline()
            assert f"Nothing is published in {tmp_path}" in site.stderr.readline()
        finally:
            site.terminate()


def test_a_taken_port_is_reported_with_one_that_is_free(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = gonggo("web", "--port", str(port), GONGGO_HOME=str(tmp_path), GONGGO_SOURCES="demo")
    assert done.returncode == 2 and done.stdout == ""
    assert f"Port {port} is taken" in done.stderr and "gonggo web --port" in done.stderr


def test_a_home_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").write_text("x")
    done = gonggo("collect", "btp", GONGGO_HOME=str(tmp_path / "file" / "home"), GONGGO_SOURCES="demo")
    assert done.returncode == 1
    assert "GONGGO_HOME" in done.stderr.splitlines()[-1] and "Traceback" not in done.stderr


def test_alerts_without_rules_say_where_to_write_them(tmp_path):
    done = gonggo("alerts", GONGGO_HOME=str(tmp_path), GONGGO_SOURCES="demo")
    assert done.returncode == 0
    assert str(tmp_path / "alerts.yaml") in done.stdout and "docs/alerts.md" in done.stdout


def test_an_unknown_variable_and_an_unknown_source_are_named(tmp_path):
    done = gonggo("sources", "list", GONGGO_HOME=str(tmp_path), GONGGO_SOURCES="demo", GONGGO_CHUNKSIZE="3")
    assert done.returncode == 0 and "did you mean GONGGO_CHUNK_SIZE" in done.stderr
    done = gonggo("collect", GONGGO_HOME=str(tmp_path), GONGGO_SOURCES="foo")
    assert done.returncode == 1 and "'foo'; did you mean" in done.stderr


def test_extract_prints_facts_for_a_person(tmp_path):
    page = tmp_path / "공고.txt"
    page.write_text("2026년 경남 제조AI 실증 지원사업 모집 공고\n□ 지원규모 : 총사업비 12억 원\n", "utf-8")
    done = gonggo("extract", str(page), str(tmp_path / "없음.txt"))
    assert done.returncode == 1
    assert "krw 1,200,000,000" in done.stdout and "«12억 원»" in done.stdout
    assert done.stderr == f"gonggo: {tmp_path}/없음.txt: No such file or directory\n"


def test_the_doctor_tells_wrong_settings_and_keys_in_their_encoded_form(tmp_path):
    env = {"GONGGO_HOME": str(tmp_path), "GONGGO_SOURCES": "live", "GONGGO_CHUNK_SIZE": "abc", "GONGGO_CONTAKT": "x"}
    done = gonggo("doctor", DATA_GO_KR_API_KEY="abc%2Bdef%2Fgh%3D%3D", **env)
    assert done.returncode == 1
    for message in ("GONGGO_CHUNK_SIZE='abc'", "did you mean GONGGO_CONTACT", "DATA_GO_KR_API_KEY holds the form"):
        assert message in done.stdout
    assert "abc%2B" not in done.stdout


def test_the_doctor_says_that_a_former_name_works_and_which_values_stop_the_work(tmp_path):
    done = gonggo("doctor", "--json", GONGGO_HOME=str(tmp_path), GONGGO_NET="off", GONGGO_STORE="s3://bucket/gonggo")
    findings = {one["message"].split()[0]: one for one in json.loads(done.stdout) if "GONGGO_" in one["message"]}
    assert findings["GONGGO_NET"]["level"] == findings["GONGGO_STORE"]["level"] == "warn"
    assert findings["GONGGO_NET"]["fix"] == "set the variable by its present name"
    assert findings["GONGGO_OBJECT_STORE"]["level"] == "bad"
    assert findings["GONGGO_OBJECT_STORE"]["fix"].endswith("until then nothing runs")
    # The former names are told before the command runs, and once.
    assert done.stderr.count("GONGGO_NET is now") == 1


@pytest.mark.slow
def test_a_former_name_of_a_command_or_option_works_and_tells_the_present_one(tmp_path):
    home = {"GONGGO_HOME": str(tmp_path / "home"), "GONGGO_SOURCES": "demo"}
    done = gonggo("upkeep", **home)
    assert done.returncode == 0 and "upkeep is now maintenance" in done.stderr
    assert "cleanup" in done.stdout
    done = gonggo("collect", "--everything", "nobody", **home)
    assert done.returncode == 2 and "--everything is now --no-prefilter" in done.stderr


@pytest.mark.slow
def test_long_commands_say_what_they_are_doing(portal, tmp_path, monkeypatch, capsys):
    descriptions: list[str] = []
    monkeypatch.setattr(Progress, "step", lambda self, description: descriptions.append(description))
    for name, value in environment(tmp_path / "home", portal.url).items():
        monkeypatch.setenv(name, value)
    assert main(["collect", "btp"]) == 0
    assert main(["backup", str(tmp_path / "backup")]) == 0
    assert main(["replay"]) == 0
    monkeypatch.setenv("GONGGO_HOME", str(tmp_path / "restored"))
    assert main(["restore", str(tmp_path / "backup")]) == 0
    assert descriptions[:2] == ["collecting: btp, 1 of 1", "step load"] and descriptions.count("step export") == 3
    for what in ("copying: ", "reading the archive again: run 1 of 1, btp", "restoring: file 1 of "):
        assert any(line.startswith(what) for line in descriptions), what
