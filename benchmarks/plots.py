"""Plot the saved results as SVG files in docs/, with matplotlib in an environment of its own.

usage: plots.py [--to docs]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from measure import RESULTS
from peer import ROOT, interpreter

MATPLOTLIB = "matplotlib==3.10.7"


def main() -> int:
    """Draw the plots; return the exit status of drawing.py."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--to", type=Path, default=ROOT / "docs")
    args = parser.parse_args()
    script = Path(__file__).with_name("drawing.py")
    return subprocess.run([interpreter(MATPLOTLIB), script, RESULTS, args.to], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
