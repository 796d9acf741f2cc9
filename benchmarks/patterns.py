"""Measure whether a regular expression, or the reading as a whole, takes time that grows faster than its text.

All patterns of the package are collected: those in its sources, those in the variables of its modules and in data
files, and those that are composed while the labelled documents are read. The adversarial texts for a pattern are made
from its parse tree: what leads to one of its repeats, a long run of what that repeat matches, and an end that makes the
match fail.

usage: patterns.py [--only WORD]
"""

from __future__ import annotations

import argparse
import ast
import functools
import html
import importlib
import math
import pkgutil
import re
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from re import _compiler, _constants, _parser
from types import FrameType, ModuleType
from typing import Any, NamedTuple

from pydantic import BaseModel

import gonggo
from gonggo.crawl import scaffold
from gonggo.errors import DataFileError
from gonggo.extract import lexicons
from gonggo.extract.merge import extract_parts
from gonggo.extract.record import extract, facts
from gonggo.read.files import from_bytes
from gonggo.read.html import from_page
from gonggo.read.normalize import normalize_text
from gonggo.sources.catalogue import Cell, load_catalogue

ROOT = Path(__file__).parents[1]
PACKAGE = Path(gonggo.__file__).parent
READ = (ROOT / "tests" / "gold" / "texts", ROOT / "demo" / "inbox")
# An exponent above STEEP is worse than linear; seconds are stated for a text of WHOLE_SIZE characters.
STEEP, WHOLE_SIZE = 1.4, 100_000
PATTERN_SECONDS, FUNCTION_SECONDS = 0.05, 1.0
# Less time than QUICK at FIRST characters means less than PATTERN_SECONDS at WHOLE_SIZE, even if quadratic.
FIRST, QUICK, FUNCTION_QUICK = 16_000, 0.0012, 0.02
# A text shorter by this factor is tried first, so that quadratic growth is noticed before it takes long.
LEAP = 8
LONGEST = 1.0
# Growth below this exponent between two sizes needs no third size.
NEARLY_LINEAR = 1.06
SHOWN = 8
# Limits: inputs for one pattern, samples of one class of characters, characters tried as units.
MOST_INPUTS, MOST_SAMPLES, MOST_CHARACTERS = 160, 4, 6
LONG = 8

FUNCTIONS = {"compile", "search", "match", "fullmatch", "findall", "finditer", "sub", "subn", "split"}
# Expressions that pass on patterns of the catalogue, which are collected from there.
CATALOGUED = ("rule.pattern", "rule.base64")
ALPHABET = " \t\n0123456789abcxyzABCXYZ가나다억원월일시의은,.-–~()[]{}|:：;'\"“”‘’「」·ㆍ/\\<>@%_=&#?!…*+^$□○※①Ⅰ"
# Ends that make a match fail: a character that is in no pattern, a line break before it, the end of the text.
ENDS = ("\x010", "\n\x010", "")
ANYTHING = (
    *(" ", "\t", "\n", "0", ",", "가", "a", "A", "(", ")", "[", "-", ".", "~", "|", "<", "'", "\"", "@", "·", "%", "□"),
    *("1,", "가 ", "제1호 ", "2026. ", "1. ", "가, ", "가(", "a@", "a.", "| ", "|\n", " \n", "- ", "1-", "가·", "‘가", "「가"),
    *("2026. 3. 4. ~ ", "1억 ", "개 ", "(가) ", "AI ", "사업 ", "http://a/", "가나다라마바사아자차카타파하"),
)  # fmt: skip


@dataclass
class Pattern:
    """A pattern, where it is defined, and how it is used: anchored (match, fullmatch) or searched for along a text."""

    source: str | bytes
    flags: int
    where: set[str] = field(default_factory=set)
    uses: set[str] = field(default_factory=set)

    @functools.cached_property
    def compiled(self) -> re.Pattern[Any]:
        return re.compile(self.source, self.flags)


class Site(NamedTuple):
    """A call of ``re`` in the sources with an expression for the pattern."""

    path: str
    first: int
    last: int
    method: str
    expression: str


class Growth(NamedTuple):
    """How time grows with the text: the exponent, the seconds for WHOLE_SIZE characters, and the input."""

    exponent: float
    seconds: float
    run: Run


class Collected(NamedTuple):
    """The patterns, the calls of ``re`` in the sources, and the calls whose pattern could not be determined."""

    patterns: list[Pattern]
    sites: list[Site]
    unseen: list[Site]


# ---- finding -------------------------------------------------------------------------------------------------------


def modules() -> list[ModuleType]:
    """Import and return every module of the package."""
    names = [info.name for info in pkgutil.walk_packages(gonggo.__path__, "gonggo.")]
    return [importlib.import_module(name) for name in names]


def collect() -> Collected:
    """Return every pattern of the package with its uses."""
    patterns: dict[tuple[Any, int], Pattern] = {}

    def add(source: str | bytes, flags: int, where: str, uses: Iterable[str]) -> None:
        # A compiled pattern has the flag re.UNICODE, which its source does not name.
        flags &= ~re.UNICODE if isinstance(source, str) else -1
        pattern = patterns.setdefault((source, flags), Pattern(source, flags))
        pattern.where.add(where)
        pattern.uses |= set(uses)

    loaded = modules()
    trees = {module: ast.parse(Path(str(module.__file__)).read_text("utf-8")) for module in loaded}
    uses = {module: _uses(tree) for module, tree in trees.items()}
    everywhere = {
        name: set[str]().union(*(used.get(name, ()) for used in uses.values()))
        for used in uses.values()
        for name in used
    }
    for module in loaded:
        _clear_caches(module)
    with _recorded_compilations() as compiled:
        _read_all()
        for module in loaded:
            for name, pattern in _module_patterns(module):
                add(
                    pattern.pattern,
                    pattern.flags,
                    f"{_short(module.__file__)} {name}",
                    _uses_of(name, uses[module], everywhere),
                )
        for path in sorted(lexicons.FOLDER.glob("*.yaml")):
            for name, pattern in _lexicon(path.stem).items():
                add(pattern.pattern, pattern.flags, f"{path.name} {name}", everywhere.get(name, {"search"}))
        for site_id, rules in load_catalogue().items():
            for rule in _cells(rules):
                for source in (rule.pattern, rule.base64):
                    add(source or "", 0, f"{site_id}.yaml", {"search"})
    sites, unseen = list[Site](), list[Site]()
    for module, tree in trees.items():
        for call, site in _sites(_short(module.__file__), tree):
            sites.append(site)
            written = _written(call, module)
            recorded = [each for line in range(site.first, site.last + 1) for each in compiled[site.path, line]]
            for source, flags in [*([written] if written else []), *recorded]:
                # A pattern that is only compiled here is used elsewhere; if no variable has it, assume a search.
                if site.method != "compile" or (source, int(flags)) not in patterns:
                    add(
                        source,
                        int(flags),
                        f"{site.path}:{site.first}",
                        {"search" if site.method == "compile" else site.method},
                    )
            if not written and not recorded and site.expression not in CATALOGUED:
                unseen.append(site)
    return Collected(list(patterns.values()), sites, unseen)


def _short(path: str | None) -> str:
    return str(Path(str(path)).relative_to(PACKAGE))


def _sites(path: str, tree: ast.AST) -> Iterator[tuple[ast.Call, Site]]:
    # A pattern whose compilation is discarded is only validated.
    dropped = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or id(node) in dropped or not isinstance(node.func, ast.Attribute):
            continue
        if isinstance(node.func.value, ast.Name) and node.func.value.id == "re" and node.func.attr in FUNCTIONS:
            method = node.func.attr if node.func.attr in ("compile", "match", "fullmatch") else "search"
            yield node, Site(path, node.lineno, node.end_lineno or node.lineno, method, ast.unparse(node.args[0]))


def _written(call: ast.Call, module: ModuleType) -> tuple[str | bytes, int] | None:
    """Return pattern and flags of a call if they are literals or expressions of the module's variables."""
    flags = [node for node in [*call.args[1:], *(k.value for k in call.keywords)] if _is_flags(node)]
    try:
        source = _value(call.args[0], module)
        return (source, int(_value(flags[0], module)) if flags else 0) if isinstance(source, str | bytes) else None
    except NameError:
        return None


def _is_flags(node: ast.AST) -> bool:
    return any(isinstance(part, ast.Name) and part.id == "re" for part in ast.walk(node))


def _value(node: ast.expr, module: ModuleType) -> Any:
    code = compile(ast.fix_missing_locations(ast.Expression(node)), "<pattern>", "eval")
    return eval(code, dict(vars(module)))  # noqa: S307 (an expression of the package's own sources)


def _uses(tree: ast.AST) -> dict[str, set[str]]:
    """Return name → how the pattern of a variable, key or function is used; one that is passed on may be searched for."""
    uses = defaultdict[str, set[str]](set)
    used_directly, loop_variables = set[int](), dict[str, str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name, method = _named(node.func.value), node.func.attr
            if name and method in FUNCTIONS:
                used_directly.add(id(node.func.value))
                uses[name].add(method if method in ("match", "fullmatch") else "search")
        elif isinstance(node, ast.For) and isinstance(node.target, ast.Name) and isinstance(node.iter, ast.Tuple):
            loop_variables |= {part.id: node.target.id for part in node.iter.elts if isinstance(part, ast.Name)}
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Is):
            used_directly |= {id(part) for part in node.comparators}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in used_directly:
            uses[node.id] |= uses[loop_variables[node.id]] if node.id in loop_variables else {"search"}
    return uses


def _uses_of(name: str, here: dict[str, set[str]], everywhere: dict[str, set[str]]) -> set[str]:
    """Return how a pattern is used: by its name in its own module, else by that name anywhere."""
    return here.get(name) or everywhere.get(name) or {"search"}


def _named(node: ast.expr) -> str:
    """Return the name by which a pattern is reached: of a variable, an attribute, a key or a function."""
    if isinstance(node, ast.Call):
        return f"{_named(node.func)}()"
    if isinstance(node, ast.Subscript):
        return str(node.slice.value) if isinstance(node.slice, ast.Constant) else ""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _module_patterns(module: ModuleType) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Yield the patterns in the variables, classes and cached functions of a module, each with a name to reach it by."""
    seen = set[int]()
    for name, value in list(vars(module).items()):
        if hasattr(value, "cache_info") and value.__module__ == module.__name__ and _needs_no_arguments(value):
            yield from _within(f"{name}()", value(), seen)
        elif isinstance(value, type) and value.__module__ == module.__name__:
            for inner, part in vars(value).items():
                yield from _within(inner, part, seen)
        elif not name.startswith("__"):
            yield from _within(name, value, seen)


def _needs_no_arguments(function: Any) -> bool:
    code = function.__wrapped__.__code__
    return code.co_argcount + code.co_kwonlyargcount == len(function.__wrapped__.__defaults__ or ())


def _within(name: str, value: Any, seen: set[int]) -> Iterator[tuple[str, re.Pattern[Any]]]:
    if isinstance(value, re.Pattern):
        yield name, value
    if id(value) in seen:
        return
    if isinstance(value, dict | list | tuple | set | frozenset):
        seen.add(id(value))
        inner = value.items() if isinstance(value, dict) else ((name, part) for part in value)
    elif isinstance(value, BaseModel):
        seen.add(id(value))
        inner = vars(value).items()
    elif is_dataclass(value) and not isinstance(value, type):
        seen.add(id(value))
        inner = ((part.name, getattr(value, part.name)) for part in fields(value))
    else:
        return
    for key, part in list(inner):
        yield from _within(str(key), part, seen)


def _lexicon(name: str) -> dict[str, re.Pattern[str]]:
    try:
        return lexicons.patterns(name)
    except DataFileError:
        return {}  # a file of another form, whose patterns a cached function has


def _cells(value: Any) -> Iterator[Cell]:
    """Yield the rules of a site that have a pattern."""
    if isinstance(value, Cell):
        yield from [value] if value.pattern else []
    elif isinstance(value, BaseModel):
        yield from _cells(vars(value))
    elif isinstance(value, dict):
        for part in value.values():
            yield from _cells(part)


def _clear_caches(module: ModuleType) -> None:
    """Clear the cached functions of a module, so that they compile their patterns again."""
    for value in vars(module).values():
        if hasattr(value, "cache_clear") and value.__module__ == module.__name__:
            value.cache_clear()


@contextmanager
def _recorded_compilations() -> Iterator[dict[tuple[str, int], set[tuple[Any, int]]]]:
    """Record until the block ends what the package compiles: (file, line) → patterns with their flags."""
    compiled = defaultdict[tuple[str, int], set[tuple[Any, int]]](set)
    original = re._compile

    def record(pattern: Any, flags: int) -> Any:
        caller: FrameType | None = sys._getframe(2)
        if caller and caller.f_code.co_filename.startswith(str(PACKAGE)) and isinstance(pattern, str | bytes):
            compiled[_short(caller.f_code.co_filename), caller.f_lineno].add((pattern, int(flags)))
        return original(pattern, flags)

    re._compile = record
    try:
        yield compiled
    finally:
        re._compile = original


def _read_all() -> None:
    """Read, extract and draft once, so that patterns that are composed on the way are compiled."""
    for folder in READ:
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".txt", ".html"):
                reading = from_bytes(path.read_bytes(), name=path.name)
                extract(reading.text, id="x", fields=reading.meta)
                for kind in ("announcement", "article"):
                    facts(reading.text, kind, reading.meta)
    # A title over two lines.
    facts(LEAD.replace("실증 ", "실증\n"), "announcement", {"title": LEAD.split("\n", 1)[0]})
    row = "<tr><td><a href='/view?no=10{0}&page=1'>공고 {0}</a></td><td>2026-03-0{0}</td></tr>"
    scaffold.describe("http://board/list", f"<table>{''.join(map(row.format, range(9)))}</table>", "utf-8")


# ---- input against a pattern ---------------------------------------------------------------------------------------


class Run(NamedTuple):
    """A text of any length: what is before the run, the repeated unit, what is after it.

    ``{n}`` in the unit is replaced by another word each time.
    """

    before: str
    unit: str
    after: str

    def text(self, size: int) -> str:
        times = max(1, size // len(self.unit))
        units = (
            (self.unit.replace("{n}", _numeral(n)) for n in range(times)) if "{n}" in self.unit else [self.unit] * times
        )
        return self.before + "".join(units) + self.after


def _numeral(number: int) -> str:
    """Spell a number in syllables, so that each gives another word."""
    return "".join("가나다라마바사아자차"[int(digit)] for digit in str(number))


class Repeat(NamedTuple):
    """A long repeat of a pattern: texts that lead to it, and texts and characters that its body matches."""

    leads: list[str]
    bodies: list[str]
    characters: set[str]


def runs(source: str | bytes, flags: int = 0) -> list[Run]:
    """Return the runs for a pattern: those made from its parse tree, and those for any pattern."""
    tree = _parser.parse(source, flags)
    repeats = list(_repeats(tree, tree.state, [""]))
    shared = defaultdict[str, int](int)
    for repeat in repeats:
        for character in repeat.characters:
            shared[character] += 1
    out = dict[Run, None]()
    for repeat in repeats:
        often = sorted(repeat.characters, key=lambda c: (-shared[c], ALPHABET.find(c)))[:MOST_CHARACTERS]
        for unit in dict.fromkeys([*repeat.bodies, *often]):
            out |= dict.fromkeys(Run(lead, unit, end) for lead in {"", *repeat.leads} for end in ENDS)
            # What leads to the repeat, repeated itself: each occurrence is a place where a match can begin.
            again = [lead + unit * few for lead in repeat.leads if lead for few in (0, 1, 9)]
            out |= dict.fromkeys(Run("", text, end) for text in again for end in ENDS)
    # Of a pattern with very many repeats, some inputs of each are tried, not all of the first.
    every = max(1, math.ceil(len(out) / MOST_INPUTS))
    return [run for run in [*list(out)[::every], *(Run("", unit, "\x01") for unit in ANYTHING)] if run.unit]


def _repeats(tree: Any, state: Any, prefixes: list[str]) -> Iterator[Repeat]:
    """Yield the long repeats of a tree in the order of the pattern, with what leads to each."""
    for op, value in tree:
        if op in (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT):
            _, most, inner = value
            if most == _constants.MAXREPEAT or most >= LONG:
                bodies = [body for body in _samples(inner, state) if body]
                yield Repeat(prefixes, bodies, _taken(inner, state))
            yield from _repeats(inner, state, prefixes)
        elif op is _constants.SUBPATTERN:
            yield from _repeats(value[3], state, prefixes)
        elif op is _constants.ATOMIC_GROUP:
            yield from _repeats(value, state, prefixes)
        elif op is _constants.BRANCH:
            for branch in value[1]:
                yield from _repeats(branch, state, prefixes)
        elif op in (_constants.ASSERT, _constants.ASSERT_NOT):
            yield from _repeats(value[1], state, prefixes)
        prefixes = _joined(prefixes, _of_item(op, value, state))


def _samples(tree: Any, state: Any) -> list[str]:
    """Return a few texts that a tree matches."""
    out = [""]
    for op, value in tree:
        out = _joined(out, _of_item(op, value, state))
    return out


def _joined(heads: list[str], tails: list[str]) -> list[str]:
    """Combine each head with a tail and each tail with a head, up to a limit."""
    count = min(MOST_SAMPLES, max(len(heads), len(tails)))
    return list(dict.fromkeys(heads[n % len(heads)] + tails[n % len(tails)] for n in range(count))) if tails else heads


def _of_item(op: Any, value: Any, state: Any) -> list[str]:
    if op is _constants.LITERAL:
        return [chr(value)]
    if op in (_constants.IN, _constants.ANY, _constants.NOT_LITERAL):
        taken = [character for character in ALPHABET if _takes(op, value, state, character)]
        return taken[:: max(1, len(taken) // MOST_SAMPLES)][:MOST_SAMPLES] or _firsts(value)
    if op is _constants.BRANCH:
        branches = value[1][:: max(1, len(value[1]) // MOST_SAMPLES)]
        return [sample for branch in branches for sample in _samples(branch, state)[:1]][:MOST_SAMPLES]
    if op is _constants.SUBPATTERN:
        return _samples(value[3], state)
    if op is _constants.ATOMIC_GROUP:
        return _samples(value, state)
    if op in (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT):
        least, _, inner = value
        once = [sample * max(1, least) for sample in _samples(inner, state)]
        return once if least else ["", *once][:MOST_SAMPLES]
    if op is _constants.ASSERT and value[0] < 0:
        return _samples(value[1], state)  # what must be before
    return [""]


def _firsts(value: Any) -> list[str]:
    """Return the first character of each range or letter of a class that matches nothing of the alphabet."""
    return [
        chr(part[0] if isinstance(part, tuple) else part)
        for op, part in value
        if op in (_constants.RANGE, _constants.LITERAL)
    ]


def _taken(tree: Any, state: Any) -> set[str]:
    """Return the characters that the body of a repeat matches by themselves."""
    return {character for character in ALPHABET if _matches(tree, state, character)}


def _takes(op: Any, value: Any, state: Any, character: str) -> bool:
    return _matches(_parser.SubPattern(state, [(op, value)]), state, character)


_COMPILED: dict[tuple[str, int], re.Pattern[Any]] = {}


def _matches(tree: Any, state: Any, text: str) -> bool:
    """Return whether a part of a pattern matches a text; a part that refers to groups outside it never does."""
    key = repr(tree.data), state.flags
    if key not in _COMPILED:
        bare = _parser.SubPattern(state, tree.data)
        try:
            _COMPILED[key] = _compiler.compile(bare, state.flags)
        except (re.error, IndexError):
            _COMPILED[key] = re.compile(r"(?!)")
    pattern = _COMPILED[key]
    return bool(pattern.fullmatch(text if isinstance(pattern.pattern, str | None) else text.encode()))


# ---- measuring -----------------------------------------------------------------------------------------------------


class _TimeLimit(Exception):
    pass


def _raise_time_limit(*_: Any) -> None:
    raise _TimeLimit


def seconds(action: Callable[[], object]) -> float:
    """Return the processor seconds of an action; infinite if it does not end within twice LONGEST."""
    before = signal.signal(signal.SIGALRM, _raise_time_limit)
    signal.setitimer(signal.ITIMER_REAL, 2 * LONGEST)
    begin = time.thread_time()
    try:
        action()
        return time.thread_time() - begin
    except _TimeLimit:
        return math.inf
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def growth(action: Callable[[str], object], run: Run, first: int = FIRST, quick: float = QUICK) -> Growth:
    """Measure how the time of an action grows with the length of a run; one that is ``quick`` at ``first`` is not pursued."""
    times = dict[int, float]()

    def measure(size: int) -> float:
        text = run.text(size)
        times[size] = min(times.get(size, math.inf), seconds(lambda: action(text)))
        return times[size]

    small = measure(first // LEAP)
    if small * LEAP**2 < LONGEST:
        times.clear()
        large = measure(first)
        power = math.log(large / small, LEAP)
        if large < quick or power < NEARLY_LINEAR:
            return Growth(power, large * WHOLE_SIZE / first, run)
    while not _completed(times) and min(times) > LEAP:
        measure(min(times) // LEAP)
    if not _completed(times):
        return Growth(math.inf, math.inf, run)
    while len(_completed(times)) < 2:
        size = max(_completed(times))
        measure(size // 2 if size * 2 in times else size * 2)
    if times[max(_completed(times))] < LONGEST and _power(times) > NEARLY_LINEAR:
        # Measure again, because the machine may have been busy with something else.
        for size in _completed(times):
            measure(size)
    while math.inf in times.values() or (_power(times) > NEARLY_LINEAR and max(times) < WHOLE_SIZE):
        size = 2 * max(_completed(times))
        if size in times or times[size // 2] > LONGEST / 4:
            break
        measure(size)
    power, last = _power(times), max(_completed(times))
    return Growth(power, times[last] * (WHOLE_SIZE / last) ** power, run)


def _completed(times: dict[int, float]) -> list[int]:
    return sorted(size for size, took in times.items() if took < math.inf)


def _power(times: dict[int, float]) -> float:
    """Return the exponent of growth between the two largest sizes that completed, one twice the other."""
    small, large = _completed(times)[-2:]
    return math.log2(max(times[large], 1e-9) / max(times[small], 1e-9))


def usage(pattern: Pattern) -> Callable[[str], object]:
    """Return a function that uses a pattern as the package does; a search finds all matches of a text."""
    compiled, anywhere = pattern.compiled, "search" in pattern.uses

    def use(text: str) -> None:
        subject: Any = text.encode() if isinstance(pattern.source, bytes) else text
        for method in pattern.uses - {"search"}:
            getattr(compiled, method)(subject)
        if anywhere:
            for _ in compiled.finditer(subject):
                pass

    return use


def worst(pattern: Pattern, enough: int = 3) -> tuple[Growth, Growth]:
    """Return, over all runs for a pattern, the steepest growth and the slowest; stop after ``enough`` steep ones."""
    action = usage(pattern)
    steepest = slowest = Growth(0.0, 0.0, Run("", "", ""))
    bad = 0
    for run in runs(pattern.source, pattern.flags):
        grown = growth(action, run)
        slowest = max(slowest, grown, key=lambda each: each.seconds)
        if grown.seconds > PATTERN_SECONDS:
            steepest = max(steepest, grown, key=lambda each: each.exponent)
        bad += is_steep(grown)
        if bad == enough:
            break
    return steepest, slowest


def is_steep(grown: Growth, limit: float = PATTERN_SECONDS) -> bool:
    """Return whether time grows faster than linearly and exceeds a limit at WHOLE_SIZE."""
    return grown.exponent > STEEP and grown.seconds > limit


# ---- the reading as a whole ----------------------------------------------------------------------------------------

LEAD = "2026년 인공지능(AI) 실증 지원사업 모집 공고\n\n경상남도는 AI 기업을 모집합니다. □ 접수기간 : 2026. 3. 4. ~ 3. 20.\n"
TEXTS = (
    *ANYTHING,
    *("□ 지원대상 : ", "□ 접수기간 : 2026. 3. 4.\n", "|지원규모|1억원|\n", "|a", "|\n|a", "<br>", "(단위 : 천원)\n", "창원시 ", "경남도는 "),
    *("총사업비 1억원, ", "국비 1, ", "3개 기업 ", "50% 향상 ", "‘AI 실증 지원사업’ ", "「AI 지원사업」\n", "AI 실증 지원사업은 ", "한국연구원은 ", "㈜가나다 "),
    *("055-000-1201, ", "a@b.co.kr ", "(재)경남테크노파크 ", "가. ", "1\n", "※ ", "업력 7년 이내 ", "제조, 의료, ", "산업 ", "다. "),
    *("바카라 ", "바카라\n", "가나 바카라\n", "e\u0301"),
    *("‘AI {n} 실증 지원사업’ ", "AI {n} 실증 지원사업을 추진 ", "한국{n}연구원은 ", "㈜{n} ", "창원{n} ", "- (AI {n} 지원)\n"),
    *("{n}@b.kr 문의 ", "20260304 3. 4. "),
    *("□ 지원대상 : 055-000-1201\n", "한국{n}연구원, ", "A가 주최 ", "경남도가 주최하고 ", "3개 과제 선정 ", "의료 산업 "),
    *("|a|b|\n|-|-|\n|1억원|2억원|\n",),
    *("2026. 3. 4.까지 신청 ", "올해 1억원 ", "(주)가나다와 ", "\n## 첨부: 공고문.hwp\n", "\n신청서\n", "'26년 3월 ", "과기정통부, "),
)  # fmt: skip
MARKUP = (
    *("<div>", "<p>가", "<p>가나다</p>", "<table><tr><td>", "<tr><td>가<td>나", "<a href='#'>", "<form>", "<b>"),
    *("<ul><li>", "</div>", "<", "&amp;", "&lt;"),
    *("<!--", "<div class='view_con'>", "<div style='display:none'>", "<title>", "<meta name='a' content='b'>"),
    *("<br>", "<script>", "<h1>", "<section><p>가</p>"),
    *("<div>가</div>", "<div><p>가</p></div>", "<form>가</form>", "<nav></nav>가", "<div class='menu'>가</div>나"),
)  # fmt: skip


def functions() -> dict[str, tuple[Callable[[str], object], list[Run]]]:
    """Return name → a function that reads a whole text, and the runs to measure it with."""
    plain = [Run("", unit, "\x01") for unit in TEXTS]
    announcements = [Run(LEAD, unit, "\n") for unit in TEXTS]
    pages = [Run("<html><title>a</title><body><div>", html.escape(unit), "</div>") for unit in TEXTS]
    pages += [Run("<html><body>", unit, "") for unit in MARKUP]
    return {
        "normalize_text": (normalize_text, plain),
        "from_page": (from_page, pages),
        "extract, a call": (lambda text: extract(text, id="x"), announcements),
        "facts, a press release": (lambda text: facts(text, "press_release", {}), announcements),
        "extract_parts": (lambda text: extract_parts(text, [(len(text) // 2, len(text))], id="x"), announcements),
    }


def main() -> int:
    """Measure the chosen patterns and functions; return 1 if one is worse than linear or a pattern is unknown."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument(
        "--only", default="", help="patterns of places, or functions, that have this word in their name"
    )
    args = parser.parse_args()
    collected = collect()
    chosen = [p for p in collected.patterns if any(args.only in place for place in p.where)]
    print(
        f"{len(collected.patterns)} patterns at {len(collected.sites)} calls of re and in data files; {len(chosen)} measured"
    )
    for site in collected.unseen:
        print(f"pattern unknown: {site.path}:{site.first} {site.expression}")
    rows = [(pattern, *worst(pattern)) for pattern in chosen]
    _table("slowest", sorted(rows, key=lambda row: -row[2].seconds)[:SHOWN], 2)
    long = [row for row in rows if row[1].seconds > PATTERN_SECONDS]
    _table("steepest of the slow ones", sorted(long, key=lambda row: -row[1].exponent)[:SHOWN], 1)
    steep = [row for row in rows if is_steep(row[1])]
    _table("worse than linear", steep, 1)
    measured = [name for name in functions() if args.only in name]
    slow = _measure_functions(measured)
    print(f"\nworse than linear: {len(steep)} of {len(chosen)} patterns, {slow} of {len(measured)} functions")
    return 1 if steep or slow or collected.unseen else 0


def _table(title: str, rows: list[tuple[Pattern, Growth, Growth]], column: int) -> None:
    print(f"\n{title}\n{'ms/100 kB':>10}{'exponent':>10}  where, on what")
    for row in rows:
        grown: Growth = row[column]
        print(
            f"{1000 * grown.seconds:>10.1f}{grown.exponent:>10.2f}  {sorted(row[0].where)[0]}  {_describe(grown.run)}"
        )


def _describe(run: Run) -> str:
    return " ".join(f"{part[:24]!r}" for part in run)


def _measure_functions(names: list[str]) -> int:
    """Print how the time of functions grows; return how many grow faster than their text."""
    steep = 0
    print(f"\n{'':<24}{'s/100 kB':>10}{'exponent':>10}  on what")
    for name in names:
        action, inputs = functions()[name]
        grown = [growth(action, run, quick=FUNCTION_QUICK) for run in inputs]
        bad = [one for one in grown if is_steep(one, FUNCTION_SECONDS)]
        steep += bool(bad)
        for one in bad or sorted(grown, key=lambda one: -one.seconds)[:1]:
            print(f"{name:<24}{one.seconds:>10.2f}{one.exponent:>10.2f}  {_describe(one.run)}", flush=True)
    return steep


if __name__ == "__main__":
    sys.exit(main())
