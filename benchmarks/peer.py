"""Create environments for the packages with which Gonggo is compared; its own never has them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def interpreter(*packages: str) -> Path:
    """Return the interpreter of an environment with packages given as ``name==version``; create it if necessary."""
    name = "+".join(package.partition("==")[0] for package in packages)
    python = ROOT / "var" / "bench" / name / "bin" / "python"
    if not _has(python.parents[1], packages):
        uv = ROOT / ".uv" / "bin" / "uv"
        subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, python.parents[1]], check=True)
        subprocess.run([uv, "pip", "install", "--quiet", "--python", python, *packages], check=True)
    return python


def _has(environment: Path, packages: tuple[str, ...]) -> bool:
    """Return whether the environment exists with exactly these versions."""
    for package in packages:
        name, _, version = re.sub(r"\[.*?\]", "", package).partition("==")
        folder = f"{re.sub(r'[-_.]+', '_', name)}-{version}.dist-info"
        if not any(
            path.name.lower() == folder.lower() for path in environment.glob("lib/python*/site-packages/*.dist-info")
        ):
            return False
    return True
