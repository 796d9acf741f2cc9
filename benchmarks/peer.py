"""The environment of the peers: packages that Gonggo is measured beside, never installed in its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def interpreter(package: str) -> Path:
    """The interpreter of an environment that has a package, given as ``name==version``."""
    python = ROOT / "var" / "bench" / package.partition("==")[0] / "bin" / "python"
    if not python.exists():
        uv = ROOT / ".uv" / "bin" / "uv"
        subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, python.parents[1]], check=True)
        subprocess.run([uv, "pip", "install", "--quiet", "--python", python, package], check=True)
    return python
