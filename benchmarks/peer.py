"""The environments of the peers: packages that Gonggo is measured beside, never installed in its own."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def interpreter(*packages: str) -> Path:
    """The interpreter of an environment that has these packages, each given as ``name==version``."""
    name = "+".join(package.partition("==")[0] for package in packages)
    python = ROOT / "var" / "bench" / name / "bin" / "python"
    if not _has(python.parents[1], packages):
        uv = ROOT / ".uv" / "bin" / "uv"
        subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, python.parents[1]], check=True)
        subprocess.run([uv, "pip", "install", "--quiet", "--python", python, *packages], check=True)
    return python


def _has(environment: Path, packages: tuple[str, ...]) -> bool:
    """Whether the environment is there, with these versions: a version that is raised here is raised there too."""
    for package in packages:
        name, _, version = re.sub(r"\[.*?\]", "", package).partition("==")
        folder = f"{re.sub(r'[-_.]+', '_', name)}-{version}.dist-info"
        if not any(
            path.name.lower() == folder.lower() for path in environment.glob("lib/python*/site-packages/*.dist-info")
        ):
            return False
    return True
