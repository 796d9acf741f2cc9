"""Change the code one small step at a time, and see whether the tests beside it notice.

    python tools/mutants.py [--only extract/money.py] [--sample 100]

Python is changed by mutmut, inside functions; SQL by the few rules below, since no tool does it. Everything happens in
copies under var/mutants. Prints the share of changes that made a test fail, and lists those that none did.

Patterns and lists that are made when a module is loaded are not changed: mutmut changes functions alone.
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
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).parents[1]
PACKAGE = Path("plugins/gonggo")
SCRATCH = ROOT / "var" / "mutants"
# What is changed, and the tests that have to notice. The first pattern that a file fits is its own.
TARGETS = {
    "extract/*.py": ["tests/extract", "tests/sources/test_dates.py"],
    "sources/list_assertions.py": ["tests/sources/test_list_assertions.py"],
    "sql/link/*.sql": ["tests/warehouse/test_link.py"],
}
# What a copy needs beside the package.
BESIDE = ("dags", "demo", "sql", "tests")
# Samples are the same every time, so that two rates can be compared.
SEED = 20260101
# No change may make tests run for longer than this.
LONGEST_SECONDS = 120
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
    """How many changes of a file the tests noticed, and what the others were."""

    noticed: int = 0
    survivors: list[str] = field(default_factory=list)

    @property
    def tried(self) -> int:
        return self.noticed + len(self.survivors)


def files_of(pattern: str) -> list[str]:
    """Return the files that a pattern of TARGETS names, relative to the package, or to the checkout for ``sql/``."""
    base = ROOT if pattern.startswith("sql/") else ROOT / PACKAGE
    found = sorted(path.relative_to(base).as_posix() for path in base.glob(pattern))
    if not found:
        raise SystemExit(f"tools/mutants.py: {pattern} names no file any more")
    return found


def chosen(only: str | None) -> dict[str, list[str]]:
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
        f"also_copy = {json.dumps([name for name in BESIDE if name != 'tests'])}\n"
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
    for name in BESIDE:
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
    """Run the tests against each change; yields what became of it, in mutmut's words."""
    from mutmut.mutation.data import SourceFileMutationData
    from mutmut.stats import status_by_exit_code

    os.chdir(folder)
    names = [] if whole else [mutant.name for mutant in mutants]
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"PYTHONUTF8": "1"}
    with (folder / "mutmut.log").open("w", encoding="utf-8") as log:
        command = [sys.executable, "-m", "mutmut", "run", *names]
        if subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, env=env, check=False).returncode:  # noqa: S603
            raise SystemExit(f"mutmut did not get to its end: {folder / 'mutmut.log'}")
    codes = dict[str, int | None]()
    for name in {mutant.file for mutant in mutants}:
        data = SourceFileMutationData(path=Path("src/gonggo") / name)
        data.load()
        codes |= data.exit_code_by_key
    for mutant in mutants:
        yield mutant, status_by_exit_code[codes[mutant.name]]


def shown(mutant: Mutant) -> str:
    """Return what a change of Python takes away and what it puts there."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    lines = get_diff_for_mutant(mutant.name, path=Path("src/gonggo") / mutant.file).splitlines()
    return "\n".join(line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---"))


# --- SQL

# One change each: what is looked for, and what stands there instead.
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
    """Yield each statement's changes: an operator, a constant, a condition, a join, or a whole statement less."""
    text = (ROOT / name).read_text("utf-8")
    bare = re.sub(r"--[^\n]*", lambda comment: " " * len(comment.group()), text)
    for pattern, instead in SQL_RULES:
        for found in re.finditer(pattern, bare):
            old = found.group()
            in_string = bare.count("'", bare.rfind("\n", 0, found.start()) + 1, found.start()) % 2 == 1
            if in_string and not old.startswith("'"):
                continue
            new = _changed_sql(old) if instead is None else instead
            line = text.count("\n", 0, found.start()) + 1
            short = " ".join(old.split())[:60]
            yield Mutant(name, f"line {line}: {short!r} -> {new!r}", text[: found.start()] + new + text[found.end() :])


def _changed_sql(old: str) -> str:
    if old.startswith("'"):
        return "''" if len(old) > 2 else "'x'"
    if "DISTINCT " in old:
        return old.replace("DISTINCT ", "")
    if old.startswith("coalesce("):
        return "coalesce(NULL, "
    return str(float(old) + 1) if "." in old else str(int(old) + 1)


def try_sql(mutants: list[Mutant], tests: dict[str, list[str]], folder: Path) -> Iterator[tuple[Mutant, str]]:
    """Run the tests against each change, in one copy of the checkout for each processor."""
    copies = Queue[Path]()
    for number in range(os.cpu_count() or 1):
        copy(folder / str(number), PACKAGE.parent.name, links=True)
        (folder / str(number) / "pyproject.toml").write_text(
            '[tool.pytest.ini_options]\npythonpath = ["plugins", "dags", "."]\n'
            'addopts = "--import-mode=importlib"\nmarkers = ["slow"]\n'
        )
        copies.put(folder / str(number))

    def run(mutant: Mutant) -> tuple[Mutant, str]:
        place = copies.get()
        try:
            (place / mutant.file).write_text(mutant.text, "utf-8")
            code = run_tests(place, tests[mutant.file])
            shutil.copy(ROOT / mutant.file, place / mutant.file)
            return mutant, "survived" if code == 0 else "killed"
        finally:
            copies.put(place)

    sound = copies.get()
    if code := run_tests(sound, sorted({test for mutant in mutants for test in tests[mutant.file]})):
        raise SystemExit(f"the tests fail ({code}) before anything is changed")
    file = sound / mutants[0].file
    file.write_text("no statement;", "utf-8")
    if run_tests(sound, tests[mutants[0].file]) == 0:
        raise SystemExit(f"the tests do not read {file}: nothing could be learnt from changing it")
    shutil.copy(ROOT / mutants[0].file, file)
    copies.put(sound)
    with ThreadPoolExecutor(copies.qsize()) as pool:
        yield from pool.map(run, mutants)


def run_tests(place: Path, tests: list[str]) -> int:
    """Run tests in a copy; returns pytest's status, or -1 where they found no end."""
    env = {**os.environ, "PYTHONPATH": f"{place / PACKAGE.parent}:{place}", "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-x", *PYTEST, *tests]
    try:
        done = subprocess.run(command, cwd=place, env=env, capture_output=True, timeout=LONGEST_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return -1
    return done.returncode


# --- both


def measure(only: str | None, sample: int | None) -> dict[str, Rate]:
    """Try the changes of the chosen files; returns the rate of each file that was changed."""
    tests = chosen(only)
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
        drawn = sorted(random.Random(SEED).sample(mutants, sample), key=lambda one: (one.file, one.name))  # noqa: S311
    print(f"{len(drawn)} of {len(mutants)} changes in {len(tests)} files", flush=True)
    rates = dict[str, Rate]()
    of_python = [mutant for mutant in drawn if mutant.file.endswith(".py")]
    of_sql = [mutant for mutant in drawn if mutant.file.endswith(".sql")]
    if of_python:
        whole = len(of_python) == sum(mutant.file.endswith(".py") for mutant in mutants)
        for mutant, status in try_python(folder, of_python, whole):
            note(rates, mutant, status, "" if status in NOTICED else f"\n{shown(mutant)}")
    for mutant, status in try_sql(of_sql, tests, SCRATCH / "sql") if of_sql else ():
        note(rates, mutant, status)
    return rates


def note(rates: dict[str, Rate], mutant: Mutant, status: str, detail: str = "") -> None:
    """Count a change; one that no test noticed is kept with what it is."""
    rate = rates.setdefault(mutant.file, Rate())
    if status in NOTICED:
        rate.noticed += 1
    else:
        rate.survivors.append(f"{mutant.file}: {mutant.name} ({status}){detail}")


def main() -> int:
    """Measure and print; returns 0, since a rate is a measure and no verdict."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", metavar="FILE", help="a file, a folder or a pattern: extract/money.py, sql/link")
    parser.add_argument("--sample", type=int, metavar="N", help="so many changes, drawn the same way every time")
    arguments = parser.parse_args()
    rates = measure(arguments.only, arguments.sample)
    survivors = SCRATCH / "survivors.txt"
    survivors.write_text("\n\n".join(one for rate in rates.values() for one in rate.survivors) + "\n", "utf-8")
    for name, rate in rates.items():
        print(f"{name:<32}{rate.noticed:6d} of {rate.tried:5d}  {rate.noticed / rate.tried:6.1%}")
    noticed, tried = sum(rate.noticed for rate in rates.values()), sum(rate.tried for rate in rates.values())
    print(f"{'all':<32}{noticed:6d} of {tried:5d}  {noticed / tried:6.1%} killed")
    print(f"what no test noticed: {survivors.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
