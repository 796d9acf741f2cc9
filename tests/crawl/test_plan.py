"""How a pass is cut into chunks."""

import pytest

from gonggo.crawl.plan import MAX_CHUNK_SIZE, Plan
from gonggo.model import Listed


@pytest.mark.parametrize(
    ("rows", "pause", "largest", "chunks"),
    [
        (0, 1.5, 0, 0),
        (25, 1.5, 25, 1),
        (26, 1.5, 25, 2),
        (1000, 1.5, 125, 8),
        (5000, 1.5, 300, 17),
        (5000, 0.0, 625, 8),
        (50_000, 0.0, MAX_CHUNK_SIZE, 50),
        (1000, 60.0, 25, 40),
    ],
)
def test_chunks_are_few_but_none_pauses_long_or_holds_many(rows, pause, largest, chunks):
    plan = Plan([(Listed("btp", str(number), "", "https://example.org"), "likely") for number in range(rows)])
    chunk_numbers = [row.chunk for row in plan.rows(25, pause)]
    assert max((chunk_numbers.count(chunk) for chunk in set(chunk_numbers)), default=0) == largest
    assert sorted(set(chunk_numbers)) == list(range(1, chunks + 1))
