"""``kill -9`` at random moments of loading and publishing: is a batch ever lost, doubled or half visible?

usage: kills.py [--kills 100] [--seed N]
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

from peer import ROOT

from tests.warehouse.batches import settings_at
from tests.warehouse.kills import EACH, kill_and_look

LONGEST = 1.8


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    (ROOT / "var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "var") as folder:
        home = settings_at(Path(folder))
        staged, seen, told = kill_and_look(home, args.kills, LONGEST, random.Random(args.seed))  # noqa: S311
    wanted = (staged, staged * EACH, staged * EACH * 2)
    print(f"{args.kills} of {staged} runs were killed before they ended, after 0.2 to {LONGEST} s")
    print(f"seen half, doubled or outside the log: {len(seen)} {seen[:3] or ''}")
    print(f"batches, announcements, amounts at the end: {told}, wanted {wanted}")
    return 0 if not seen and told == wanted else 1


if __name__ == "__main__":
    sys.exit(main())
