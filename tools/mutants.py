"""Change the code in small steps and check whether its tests notice.

    python tools/mutants.py [--only extract/money.py] [--sample 100] [--seed 7]

mutmut changes Python, but only inside functions: not the patterns and lists of a module. No tool does so for SQL, which
is changed by the rules below. Everything happens in copies under var/mutants. The output is the share of changes that
made a test fail, and a list of those that no test noticed.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).parents[1]
PACKAGE = Path("plugins/gonggo")
SCRATCH = ROOT / "var" / "mutants"
# Files to change → the tests that must notice. The first pattern that matches a file decides.
TARGETS = {
    "extract/**/*.py": ["tests/extract", "tests/sources/test_dates.py"],
    "sources/list_assertions.py": ["tests/sources/test_list_assertions.py"],
    "sql/link/correct*.sql": ["tests/warehouse/test_corrections.py"],
    "sql/link/before.sql": ["tests/warehouse/test_changes.py"],
    "sql/link/changes.sql": ["tests/warehouse/test_changes.py"],
    "sql/link/*.sql": ["tests/warehouse/test_link.py"],
}
# Folders that a copy needs in addition to the package.
FOLDERS = ("dags", "demo", "sql", "tests")
# Samples are the same every time, so that two rates can be compared. Another seed draws others: they judge tests that
# were written to catch the survivors of this one.
SEED = 20260101
# A change whose tests run so many times longer than those of the unchanged code counts as noticed.
TIMEOUT_TIMES = 6
NOTICED = {"killed", "timeout", "segfault", "caught by type check"}
PYTEST = ["-m", "not slow", "-p", "no:cacheprovider", "-p", "no:xdist"]


@dataclass(frozen=True)
class Mutant:
    """One change of one file: for SQL the file as changed, for Python the name that mutmut gives it."""

    file: str
    name: str
    text: str = ""


@dataclass
class Rate:
    """The number of changes of a file that the tests noticed, and descriptions of the others."""

    noticed: int = 0
    survivors: list[str] = field(default_factory=list)

    @property
    def tried(self) -> int:
        return self.noticed + len(self.survivors)


def files_of(pattern: str) -> list[str]:
    """Return the files that a pattern of TARGETS names, relative to the package, or to the checkout for ``sql/``."""
    base = ROOT if pattern.startswith("sql/") else ROOT / PACKAGE
    files = sorted(path.relative_to(base).as_posix() for path in base.glob(pattern))
    if not files:
        raise SystemExit(f"tools/mutants.py: {pattern} matches no file any more")
    return files


def choose_files(only: str | None) -> dict[str, list[str]]:
    """Return the files to change, each with its tests; ``only`` is a file, a folder or a pattern."""
    every = {name: tests for pattern, tests in reversed(TARGETS.items()) for name in files_of(pattern)}
    wanted = {
        name: tests
        for name, tests in every.items()
        if only is None or fnmatch.fnmatch(name, only) or name.startswith(only.rstrip("/") + "/")
    }
    if not wanted:
        raise SystemExit(f"{only} is none of: {', '.join(sorted(every))}")
    return dict(sorted(wanted.items()))


# --- Python, by mutmut


def prepare(folder: Path, python: list[str], tests: list[str]) -> None:
    """Make a checkout as mutmut wants it: the package under src/, and settings that name what is changed."""
    copy(folder, "src")
    # A list of JSON is one of TOML too.
    (folder / "pyproject.toml").write_text(
        "[tool.pytest.ini_options]\n"
        'pythonpath = ["src", "dags", "."]\n'
        'addopts = "--import-mode=importlib"\n'
        'markers = ["slow"]\n'
        "[tool.mutmut]\n"
        'source_paths = ["src/gonggo"]\n'
        f"only_mutate = {json.dumps([f'src/gonggo/{name}' for name in python])}\n"
        f"also_copy = {json.dumps([name for name in FOLDERS if name != 'tests'])}\n"
        f"pytest_add_cli_args = {json.dumps(PYTEST)}\n"
        f"pytest_add_cli_args_test_selection = {json.dumps(tests)}\n"
        # Each change begins from modules that were loaded and nothing more, so that no cache hides it.
        'process_isolation = "forkserver"\n'
        "use_git_change_detection = false\ntrack_dependencies = false\n",
        "utf-8",
    )


def copy(folder: Path, package_at: str, *, links: bool = False) -> None:
    """Copy what tests need, with the package in a folder of that name; ``links`` keeps links instead of their files."""
    shutil.rmtree(folder, ignore_errors=True)
    leave = shutil.ignore_patterns("__pycache__", "samples")
    shutil.copytree(ROOT / PACKAGE, folder / package_at / "gonggo", ignore=leave, symlinks=links)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=leave)


def python_mutants(folder: Path, python: list[str]) -> list[Mutant]:
    """Return the changes that mutmut can make of some files."""
    from mutmut.mutation.file_mutation import mutate_file_contents
    from mutmut.utils.format_utils import get_mutant_name

    os.chdir(folder)
    out = list[Mutant]()
    for name in python:
        path = Path("src/gonggo") / name
        names = mutate_file_contents(str(path), path.read_text("utf-8")).mutant_names
        out += [Mutant(name, get_mutant_name(path, one)) for one in names]
    return out


def try_python(folder: Path, mutants: list[Mutant], whole: bool) -> Iterator[tuple[Mutant, str]]:
    """Run the tests against each change; yield it with its status as mutmut calls it."""
    from mutmut.mutation.data import SourceFileMutationData
    from mutmut.stats import status_by_exit_code

    os.chdir(folder)
    names = [] if whole else [mutant.name for mutant in mutants]
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"PYTHONUTF8": "1"}
    with (folder / "mutmut.log").open("w", encoding="utf-8") as log:
        command = [sys.executable, "-m", "mutmut", "run", *names]
        if subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, env=env, check=False).returncode:  # noqa: S603
            raise SystemExit(f"mutmut failed: {folder / 'mutmut.log'}")
    codes = dict[str, int | None]()
    for name in {mutant.file for mutant in mutants}:
        data = SourceFileMutationData(path=Path("src/gonggo") / name)
        data.load()
        codes |= data.exit_code_by_key
    for mutant in mutants:
        yield mutant, status_by_exit_code[codes[mutant.name]]


def diff_of(mutant: Mutant) -> str:
    """Return the removed and added lines of a change of Python."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    lines = get_diff_for_mutant(mutant.name, path=Path("src/gonggo") / mutant.file).splitlines()
    return "\n".join(line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---"))


# --- SQL

# Pattern → replacement; None is calculated by ``_changed_sql``.
SQL_RULES = [
    (r"(?<![<>=!])=(?![=>])", "<>"),
    (r"<>", "="),
    (r">=", ">"),
    (r"<=", "<"),
    (r"(?<![<>-])>(?![>=])", ">="),
    (r"(?<![<])<(?![>=])", "<="),
    (r"\bAND\b", "OR"),
    (r"\bIS NOT NULL\b", "IS NULL"),
    (r"\bNOT IN\b", "IN"),
    (r"(?<!NOT )\bIN(?= \()", "NOT IN"),
    (r"\bLEFT JOIN\b", "JOIN"),
    (r"\bANTI JOIN\b", "SEMI JOIN"),
    (r"\b(?:count|list)\((?=DISTINCT )DISTINCT ", None),
    (r" DESC\b", " ASC"),
    (r"\bUNION ALL\b", "EXCEPT"),
    (r"\bmin(?=\()", "max"),
    (r"\bmax(?=\()", "min"),
    (r"\barg_max(?=\()", "arg_min"),
    (r"\bsum(?=\()", "max"),
    (r"\bcoalesce\((\w+(?:\.\w+)?), ", None),
    (r"(?<![\w.$])\d+(?:\.\d+)?(?![\w.])", None),
    (r"'[^']*'", None),
    (r"(?m)^(?:UPDATE|DELETE FROM) [^;]*;", ""),
]


def sql_mutants(name: str) -> Iterator[Mutant]:
    """Yield the changes of a file: another operator, constant, condition or join, or a statement removed."""
    text = (ROOT / name).read_text("utf-8")
    bare = re.sub(r"--[^\n]*", lambda comment: " " * len(comment.group()), text)
    for pattern, instead in SQL_RULES:
        for match in re.finditer(pattern, bare):
            old = match.group()
            in_string = bare.count("'", bare.rfind("\n", 0, match.start()) + 1, match.start()) % 2 == 1
            if in_string and not old.startswith("'"):
                continue
            new = _changed_sql(old) if instead is None else instead
            line = text.count("\n", 0, match.start()) + 1
            short = " ".join(old.split())[:60]
            yield Mutant(name, f"line {line}: {short!r} -> {new!r}", text[: match.start()] + new + text[match.end() :])


def _changed_sql(old: str) -> str:
    if old.startswith("'"):
        return "''" if len(old) > 2 else "'x'"
    if "DISTINCT " in old:
        return old.replace("DISTINCT ", "")
    if old.startswith("coalesce("):
        return "coalesce(NULL, "
    return str(float(old) + 1) if "." in old else str(int(old) + 1)


@dataclass(frozen=True)
class SqlTrials:
    """Copies of the checkout in which changes of SQL are tried, and how long their tests may run."""

    copies: Queue[Path]
    seconds: float


def prepare_sql(mutants: list[Mutant], tests: dict[str, list[str]], folder: Path) -> SqlTrials:
    """Make one copy of the checkout for each processor; check that the tests pass in it, and read the SQL files there.

    Raises:
        SystemExit: The tests fail before anything is changed, or do not notice a broken file.
    """
    copies = Queue[Path]()
    for number in range(os.cpu_count() or 1):
        copy(folder / str(number), PACKAGE.parent.name, links=True)
        (folder / str(number) / "pyproject.toml").write_text(
            '[tool.pytest.ini_options]\npythonpath = ["plugins", "dags", "."]\n'
            'addopts = "--import-mode=importlib"\nmarkers = ["slow"]\n'
        )
        copies.put(folder / str(number))
    unchanged = copies.get()
    started = time.monotonic()
    if code := run_tests(unchanged, sorted({test for mutant in mutants for test in tests[mutant.file]})):
        raise SystemExit(f"the tests fail ({code}) before anything is changed")
    seconds = TIMEOUT_TIMES * (time.monotonic() - started)
    file = unchanged / mutants[0].file
    file.write_text("no statement;", "utf-8")
    if run_tests(unchanged, tests[mutants[0].file]) == 0:
        raise SystemExit(f"the tests do not read {file}: changing it would have no effect")
    shutil.copy(ROOT / mutants[0].file, file)
    copies.put(unchanged)
    return SqlTrials(copies, seconds)


def try_sql(mutants: list[Mutant], tests: dict[str, list[str]], trials: SqlTrials) -> Iterator[tuple[Mutant, str]]:
    """Run the tests against each change, in as many copies at once as there are; yield it with its status."""

    def run(mutant: Mutant) -> tuple[Mutant, str]:
        checkout = trials.copies.get()
        try:
            (checkout / mutant.file).write_text(mutant.text, "utf-8")
            code = run_tests(checkout, tests[mutant.file], trials.seconds)
            shutil.copy(ROOT / mutant.file, checkout / mutant.file)
            return mutant, "survived" if code == 0 else "killed"
        finally:
            trials.copies.put(checkout)

    with ThreadPoolExecutor(trials.copies.qsize()) as pool:
        yield from pool.map(run, mutants)


def run_tests(checkout: Path, tests: list[str], seconds: float | None = None) -> int:
    """Run tests in a copy; return the status of pytest, or -1 after the time limit."""
    env = {**os.environ, "PYTHONPATH": f"{checkout / PACKAGE.parent}:{checkout}", "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-x", *PYTEST, *tests]
    try:
        done = subprocess.run(command, cwd=checkout, env=env, capture_output=True, timeout=seconds, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return -1
    return done.returncode


# --- both


def measure(only: str | None, sample: int | None, seed: int) -> dict[str, Rate]:
    """Try the changes of the chosen files; return the rate of each file."""
    tests = choose_files(only)
    python = [name for name in tests if name.endswith(".py")]
    paths = sorted({test for name in python for test in tests[name]})
    folder, mutants = SCRATCH / "python", list[Mutant]()
    SCRATCH.mkdir(parents=True, exist_ok=True)
    if python:
        prepare(folder, python, paths)
        mutants += python_mutants(folder, python)
    mutants += [mutant for name in tests if name.endswith(".sql") for mutant in sql_mutants(name)]
    drawn = mutants
    if sample is not None and sample < len(mutants):
        drawn = sorted(random.Random(seed).sample(mutants, sample), key=lambda one: (one.file, one.name))  # noqa: S311
    print(f"{len(drawn)} of {len(mutants)} changes in {len(tests)} files", flush=True)
    rates = dict[str, Rate]()
    of_python = [mutant for mutant in drawn if mutant.file.endswith(".py")]
    of_sql = [mutant for mutant in drawn if mutant.file.endswith(".sql")]
    # First, so that nothing is lost where the tests of SQL cannot be run.
    trials = prepare_sql(of_sql, tests, SCRATCH / "sql") if of_sql else None
    if of_python:
        whole = len(of_python) == sum(mutant.file.endswith(".py") for mutant in mutants)
        for mutant, status in try_python(folder, of_python, whole):
            note(rates, mutant, status, "" if status in NOTICED else f"\n{diff_of(mutant)}")
    for mutant, status in try_sql(of_sql, tests, trials) if trials else ():
        note(rates, mutant, status)
    return rates


def note(rates: dict[str, Rate], mutant: Mutant, status: str, detail: str = "") -> None:
    """Count a change; one that no test noticed is recorded with its description."""
    rate = rates.setdefault(mutant.file, Rate())
    if status in NOTICED:
        rate.noticed += 1
    else:
        rate.survivors.append(f"{mutant.file}: {mutant.name} ({status}){detail}")


def main() -> int:
    """Measure and print the rates; return 0 whatever they are."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", metavar="FILE", help="a file, a folder or a pattern: extract/money.py, sql/link")
    parser.add_argument("--sample", type=int, metavar="N", help="number of changes to try, drawn by the seed")
    parser.add_argument("--seed", type=int, metavar="N", default=SEED, help="another number draws another sample")
    arguments = parser.parse_args()
    rates = measure(arguments.only, arguments.sample, arguments.seed)
    survivors = SCRATCH / "survivors.txt"
    survivors.write_text("\n\n".join(one for rate in rates.values() for one in rate.survivors) + "\n", "utf-8")
    for name, rate in rates.items():
        print(f"{name:<32}{rate.noticed:6d} of {rate.tried:5d}  {rate.noticed / rate.tried:6.1%}")
    noticed, tried = sum(rate.noticed for rate in rates.values()), sum(rate.tried for rate in rates.values())
    print(f"{'all':<32}{noticed:6d} of {tried:5d}  {noticed / tried:6.1%} killed")
    print(f"changes that no test noticed: {survivors.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
