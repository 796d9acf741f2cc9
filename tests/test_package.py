"""The wheel in an environment of its own, without the checkout: what someone gets who runs `pip install gonggo`."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path

import pytest

from gonggo import pipeline
from gonggo.local_airflow.environment import free_port

ROOT = Path(__file__).parents[1]
CALL = """2026년 제조 AI 바우처 지원사업 참여기업 모집 공고

창원시 제조기업의 인공지능 도입을 지원하기 위하여 다음과 같이 공고합니다.

1. 지원대상: 창원시에 소재한 중소 제조기업
2. 지원금액: 기업당 최대 3천만원
3. 접수기간: 2026. 11. 23. ~ 2026. 12. 11. 18:00
4. 문의: 창원산업진흥원 055-000-1234
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("gonggo-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """An environment with the wheel and the packages that it asks for, in the versions of the lock file."""
    uv = ROOT / ".uv" / "bin" / "uv"
    if not uv.exists():
        pytest.skip("uv is not in .uv (`make setup` puts it there)")
    venv = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, venv], check=True)
    versions = venv.parent / "versions.txt"
    # Constraints carry no hashes.
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    versions.write_text("\n".join(line.removesuffix(" \\") for line in lines if line[:1].isalnum()), "utf-8")
    command = [uv, "pip", "install", "--quiet", "--python", venv / "bin" / "python", "--constraint", versions, wheel]
    subprocess.run(command, check=True, cwd=venv.parent)
    return venv


def run(installed, *arguments, **environ):
    """Run the command `gonggo` far from the checkout."""
    env = {"PATH": "/usr/bin:/bin", "HOME": str(installed.parent), "LANG": "C.UTF-8", **environ}
    command = [installed / "bin" / "gonggo", *arguments]
    return subprocess.run(command, env=env, cwd=installed.parent, capture_output=True, text=True, encoding="utf-8")


def test_the_wheel_holds_the_sql_and_the_data(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for folder in ("sql/schema/", "sql/marts/", "sql/reports/", "sources/sites/", "extract/lexicon/", "web/templates/"):
        assert any(name.startswith(f"gonggo/{folder}") for name in names), folder
    assert len([name for name in names if name.endswith(".sql")]) == len(list((ROOT / "sql").rglob("*.sql")))
    assert "gonggo_plugin.py" in names
    # Type checkers of other packages use the annotations of one that has this file.
    assert "gonggo/py.typed" in names
    assert not [name for name in names if name.startswith(("tests/", "demo/", "dags/", "plugins/", "sql/"))]


@pytest.mark.slow
def test_the_core_brings_no_airflow(installed):
    python = installed / "bin" / "python"
    imported = subprocess.run([python, "-c", "import airflow"], capture_output=True, text=True, cwd=installed.parent)
    assert "ModuleNotFoundError" in imported.stderr


def test_it_extracts_a_document(installed, tmp_path):
    path = tmp_path / "공고.txt"
    path.write_text(CALL, "utf-8")
    done = run(installed, "extract", "--json", str(path))
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert record["application"]["closes_at"]["value"].startswith("2026-12-11T18:00")
    assert [amount["krw"] for amount in record["amounts"]] == [30_000_000]


def test_it_names_a_first_command_that_there_is_without_a_checkout(installed, tmp_path):
    done = run(installed, "sql", "SELECT 1", GONGGO_HOME=str(tmp_path))
    assert done.returncode == 1
    assert "Run `gonggo collect`" in done.stderr and "make run" not in done.stderr


@pytest.mark.slow
def test_it_answers_from_a_published_file(installed, settings):
    pipeline.collect("btp", settings=settings)
    for step in (pipeline.load, pipeline.link, pipeline.build, pipeline.check, pipeline.publish):
        step(settings)
    home = installed.parent / "home"
    shutil.copytree(settings.snapshot.parent, home / "published", dirs_exist_ok=True)
    done = run(
        installed, "sql", "-f", "csv", "SELECT count(*) AS calls FROM current_announcement", GONGGO_HOME=str(home)
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[1]) > 0
    assert "공고" in _first_page(installed, home)


def _first_page(installed, home):
    port = free_port(8190)
    env = {**os.environ, "GONGGO_HOME": str(home), "PYTHONPATH": ""}
    command = [installed / "bin" / "gonggo", "web", "--port", str(port)]
    with subprocess.Popen(command, env=env, cwd=installed.parent, stdout=subprocess.DEVNULL) as web:
        try:
            return _when_it_answers(f"http://127.0.0.1:{port}/", web)
        finally:
            web.terminate()


def _when_it_answers(url, web):
    deadline = time.monotonic() + 120
    while web.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url) as answer:
                return answer.read().decode("utf-8")
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"gonggo web did not answer (status {web.poll()})")
