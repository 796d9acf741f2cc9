"""Plots of the kept results, as SVG in docs/, drawn by matplotlib in an environment of its own.

usage: plots.py [--to docs]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from measure import RESULTS
from peer import ROOT, interpreter

PEER = "matplotlib==3.10.7"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--to", type=Path, default=ROOT / "docs")
    args = parser.parse_args()
    script = Path(__file__).with_name("drawing.py")
    return subprocess.run([interpreter(PEER), script, RESULTS, args.to], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
