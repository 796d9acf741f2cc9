"""Check the locked packages for known vulnerabilities; fail for each that has not been accepted.

    python tools/audit.py requirements.lock …

If the database does not answer, a line says so, and only checks that need no database can fail.
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

# The package index may be a mirror that has no data on vulnerabilities.
DATABASE = "https://api.osv.dev/v1/query"
ACCEPTED = Path(__file__).parents[1] / "audit.yaml"
# Limits for the first answer of the database (a proxy may never answer) and for one audit.
ANSWER_SECONDS, AUDIT_SECONDS = 4.0, 300.0


class Acceptance(BaseModel):
    """A vulnerability that is accepted until a day, for a reason."""

    model_config = ConfigDict(extra="forbid")
    package: str = Field(pattern=r"^[a-z0-9-]+$")
    id: str = Field(min_length=5)
    reason: str = Field(min_length=20)
    until: datetime.date


class Accepted(BaseModel):
    """The accepted vulnerabilities: the content of audit.yaml."""

    model_config = ConfigDict(extra="forbid")
    accepted: list[Acceptance]


def database_answers(database: str, seconds: float) -> bool:
    """Return whether a database of vulnerabilities answers within some seconds."""
    results: list[bool] = []

    def query() -> None:
        body = {"package": {"name": "pip", "ecosystem": "PyPI"}, "version": "1.0"}
        try:
            answer = requests.post(database, json=body, timeout=seconds)
            results.append(answer.ok and isinstance(answer.json(), dict))
        except (requests.RequestException, ValueError):
            results.append(False)

    thread = threading.Thread(target=query, daemon=True)
    thread.start()
    thread.join(seconds)
    return results == [True]


class AuditError(Exception):
    """Raised if pip-audit has no result."""


def audit(database: str, lock: Path) -> list[dict[str, Any]]:
    """Return the packages of a lock file with the vulnerabilities of each.

    Raises:
        AuditError: pip-audit failed; the message has its last line.
    """
    options = ["--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json", "--aliases", "on"]
    command = [sys.executable, "-m", "pip_audit", "--vulnerability-service", "osv", "--osv-url", database, *options]
    command += ["--requirement", str(lock)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=AUDIT_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise AuditError(f"{lock}: pip-audit did not end within {AUDIT_SECONDS:.0f} s") from error
    try:
        return list(json.loads(done.stdout)["dependencies"])
    except ValueError as error:
        raise AuditError(f"{lock}: {(done.stderr.strip().splitlines() or ['no output'])[-1]}") from error


def audit_all(database: str, locks: list[Path]) -> list[dict[str, Any]]:
    """Return the packages of all lock files, each version once.

    Each file is audited separately, because pip-audit refuses two versions of a package.

    Raises:
        AuditError: pip-audit failed for one of them.
    """
    with ThreadPoolExecutor() as pool:
        packages = [package for packages in pool.map(lambda lock: audit(database, lock), locks) for package in packages]
    return list({(package["name"], package.get("version")): package for package in packages}.values())


def find_problems(packages: list[dict[str, Any]], accepted: list[Acceptance]) -> list[str]:
    """Return a line for each vulnerability that is not accepted, and each acceptance that is no longer needed."""
    problems, used = [], set[tuple[str, str]]()
    for package in packages:
        for vulnerability in package.get("vulns", []):
            ids = [vulnerability["id"], *vulnerability["aliases"]]
            matching = {(one.package, one.id) for one in accepted if one.package == package["name"] and one.id in ids}
            used |= matching
            if not matching:
                fixed = ", ".join(vulnerability["fix_versions"]) or "no version yet"
                named = f"{package['name']} {package['version']}: {' = '.join(ids)}"
                problems.append(f"{named}, fixed in {fixed}: {vulnerability['description'][:200]}")
    for one in accepted:
        if (one.package, one.id) not in used:
            problems.append(f"{one.package}: {one.id} is accepted and no longer there; remove it")
    return problems


def main() -> int:
    """Audit the lock files and print the problems; return 1 if there are any."""
    parser = argparse.ArgumentParser()
    parser.add_argument("locks", nargs="+", type=Path)
    parser.add_argument("--osv-url", default=DATABASE)
    parser.add_argument("--answer-seconds", type=float, default=ANSWER_SECONDS, help="seconds to wait for the database")
    parser.add_argument("--accepted", type=Path, default=ACCEPTED)
    arguments = parser.parse_args()
    try:
        accepted = load_model(arguments.accepted, Accepted).accepted
    except DataFileError as error:
        print(f"audit: {error}")
        return 1
    today = datetime.date.today()
    wrong = [f"{one.package}: {one.id} was accepted until {one.until}" for one in accepted if one.until < today]
    none = f"audit: no database of vulnerabilities answers at {arguments.osv_url}; the packages were not audited"
    if database_answers(arguments.osv_url, arguments.answer_seconds):
        try:
            packages = audit_all(arguments.osv_url, arguments.locks)
            wrong += find_problems(packages, accepted)
            print(f"audit: {len(packages)} packages, {len(accepted)} vulnerabilities accepted")
        except AuditError as error:
            # The database may have stopped answering during the audit.
            if database_answers(arguments.osv_url, arguments.answer_seconds):
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
