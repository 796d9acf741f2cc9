"""A client made from the description of the API asks a site, as docs/connect.md writes it."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gonggo.web.site import create_site
from tests.connect.test_recipes import PAGE
from tests.connect.test_recipes import folder as folder
from tests.serving import serving_site
from tests.warehouse.batches import settings_at

PROGRAMS = Path(os.environ.get("GONGGO_CLIENT", ""))
SITE = "http://127.0.0.1:8090"


@pytest.fixture
def url(folder: Path) -> Iterator[str]:
    """The address of a site over the published data."""
    site = create_site(settings_at(folder / "var" / "demo"))
    with serving_site(site) as address:
        yield address


def test_a_generated_client_lists_calls_and_shows_one_with_its_words(url: str, tmp_path: Path) -> None:
    (command,) = re.findall(r"^    (openapi-python-client .*)$", PAGE, re.M)
    (recipe,) = re.findall(r"^```py\n(.*?)^```", PAGE, re.S | re.M)
    generated = subprocess.run(
        [PROGRAMS / "openapi-python-client", *command.replace(SITE, url).split()[1:]],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    # It says so where the description has something that it cannot make.
    assert generated.returncode == 0 and "Unsupported" not in generated.stdout and "ERROR" not in generated.stdout, (
        generated.stdout
    )
    (tmp_path / "recipe.py").write_text(recipe.replace(SITE, url), "utf-8")
    read = subprocess.run(
        [PROGRAMS / "python", "recipe.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "gonggo-client"), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert read.returncode == 0, read.stderr
    assert "경남 제조 AI 실증 공고" in read.stdout and "경남 제조 AI 도입 공고" in read.stdout
    assert read.stdout.count("\n") > 2, "one call has facts with words"
