"""Invalid settings are reported, and replaced by the default where that is safe; DAGs stay, without tracebacks."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from gonggo.errors import SettingsError
from gonggo.settings import (
    FORMER_NAMES,
    VARIABLES,
    load_settings,
    parsing_settings,
    read_settings,
    setting_problems,
    working_settings,
)
from gonggo.sources import catalogue
from gonggo.sources.catalogue import active_sites, load_catalogue

ROOT = Path(__file__).parents[1]
LIVE = {"GONGGO_SOURCES": "live"}
WRONG = {
    "GONGGO_CHUNK_SIZE": ("abc", "0", "-1", "²", "9" * 5000, "1e3"),
    "GONGGO_DAYS_BACK": ("99999999", "1.5"),
    "GONGGO_PREFILTER": ("maybe",),
    "GONGGO_DISK_BUDGET": ("nan", "inf", "much", "-1"),
    "GONGGO_OCR": ("no-such-program", '"', "'x"),
    "GONGGO_ALERT_RECIPIENTS": ("chat",),
    "GONGGO_INBOX": ("/no/such/folder", "x" * 5000),
    "REQUESTS_CA_BUNDLE": ("/no/such/file.pem", "x" * 5000),
    "GONGGO_LOADERS": ("1000000000",),
    "GONGGO_KEEP_BACKUPS": ("many",),
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_wrong_value_is_reported_by_name_and_its_default_serves(name, value):
    env = {**LIVE, name: value, "GONGGO_OBJECT_STORE": "s3://b/x", "GONGGO_POSTGRES_URL": "postgresql://h/d"}
    with pytest.raises(SettingsError, match=name):
        load_settings(env)
    assert any(name in problem for problem in setting_problems(env))
    served, plain = working_settings(env), working_settings({key: env[key] for key in env if key != name})
    for field in (
        "chunk_size",
        "days_back",
        "prefilter",
        "disk_budget",
        "ocr",
        "ca_bundle",
        "alert_recipients",
        "loaders",
        "keep_backups",
    ):
        assert getattr(served, field) == getattr(plain, field)


@pytest.mark.parametrize(
    "env",
    [
        {"GONGGO_SOURCES": "foo"},
        {**LIVE, "GONGGO_OBJECT_STORE": "s3://b"},
        {**LIVE, "GONGGO_POSTGRES_URL": "mysql://u:geheim@h/d"},
    ],
)
def test_what_says_where_data_are_or_what_to_collect_stops_the_work_and_leaves_the_dags(env):
    with pytest.raises(SettingsError) as raised:
        working_settings(env)
    assert "geheim" not in str(raised.value)
    keys = {"DATA_GO_KR_API_KEY": "x"}
    assert active_sites(parsing_settings({**env, **keys})) == active_sites(parsing_settings({**LIVE, **keys}))


@profile(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(sorted(VARIABLES)), st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=40)
    )
)
def test_no_value_keeps_the_dags_from_being_there(env):
    settings, _ = read_settings(env)
    assert settings.chunk_size >= 1 and 1 <= settings.loaders <= 64


def test_sources_that_are_not_there_are_named_with_the_nearest():
    with pytest.raises(SettingsError, match=r"no source 'jbbaa'; did you mean jbba"):
        load_settings({"GONGGO_SOURCES": "demo,jbbaa"})
    with pytest.raises(SettingsError, match=r"no source 'foo'; did you mean \w+ or"):
        load_settings({"GONGGO_SOURCES": "foo"})
    with pytest.raises(SettingsError, match="demo must come first"):
        load_settings({"GONGGO_SOURCES": "btp,demo"})
    assert working_settings({"GONGGO_SOURCES": "live,btp,foo"}).only == ("btp",)


def test_an_unknown_variable_is_reported_with_the_nearest():
    problems = setting_problems({**LIVE, "GONGGO_CHUNKSIZE": "5", "HOME": "/x"})
    assert len(problems) == 1 and "did you mean GONGGO_CHUNK_SIZE" in problems[0]


def test_a_variable_that_resembles_a_setting_only_by_the_prefix_gets_no_suggestion():
    assert setting_problems({**LIVE, "GONGGO_FOO": "1"}) == ["GONGGO_FOO is no setting and has no effect."]


def test_tasks_log_a_variable_that_has_no_effect(monkeypatch, caplog):
    monkeypatch.setenv("GONGGO_PREFILTR", "off")
    working_settings({**LIVE, "GONGGO_CHUNK_SIZE": "for this test"})
    assert "GONGGO_PREFILTR is no setting and has no effect; did you mean GONGGO_PREFILTER?" in caplog.text


@pytest.mark.parametrize(
    ("former", "name", "value", "field", "read"),
    [
        ("GONGGO_NET", "GONGGO_PREFILTER", "off", "prefilter", False),
        ("GONGGO_REVISIT_DAYS", "GONGGO_RECRAWL_DAYS", "9", "recrawl_days", 9),
        ("GONGGO_OPERATORS", "GONGGO_ALERT_RECIPIENTS", "webhook:chat", "alert_recipients", (("webhook", "chat"),)),
    ],
)
def test_a_former_name_is_read_for_one_version_and_reported(former, name, value, field, read):
    assert getattr(load_settings({**LIVE, former: value}), field) == read
    (problem,) = setting_problems({**LIVE, former: value})
    assert former in problem and f"is now {name}" in problem
    assert setting_problems({**LIVE, name: value}) == []


def test_every_variable_that_is_spoken_of_is_known():
    texts = [*ROOT.glob("plugins/**/*.py"), *ROOT.glob("dags/*.py"), *ROOT.glob("docs/*.md"), *ROOT.glob("*.md")]
    texts += [ROOT / "docker-compose.yml", ROOT / "Makefile", ROOT / "docker" / "example.env"]
    spoken = {name for path in texts for name in re.findall(r"GONGGO_[A-Z_]*[A-Z]", path.read_text("utf-8"))}
    assert spoken <= VARIABLES | set(FORMER_NAMES.values())


def test_the_file_of_one_site_that_is_wrong_costs_no_other(tmp_path, monkeypatch):
    folder = tmp_path / "sites"
    folder.mkdir()
    for name in ("btp", "gtp"):
        (folder / f"{name}.yaml").write_text((catalogue.SITES / f"{name}.yaml").read_text("utf-8"), "utf-8")
    (folder / "gtp.yaml").write_text("name: [\n", "utf-8")
    (folder / "böse.yaml").write_bytes(b"name: \x00\x01")
    assert list(load_catalogue(folder)) == ["btp"]
    errors = catalogue.broken_sites(folder)
    assert len(errors) == 2 and any("gtp.yaml:" in line for line in errors)


@pytest.mark.slow
@pytest.mark.parametrize(
    "wrong", [{"GONGGO_CHUNK_SIZE": "abc"}, {"GONGGO_SOURCES": "foo"}, {"GONGGO_OBJECT_STORE": "x"}]
)
def test_dags_are_there_whatever_a_setting_holds(tmp_path, wrong):
    code = (
        "import sys; from airflow.dag_processing.dagbag import DagBag; bag = DagBag(sys.argv[1]); "
        "print('RESULT', len(bag.import_errors), *sorted(bag.dags))"
    )
    env = {name: value for name, value in os.environ.items() if not name.startswith("GONGGO_")}
    env |= {"AIRFLOW_HOME": str(tmp_path), "AIRFLOW__CORE__LOAD_EXAMPLES": "False"}
    env |= {"GONGGO_SOURCES": "live", **wrong}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, str(ROOT / "dags")], env=env, capture_output=True, text=True
    )
    assert "RESULT 0 " in done.stdout, done.stderr
    assert {"collect_btp", "collect_jbba", "warehouse", "notify", "maintenance"} <= set(done.stdout.split())
    assert next(iter(wrong)) in done.stdout + done.stderr
