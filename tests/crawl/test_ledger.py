"""What the crawl remembers of a source, opened by several runs at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from gonggo.crawl.ledger import Ledger

RUNS = 6


def test_runs_that_begin_at_once_open_a_new_ledger_together(tmp_path):
    together = Barrier(RUNS)

    def begin(name):
        together.wait()
        return Ledger(tmp_path, name).known()

    with ThreadPoolExecutor(RUNS) as runs:
        for number in range(12):
            assert list(runs.map(begin, [f"site{number}"] * RUNS)) == [{}] * RUNS
