"""Regular expressions on input made against them: does a pattern, or the whole reading, grow faster than its text?

Every pattern of the package is found: those that its sources write out, those that its modules and data files hold, and
those put together while the labelled documents are read. For each, texts are made out of its own parse tree: a long run
of what one of its repeats takes, after what leads to that repeat, before what makes it fail.

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
# Worse than linear, and long enough to matter in a text of so many characters.
STEEP, WHOLE_SIZE = 1.4, 100_000
PATTERN_SECONDS, FUNCTION_SECONDS = 0.05, 1.0
# What takes less than this at FIRST characters cannot take PATTERN_SECONDS at WHOLE_SIZE, were it quadratic.
FIRST, QUICK, FUNCTION_QUICK = 16_000, 0.0012, 0.02
# Before that so much less is tried, that what is quadratic is known before it takes long.
LEAP = 8
LONGEST = 1.0
# What grows like this between two sizes needs no third.
NEARLY_LINEAR = 1.06
SHOWN = 8
# Of one pattern no more inputs than these, of one class of characters no more samples.
MOST_INPUTS, MOST_SAMPLES, MOST_CHARACTERS = 160, 4, 6
LONG = 8

FUNCTIONS = {"compile", "search", "match", "fullmatch", "findall", "finditer", "sub", "subn", "split"}
# The sources that hand on patterns of the catalogue, which are found there.
CATALOGUED = ("rule.pattern", "rule.base64")
ALPHABET = " \t\n0123456789abcxyzABCXYZ가나다억원월일시의은,.-–~()[]{}|:：;'\"“”‘’「」·ㆍ/\\<>@%_=&#?!…*+^$□○※①Ⅰ"
# What makes a match fail after its run: a character that stands in no pattern, a line break, the end of the text.
ENDS = ("\x010", "\n\x010", "")
ANYTHING = (
    *(" ", "\t", "\n", "0", ",", "가", "a", "A", "(", ")", "[", "-", ".", "~", "|", "<", "'", "\"", "@", "·", "%", "□"),
    *("1,", "가 ", "제1호 ", "2026. ", "1. ", "가, ", "가(", "a@", "a.", "| ", "|\n", " \n", "- ", "1-", "가·", "‘가", "「가"),
    *("2026. 3. 4. ~ ", "1억 ", "개 ", "(가) ", "AI ", "사업 ", "http://a/", "가나다라마바사아자차카타파하"),
)  # fmt: skip


@dataclass
class Pattern:
    """A pattern, where it stands, and how it is asked: from one place on (match, fullmatch) or along a text."""

    source: str | bytes
    flags: int
    where: set[str] = field(default_factory=set)
    ways: set[str] = field(default_factory=set)

    @functools.cached_property
    def compiled(self) -> re.Pattern[Any]:
        return re.compile(self.source, self.flags)


class Site(NamedTuple):
    """A call of ``re`` in the sources that is given something to compile."""

    path: str
    first: int
    last: int
    way: str
    said: str


class Growth(NamedTuple):
    """How time grows with the text: by which power, and how long WHOLE_SIZE characters take, on which input."""

    exponent: float
    seconds: float
    run: Run


class Collected(NamedTuple):
    """The patterns, by source and flags; calls of ``re`` in the sources, and those whose pattern was never had."""

    patterns: list[Pattern]
    sites: list[Site]
    unseen: list[Site]


# ---- finding -------------------------------------------------------------------------------------------------------


def modules() -> list[ModuleType]:
    """Every module of the package."""
    names = [found.name for found in pkgutil.walk_packages(gonggo.__path__, "gonggo.")]
    return [importlib.import_module(name) for name in names]


def collect() -> Collected:
    """Every pattern of the package with what is known of its use."""
    found: dict[tuple[Any, int], Pattern] = {}

    def add(source: str | bytes, flags: int, where: str, ways: Iterable[str]) -> None:
        # A compiled pattern names re.UNICODE, which a source does not.
        flags &= ~re.UNICODE if isinstance(source, str) else -1
        pattern = found.setdefault((source, flags), Pattern(source, flags))
        pattern.where.add(where)
        pattern.ways |= set(ways)

    loaded = modules()
    trees = {module: ast.parse(Path(str(module.__file__)).read_text("utf-8")) for module in loaded}
    uses = {module: _uses(tree) for module, tree in trees.items()}
    everywhere = {
        name: set[str]().union(*(used.get(name, ()) for used in uses.values()))
        for used in uses.values()
        for name in used
    }
    for module in loaded:
        _forget(module)
    with _watched() as compiled:
        _read_all()
        for module in loaded:
            for name, pattern in _held(module):
                add(
                    pattern.pattern,
                    pattern.flags,
                    f"{_short(module.__file__)} {name}",
                    _ways(name, uses[module], everywhere),
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
            seen = [said for line in range(site.first, site.last + 1) for said in compiled[site.path, line]]
            for source, flags in [*([written] if written else []), *seen]:
                # What is only compiled here is asked elsewhere: found where it is held, or else asked along a text.
                if site.way != "compile" or (source, int(flags)) not in found:
                    add(
                        source,
                        int(flags),
                        f"{site.path}:{site.first}",
                        {"search" if site.way == "compile" else site.way},
                    )
            if not written and not seen and site.said not in CATALOGUED:
                unseen.append(site)
    return Collected(list(found.values()), sites, unseen)


def _short(path: str | None) -> str:
    return str(Path(str(path)).relative_to(PACKAGE))


def _sites(path: str, tree: ast.AST) -> Iterator[tuple[ast.Call, Site]]:
    # What is compiled and thrown away is only looked at.
    dropped = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or id(node) in dropped or not isinstance(node.func, ast.Attribute):
            continue
        if isinstance(node.func.value, ast.Name) and node.func.value.id == "re" and node.func.attr in FUNCTIONS:
            way = node.func.attr if node.func.attr in ("compile", "match", "fullmatch") else "search"
            yield node, Site(path, node.lineno, node.end_lineno or node.lineno, way, ast.unparse(node.args[0]))


def _written(call: ast.Call, module: ModuleType) -> tuple[str | bytes, int] | None:
    """Pattern and flags of a call, where they are written out or made of what the module holds."""
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
    """How what a name, a key or a function's result holds is asked; a name that is handed on may be asked any way."""
    uses = defaultdict[str, set[str]](set)
    asked, given = set[int](), dict[str, str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name, way = _named(node.func.value), node.func.attr
            if name and way in FUNCTIONS:
                asked.add(id(node.func.value))
                uses[name].add(way if way in ("match", "fullmatch") else "search")
        elif isinstance(node, ast.For) and isinstance(node.target, ast.Name) and isinstance(node.iter, ast.Tuple):
            given |= {part.id: node.target.id for part in node.iter.elts if isinstance(part, ast.Name)}
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Is):
            asked |= {id(part) for part in node.comparators}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in asked:
            uses[node.id] |= uses[given[node.id]] if node.id in given else {"search"}
    return uses


def _ways(name: str, here: dict[str, set[str]], everywhere: dict[str, set[str]]) -> set[str]:
    """How a module's pattern is asked: by its own name in the module, by a key or an attribute anywhere."""
    return here.get(name) or everywhere.get(name) or {"search"}


def _named(node: ast.expr) -> str:
    """The name that a pattern is reached by: of a variable, an attribute, a key or a function."""
    if isinstance(node, ast.Call):
        return f"{_named(node.func)}()"
    if isinstance(node, ast.Subscript):
        return str(node.slice.value) if isinstance(node.slice, ast.Constant) else ""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _held(module: ModuleType) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Patterns in the variables, classes and cached functions of a module, each with the name it is reached by."""
    seen = set[int]()
    for name, value in list(vars(module).items()):
        if hasattr(value, "cache_info") and value.__module__ == module.__name__ and _needs_nothing(value):
            yield from _within(f"{name}()", value(), seen)
        elif isinstance(value, type) and value.__module__ == module.__name__:
            for inner, part in vars(value).items():
                yield from _within(inner, part, seen)
        elif not name.startswith("__"):
            yield from _within(name, value, seen)


def _needs_nothing(function: Any) -> bool:
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
        return {}  # a file of another form, which a cached function holds


def _cells(value: Any) -> Iterator[Cell]:
    """Rules of a site that cut a value by a pattern."""
    if isinstance(value, Cell):
        yield from [value] if value.pattern else []
    elif isinstance(value, BaseModel):
        yield from _cells(vars(value))
    elif isinstance(value, dict):
        for part in value.values():
            yield from _cells(part)


def _forget(module: ModuleType) -> None:
    """Let cached functions work out their patterns anew, so that they are seen."""
    for value in vars(module).values():
        if hasattr(value, "cache_clear") and value.__module__ == module.__name__:
            value.cache_clear()


@contextmanager
def _watched() -> Iterator[dict[tuple[str, int], set[tuple[Any, int]]]]:
    """What is compiled meanwhile, by file and line of the package."""
    compiled = defaultdict[tuple[str, int], set[tuple[Any, int]]](set)
    original = re._compile

    def watch(pattern: Any, flags: int) -> Any:
        asker: FrameType | None = sys._getframe(2)
        if asker and asker.f_code.co_filename.startswith(str(PACKAGE)) and isinstance(pattern, str | bytes):
            compiled[_short(asker.f_code.co_filename), asker.f_lineno].add((pattern, int(flags)))
        return original(pattern, flags)

    re._compile = watch
    try:
        yield compiled
    finally:
        re._compile = original


def _read_all() -> None:
    """Read, extract and draft once, so that patterns made on the way are made."""
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
    """A text that can be as long as is wanted: what leads to the run, what is repeated, what ends it.

    ``{n}`` in what is repeated is another word each time.
    """

    before: str
    unit: str
    after: str

    def of(self, size: int) -> str:
        times = max(1, size // len(self.unit))
        units = (
            (self.unit.replace("{n}", _numeral(n)) for n in range(times)) if "{n}" in self.unit else [self.unit] * times
        )
        return self.before + "".join(units) + self.after


def _numeral(number: int) -> str:
    """A number in syllables: words that differ."""
    return "".join("가나다라마바사아자차"[int(digit)] for digit in str(number))


class Repeat(NamedTuple):
    """A long repeat of a pattern: texts that lead to it, texts and characters that it takes."""

    leads: list[str]
    bodies: list[str]
    characters: set[str]


def runs(source: str | bytes, flags: int = 0) -> list[Run]:
    """Runs made for a pattern out of its parse tree, and those made for any."""
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
            # What leads there, again and again: each a place to begin from.
            again = [lead + unit * few for lead in repeat.leads if lead for few in (0, 1, 9)]
            out |= dict.fromkeys(Run("", text, end) for text in again for end in ENDS)
    # A pattern of very many repeats is tried on some of each, not on all of the first.
    every = max(1, math.ceil(len(out) / MOST_INPUTS))
    return [run for run in [*list(out)[::every], *(Run("", unit, "\x01") for unit in ANYTHING)] if run.unit]


def _repeats(tree: Any, state: Any, leads: list[str]) -> Iterator[Repeat]:
    """The long repeats of a tree, in the order of the pattern, with what leads to each."""
    for op, value in tree:
        if op in (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT):
            _, most, inner = value
            if most == _constants.MAXREPEAT or most >= LONG:
                bodies = [body for body in _samples(inner, state) if body]
                yield Repeat(leads, bodies, _taken(inner, state))
            yield from _repeats(inner, state, leads)
        elif op is _constants.SUBPATTERN:
            yield from _repeats(value[3], state, leads)
        elif op is _constants.ATOMIC_GROUP:
            yield from _repeats(value, state, leads)
        elif op is _constants.BRANCH:
            for branch in value[1]:
                yield from _repeats(branch, state, leads)
        elif op in (_constants.ASSERT, _constants.ASSERT_NOT):
            yield from _repeats(value[1], state, leads)
        leads = _joined(leads, _of_item(op, value, state))


def _samples(tree: Any, state: Any) -> list[str]:
    """A few texts that a tree takes."""
    out = [""]
    for op, value in tree:
        out = _joined(out, _of_item(op, value, state))
    return out


def _joined(heads: list[str], tails: list[str]) -> list[str]:
    """Each head with a tail and each tail with a head, no more than a few."""
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
        return _samples(value[1], state)  # what stands before
    return [""]


def _firsts(value: Any) -> list[str]:
    """The first character of each range or letter of a class that takes none of the alphabet."""
    return [
        chr(part[0] if isinstance(part, tuple) else part)
        for op, part in value
        if op in (_constants.RANGE, _constants.LITERAL)
    ]


def _taken(tree: Any, state: Any) -> set[str]:
    """Characters that a repeat's body takes, each by itself."""
    return {character for character in ALPHABET if _matches(tree, state, character)}


def _takes(op: Any, value: Any, state: Any, character: str) -> bool:
    return _matches(_parser.SubPattern(state, [(op, value)]), state, character)


_COMPILED: dict[tuple[str, int], re.Pattern[Any]] = {}


def _matches(tree: Any, state: Any, text: str) -> bool:
    """Whether a part of a pattern takes a text; one that refers to groups outside it is said to take none."""
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


class _Late(Exception):
    pass


def _late(*_: Any) -> None:
    raise _Late


def seconds(action: Callable[[], object]) -> float:
    """The time of the processor that an action takes; infinite where it does not end within some LONGEST."""
    before = signal.signal(signal.SIGALRM, _late)
    signal.setitimer(signal.ITIMER_REAL, 2 * LONGEST)
    begin = time.thread_time()
    try:
        action()
        return time.thread_time() - begin
    except _Late:
        return math.inf
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def growth(action: Callable[[str], object], run: Run, first: int = FIRST, quick: float = QUICK) -> Growth:
    """How the time of an action grows with the length of a run; nothing more is asked of what is quick at ``first``."""
    times = dict[int, float]()

    def measure(size: int) -> float:
        text = run.of(size)
        times[size] = min(times.get(size, math.inf), seconds(lambda: action(text)))
        return times[size]

    small = measure(first // LEAP)
    if small * LEAP**2 < LONGEST:
        times.clear()
        large = measure(first)
        power = math.log(large / small, LEAP)
        if large < quick or power < NEARLY_LINEAR:
            return Growth(power, large * WHOLE_SIZE / first, run)
    while not _ended(times) and min(times) > LEAP:
        measure(min(times) // LEAP)
    if not _ended(times):
        return Growth(math.inf, math.inf, run)
    while len(_ended(times)) < 2:
        size = max(_ended(times))
        measure(size // 2 if size * 2 in times else size * 2)
    if times[max(_ended(times))] < LONGEST and _power(times) > NEARLY_LINEAR:
        # Once more: the machine may have been busy with something else.
        for size in _ended(times):
            measure(size)
    while math.inf in times.values() or (_power(times) > NEARLY_LINEAR and max(times) < WHOLE_SIZE):
        size = 2 * max(_ended(times))
        if size in times or times[size // 2] > LONGEST / 4:
            break
        measure(size)
    power, last = _power(times), max(_ended(times))
    return Growth(power, times[last] * (WHOLE_SIZE / last) ** power, run)


def _ended(times: dict[int, float]) -> list[int]:
    return sorted(size for size, took in times.items() if took < math.inf)


def _power(times: dict[int, float]) -> float:
    """The power by which time grows between the two largest sizes that came to an end, one twice the other."""
    small, large = _ended(times)[-2:]
    return math.log2(max(times[large], 1e-9) / max(times[small], 1e-9))


def asked(pattern: Pattern) -> Callable[[str], object]:
    """A pattern asked as the package asks it, all matches along a text included."""
    compiled, anywhere = pattern.compiled, "search" in pattern.ways

    def ask(text: str) -> None:
        said: Any = text.encode() if isinstance(pattern.source, bytes) else text
        for way in pattern.ways - {"search"}:
            getattr(compiled, way)(said)
        if anywhere:
            for _ in compiled.finditer(said):
                pass

    return ask


def worst(pattern: Pattern, enough: int = 3) -> tuple[Growth, Growth]:
    """Of all runs made for a pattern the growth that is worst, and that which takes longest."""
    action = asked(pattern)
    steepest = slowest = Growth(0.0, 0.0, Run("", "", ""))
    bad = 0
    for run in runs(pattern.source, pattern.flags):
        found = growth(action, run)
        slowest = max(slowest, found, key=lambda grown: grown.seconds)
        if found.seconds > PATTERN_SECONDS:
            steepest = max(steepest, found, key=lambda grown: grown.exponent)
        bad += is_steep(found)
        if bad == enough:
            break
    return steepest, slowest


def is_steep(found: Growth, limit: float = PATTERN_SECONDS) -> bool:
    return found.exponent > STEEP and found.seconds > limit


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
    """What reads a whole text, and the runs to ask each with."""
    plain = [Run("", unit, "\x01") for unit in TEXTS]
    told = [Run(LEAD, unit, "\n") for unit in TEXTS]
    pages = [Run("<html><title>a</title><body><div>", html.escape(unit), "</div>") for unit in TEXTS]
    pages += [Run("<html><body>", unit, "") for unit in MARKUP]
    return {
        "tidy": (normalize_text, plain),
        "from_page": (from_page, pages),
        "extract, a call": (lambda text: extract(text, id="x"), told),
        "facts, a press release": (lambda text: facts(text, "press_release", {}), told),
        "extract_parts": (lambda text: extract_parts(text, [(len(text) // 2, len(text))], id="x"), told),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument(
        "--only", default="", help="patterns of places, or functions, that have this word in their name"
    )
    args = parser.parse_args()
    found = collect()
    chosen = [p for p in found.patterns if any(args.only in place for place in p.where)]
    print(f"{len(found.patterns)} patterns at {len(found.sites)} calls of re and in data files; {len(chosen)} measured")
    for site in found.unseen:
        print(f"never had: {site.path}:{site.first} {site.said}")
    rows = [(pattern, *worst(pattern)) for pattern in chosen]
    _table("slowest", sorted(rows, key=lambda row: -row[2].seconds)[:SHOWN], 2)
    long = [row for row in rows if row[1].seconds > PATTERN_SECONDS]
    _table("steepest of those that take long", sorted(long, key=lambda row: -row[1].exponent)[:SHOWN], 1)
    steep = [row for row in rows if is_steep(row[1])]
    _table("worse than linear", steep, 1)
    asked_whole = [name for name in functions() if args.only in name]
    slow = _whole(asked_whole)
    print(f"\nworse than linear: {len(steep)} of {len(chosen)} patterns, {slow} of {len(asked_whole)} functions")
    return 1 if steep or slow or found.unseen else 0


def _table(title: str, rows: list[tuple[Pattern, Growth, Growth]], column: int) -> None:
    print(f"\n{title}\n{'ms/100 kB':>10}{'exponent':>10}  where, on what")
    for row in rows:
        grown: Growth = row[column]
        print(f"{1000 * grown.seconds:>10.1f}{grown.exponent:>10.2f}  {sorted(row[0].where)[0]}  {_said(grown.run)}")


def _said(run: Run) -> str:
    return " ".join(f"{part[:24]!r}" for part in run)


def _whole(names: list[str]) -> int:
    """Print how the time of functions grows; returns how many grow faster than their text."""
    steep = 0
    print(f"\n{'':<24}{'s/100 kB':>10}{'exponent':>10}  on what")
    for name in names:
        action, inputs = functions()[name]
        grown = [growth(action, run, quick=FUNCTION_QUICK) for run in inputs]
        bad = [one for one in grown if is_steep(one, FUNCTION_SECONDS)]
        steep += bool(bad)
        for one in bad or sorted(grown, key=lambda one: -one.seconds)[:1]:
            print(f"{name:<24}{one.seconds:>10.2f}{one.exponent:>10.2f}  {_said(one.run)}", flush=True)
    return steep


if __name__ == "__main__":
    sys.exit(main())
