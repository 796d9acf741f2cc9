"""The locked packages against a database of known vulnerabilities: one that nobody accepted fails.

    python tools/audit.py requirements.lock …

Where no database answers, one line says so, and nothing fails but what can be known without one.
"""

from __future__ import annotations

import argparse
import datetime
import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import requests
from pydantic import BaseModel, ConfigDict, Field

from gonggo.datafile import load_model
from gonggo.errors import DataFileError

# Not the package index, which may be a mirror that knows of no vulnerabilities.
DATABASE = "https://api.osv.dev/v1/query"
ACCEPTED = Path(__file__).parents[1] / "audit.yaml"
# A name that nobody resolves, or a proxy that says nothing, holds the check up no longer than this.
PATIENCE_SECONDS, AUDIT_SECONDS = 4.0, 300.0


class Acceptance(BaseModel):
    """One vulnerability that the project lives with for a while."""

    model_config = ConfigDict(extra="forbid")
    package: str = Field(pattern=r"^[a-z0-9-]+$")
    id: str = Field(min_length=5)
    reason: str = Field(min_length=20)
    until: datetime.date


class Accepted(BaseModel):
    """audit.yaml."""

    model_config = ConfigDict(extra="forbid")
    accepted: list[Acceptance]


def answers(database: str, patience: float) -> bool:
    """Whether there is a database that answers as one, within so many seconds."""
    told: list[bool] = []

    def ask() -> None:
        question = {"package": {"name": "pip", "ecosystem": "PyPI"}, "version": "1.0"}
        try:
            answer = requests.post(database, json=question, timeout=patience)
            told.append(answer.ok and isinstance(answer.json(), dict))
        except (requests.RequestException, ValueError):
            told.append(False)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(patience)
    return told == [True]


class AuditError(Exception):
    """pip-audit did not tell."""


def audit(database: str, lock: Path) -> list[dict[str, Any]]:
    """The packages of a lock with what is known against each.

    Errors:
        AuditError: pip-audit failed; its last line.
    """
    options = ["--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json", "--aliases", "on"]
    command = [sys.executable, "-m", "pip_audit", "--vulnerability-service", "osv", "--osv-url", database, *options]
    command += ["--requirement", str(lock)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=AUDIT_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise AuditError(f"{lock}: no end after {AUDIT_SECONDS:.0f} s") from error
    try:
        return list(json.loads(done.stdout)["dependencies"])
    except ValueError as error:
        raise AuditError(f"{lock}: {(done.stderr.strip().splitlines() or ['no answer'])[-1]}") from error


def audit_all(database: str, locks: list[Path]) -> list[dict[str, Any]]:
    """The packages of all locks, each version once. That two locks differ in one, pip-audit would take for a mistake.

    Errors:
        AuditError: pip-audit failed for one of them.
    """
    with ThreadPoolExecutor() as pool:
        found = [package for packages in pool.map(lambda lock: audit(database, lock), locks) for package in packages]
    return list({(package["name"], package.get("version")): package for package in found}.values())


def judge(packages: list[dict[str, Any]], accepted: list[Acceptance]) -> list[str]:
    """What is wrong: vulnerabilities that nobody accepted, acceptances of nothing."""
    wrong, met = [], set[tuple[str, str]]()
    for package in packages:
        for found in package.get("vulns", []):
            ids = [found["id"], *found["aliases"]]
            mine = {(one.package, one.id) for one in accepted if one.package == package["name"] and one.id in ids}
            met |= mine
            if not mine:
                fixed = ", ".join(found["fix_versions"]) or "no version yet"
                named = f"{package['name']} {package['version']}: {' = '.join(ids)}"
                wrong.append(f"{named}, fixed in {fixed}: {found['description'][:200]}")
    for one in accepted:
        if (one.package, one.id) not in met:
            wrong.append(f"{one.package}: {one.id} is accepted and no longer there; remove it")
    return wrong


def main() -> int:
    """The exit status."""
    parser = argparse.ArgumentParser()
    parser.add_argument("locks", nargs="+", type=Path)
    parser.add_argument("--osv-url", default=DATABASE)
    parser.add_argument("--patience", type=float, default=PATIENCE_SECONDS, help="seconds to wait for the database")
    parser.add_argument("--accepted", type=Path, default=ACCEPTED)
    asked = parser.parse_args()
    try:
        accepted = load_model(asked.accepted, Accepted).accepted
    except DataFileError as error:
        print(f"audit: {error}")
        return 1
    today = datetime.date.today()
    wrong = [f"{one.package}: {one.id} was accepted until {one.until}" for one in accepted if one.until < today]
    none = f"audit: no database of vulnerabilities answers at {asked.osv_url}; the packages were not audited"
    if answers(asked.osv_url, asked.patience):
        try:
            packages = audit_all(asked.osv_url, asked.locks)
            wrong += judge(packages, accepted)
            print(f"audit: {len(packages)} packages, {len(accepted)} vulnerabilities accepted")
        except AuditError as error:
            # A database that went away in the midst of the questions is none either.
            if answers(asked.osv_url, asked.patience):
                wrong.append(f"pip-audit failed: {error}")
            else:
                print(none)
    else:
        print(none)
    for line in wrong:
        print(f"audit: {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
