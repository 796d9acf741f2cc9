"""The executor of ``make run``: the processes of its tasks have the library, which takes longer to load than most run."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
SHOW = """
import sys
from airflow.executors.local_executor import LocalExecutor
from gonggo_executor import PreloadedLocalExecutor
def at_fork(self):
    print("loaded", *sorted({"duckdb", "gonggo.pipeline", "gonggo.extract.record"} & set(sys.modules)))
LocalExecutor.start = at_fork
executor = PreloadedLocalExecutor(parallelism=1)
executor.is_mp_using_fork = sys.argv[1] == "fork"
executor.start()
"""


def start(home: Path, how: str, before: str = "") -> str:
    """Start the executor in a process of its own; return what it has loaded when it forks, and its warnings."""
    command = [sys.executable, "-c", before + SHOW, how]
    result = subprocess.run(
        command, env={"AIRFLOW_HOME": str(home), "PATH": ""}, capture_output=True, text=True, check=True
    )
    return result.stdout + result.stderr


def test_tasks_find_the_library_loaded_where_they_are_forked(tmp_path: Path):
    assert "loaded duckdb gonggo.extract.record gonggo.pipeline\n" in start(tmp_path, "fork")
    assert "loaded\n" in start(tmp_path, "spawn")


def test_a_word_list_that_cannot_be_read_leaves_the_tasks_to_report_it(tmp_path: Path):
    broken = "from pathlib import Path\nfrom gonggo.extract import lexicons\nlexicons.FOLDER = Path('/nowhere')\n"
    output = start(tmp_path, "fork", broken)
    assert "loaded duckdb" in output
    assert "the library is not loaded before the tasks" in output
