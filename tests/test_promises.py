"""What SECURITY.md promises: each line names a test, and each test that it names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
GUARDED = (
    (TESTS.parent / "SECURITY.md").read_text("utf-8").partition("## Protections")[2].partition("## Known limits")[0]
)
LINES = [
    [cell.strip() for cell in line.strip("| \n").split(" | ")]
    for line in GUARDED.split("\n")
    if line.startswith("|") and not re.match(r"\|(-|\s*threat \|)", line)
]


def test_there_are_promises() -> None:
    assert len(LINES) > 30 and all(len(line) == 3 for line in LINES)
    # Nothing is promised outside of the tables.
    outside = [line for line in GUARDED.split("\n") if line and not line.startswith(("|", "#"))]
    assert not [line for line in outside if line.startswith("-")] and len(outside) <= 5


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[0][:60])
def test_a_promise_names_tests_that_are_there(line: list[str]) -> None:
    named = re.findall(r"`([^`]+)`", line[2])
    assert named
    for one in named:
        path, _, function = one.partition("::")
        assert function, f"{one}: say which test of the file shows it"
        assert re.search(rf"^(async )?def {re.escape(function)}\(", (TESTS / path).read_text("utf-8"), re.M), one
