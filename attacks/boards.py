"""Inputs that a board of the web holds: each is a source of its own, with good announcements beside the hostile one."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from attacks.commands import Command, Ran
from attacks.model import Facts, Input, Inputs, Outcome, Step, Strict
from attacks.probes import FORBIDDEN, last_line, misses, one_of
from attacks.project import Batch, Project, batch_of, files_with, today
from attacks.server import Answer, Host, page

SECONDS = 15.0
GOOD = {
    "1": "창원시 제조AI 현장 실증 지원사업 참여기업 모집 공고",
    "3": "거제시 조선 인공지능 품질검사 도입 지원사업 공고",
}
HOSTILE = "2"
BODY = (
    "<p>{title}</p><p>경상남도 {town}의 제조기업이 인공지능(AI)을 현장에 도입하도록 지원합니다.</p>"
    "<p>접수기간: 2026. 11. 2. ~ 2026. 11. 27. 18:00까지</p><p>지원금액: 기업당 최대 3천만원</p>"
)
_ELSEWHERE = re.compile("«(\\w+)»")
Template = Literal["board", "links", "period", "feed", "json", "envelope"]


class Expected(Strict):
    """What is right afterwards. Alternatives stand with a bar between; of words, a pattern.

    ``item``: ``read`` is a document with text, ``told`` a recorded reason in its stead, ``either`` one of both.
    ``rows`` are numbers and titles of what a list brought; ``record`` is of the hostile announcement.
    """

    state: str = "ok|partial"
    item: Literal["read", "told", "either", "none"] = "read"
    because: str | None = None
    title: str | None = None
    url: str | None = None
    listed: dict[str, str] = {}
    rows: dict[str, str] | None = None
    file: str | None = None
    reason: str | None = None
    asked: list[str] = []
    unasked: list[str] = []
    beside: bool = True
    record: Facts | None = None
    nowhere: list[str] = []  # what no file of the home holds
    outside_archive: list[str] = []  # what none but the pages as they came hold


class Elsewhere(Strict):
    """A second origin; ``host`` is the name under which it is asked for."""

    host: str = "127.0.0.1"
    answers: dict[str, list[Step]] = {}
    allowed: bool = True
    keeps_out: list[str] = []  # what no request to it may hold
    never: bool = False  # nothing may be sent to it at all


class BoardInput(Input):
    """A board with one hostile part. Addresses of other origins are written ``«name»``."""

    template: Template = "board"
    charset: str = "utf-8"
    site: dict[str, Any] = {}
    title: str | None = None
    markup: str | None = None  # of the title's cell, in place of ``title``
    period: str = ""
    day: str | None = None
    body: str | None = None
    head: str = ""  # of the hostile page
    link: str = "/board.test/view?no=2"
    files: list[str] = []
    detail: list[Step] | None = None
    robots: list[Step] | None = None
    listing: list[Step] | None = None
    pages: dict[str, list[Step]] = {}
    elsewhere: dict[str, Elsewhere] = {}
    env: dict[str, str] = {}
    expected: Expected = Expected()


class BoardKind(Inputs):
    inputs: list[BoardInput] = Field(min_length=1)


@dataclass
class Stage:
    """An input that is being served: its own origin and the others, and what it is called as a source."""

    source: str
    input: BoardInput
    host: Host
    others: dict[str, Host] = field(default_factory=dict)

    def filled(self, text: str) -> str:
        """A text with the ports of the other origins in it."""
        ports = {name: f"{self.input.elsewhere[name].host}:{host.port}" for name, host in self.others.items()}
        ports["self"] = f"127.0.0.1:{self.host.port}"
        return _ELSEWHERE.sub(lambda found: ports[found[1]], text)

    def steps(self, steps: Sequence[Step]) -> list[Step]:
        """Steps with the ports of the other origins in them."""
        names = ("send", "text", "ok", "gzip", "deflate")
        return [
            step.model_copy(update={name: self.filled(value) for name in names if (value := getattr(step, name))})
            for step in steps
        ]


def try_boards(kind: BoardKind, project: Project, home: Path, chosen: Sequence[BoardInput]) -> Iterator[Outcome]:
    """Collect every input into one home, as the tasks of many sources do; what became of each."""
    with ExitStack() as stack:
        stages = [stack.enter_context(staged(f"{kind.kind}_{one.id}", one)) for one in chosen]
        commands = []
        for stage in stages:
            project.drop_in(stage.source, stage.input.template, {"charset": stage.input.charset, **stage.input.site})
            commands.append(_command(stage, project, _home_of(stage, home)))
        ran = project.run(commands)
        for stage in stages:
            result = ran[stage.source]
            yield Outcome(kind.kind, stage.input.id, [*missed_of(stage, result, _home_of(stage, home))], result.seconds)


def _home_of(stage: Stage, home: Path) -> Path:
    """The home of an input: one of its own where every file of it is looked at."""
    return (
        home.with_name(f"home-{stage.source}")
        if stage.input.expected.nowhere or stage.input.expected.outside_archive
        else home
    )


@contextmanager
def staged(source: str, one: BoardInput) -> Iterator[Stage]:
    """Serve an input as a source until the block ends."""
    with ExitStack() as stack:
        stage = Stage(source, one, stack.enter_context(Host({}, one.charset).serving()))
        for name in one.elsewhere:
            stage.others[name] = stack.enter_context(Host({}, one.charset).serving())
        for name, other in one.elsewhere.items():
            stage.others[name].answers = {path: stage.steps(steps) for path, steps in other.answers.items()}
        stage.host.answers = _answers(stage)
        yield stage


def _command(stage: Stage, project: Project, home: Path) -> Command:
    allowed = [f"{one.host}:{stage.others[name].port}" for name, one in stage.input.elsewhere.items() if one.allowed]
    env = project.environment(home, stage.source, stage.host.url, *allowed)
    return Command(stage.source, ["collect", stage.source], env | stage.input.env, SECONDS)


def _answers(stage: Stage) -> dict[str, Answer]:
    """What the origin of an input says to each path."""
    one, charset = stage.input, stage.input.charset
    media = f"text/html; charset={charset}"
    answers: dict[str, Answer] = {
        f"/board.test/view?no={number}": page(_view(title, "창원시", "").encode(charset), media)
        for number, title in GOOD.items()
    }
    shown = _view(one.title or "기준 공고", "김해시", _file_links(stage), one.body, one.head)
    hostile: Answer = page(stage.filled(shown).encode(charset, "xmlcharrefreplace"), media)
    answers[f"/board.test/view?no={HOSTILE}"] = stage.steps(one.detail) if one.detail else hostile
    answers["/board.test/list"] = (
        stage.steps(one.listing) if one.listing else page(_list(stage).encode(charset, "xmlcharrefreplace"), media)
    )
    answers |= {path: stage.steps(steps) for path, steps in one.pages.items()}
    if one.robots:
        answers["/robots.txt"] = stage.steps(one.robots)
    return answers


def _view(title: str, town: str, files: str, body: str | None = None, head: str = "") -> str:
    text = body if body is not None else BODY.format(title=html.escape(title), town=town)
    return f'<html><head>{head}</head><body><div class="view">{text}</div>{files}</body></html>'


def _file_links(stage: Stage) -> str:
    links = "".join(
        f'<li><a href="{html.escape(address)}">붙임 {number}.hwp</a></li>'
        for number, address in enumerate(stage.input.files, 1)
    )
    return f'<ul class="files">{links}</ul>' if links else ""


def _list(stage: Stage) -> str:
    one, now = stage.input, today()
    title = one.markup if one.markup is not None else html.escape(one.title or "김해시 의료AI 실증 지원사업 공고")
    rows = {number: (html.escape(title), f"/board.test/view?no={number}", now, "") for number, title in GOOD.items()}
    rows[HOSTILE] = (title, html.escape(stage.filled(one.link)), one.day or now, html.escape(one.period))
    drawn = "".join(
        f'<tr><td class="no">{number}</td><td class="subject"><a href="{link}">{title}</a></td>'
        f'<td class="date">{day}</td><td class="period">{period}</td></tr>'
        for number, (title, link, day, period) in sorted(rows.items())
    )
    return f'<html><body><table class="list"><tbody>{drawn}</tbody></table></body></html>'


def missed_of(stage: Stage, ran: Ran, home: Path) -> Iterator[str]:
    """Everything that is not right after an input was collected."""
    right, batch = stage.input.expected, batch_of(home, stage.source)
    if ran.missed or batch is None:
        yield from ran.missed or [f"no batch was left: {last_line(ran.err)}"]
        return
    if not one_of(batch.run["state"], right.state):
        yield f"the run is {batch.run['state']}, right is {right.state}: {last_line(batch.errors())}"
    if right.because is not None and not re.search(right.because, batch.errors()):
        yield f"the reason is {last_line(batch.errors())!r}, not {right.because!r}"
    if right.beside and stage.input.listing is None:
        yield from (f"the good announcement {n} beside it was not read" for n in GOOD if not _is_read(batch, n))
    yield from _item(batch, right, ran)
    yield from _rows(batch, right)
    yield from _requests(stage, right)
    for secret in (*right.nowhere, *right.outside_archive):
        kept = (path for path in files_with(home, secret.encode()) if secret in right.nowhere or path.suffix != ".gz")
        found = next(kept, None)
        if found:
            yield f"{secret!r} is kept in {found.relative_to(home)}"
        if secret in ran.out + ran.err:
            yield f"{secret!r} was printed"


def _is_read(batch: Batch, number: str) -> bool:
    document = batch.documents.get(number)
    return bool(document and document["outcome"] == "ok" and len(document["record"]["text"]) > 40)


def _item(batch: Batch, right: Expected, ran: Ran) -> Iterator[str]:
    """What is not right of the hostile announcement itself."""
    document = batch.documents.get(HOSTILE)
    if right.item == "none" or right.rows is not None:
        return
    is_read = _is_read(batch, HOSTILE)
    is_reported = document is not None and document["outcome"] != "ok" and bool(document["reason"])
    is_reported |= document is None and bool(batch.run["errors"] or batch.run["vanished"])
    if right.item == "read" and not is_read:
        yield f"it was not read: {(document or {}).get('reason') or last_line(batch.errors() or ran.err)}"
    if right.item == "told" and is_read:
        yield "it was taken for a whole page"
    if not is_read and not is_reported:
        yield "it was lost without a word"
    if document is None:
        return
    for name in ("title", "url"):
        wanted, found = getattr(right, name), document[name]
        if wanted is not None and not one_of(found, wanted):
            yield f"its {name} is {found!r}, right is {wanted!r}"
        if FORBIDDEN.search(found):
            yield f"its {name} has letters that XML forbids"
    for name, wanted in right.listed.items():
        found = document["listed"].get(name)
        if not one_of(found if found is not None else "", wanted.replace("today", today())):
            yield f"its {name} is {found!r} in the list, right is {wanted!r}"
    if right.record is not None:
        yield from misses(document["record"], str(document["reason"]), right.record)
    yield from _attached(document, right)


def _attached(document: dict[str, Any], right: Expected) -> Iterator[str]:
    if right.file is None:
        return
    for file in document["attachments"]:
        if not one_of(file["outcome"], right.file):
            yield f"its file is {file['outcome']!r} ({file.get('reason')}), right is {right.file}"
        elif right.reason is not None and not re.search(right.reason, str(file.get("reason"))):
            yield f"its file is refused for {file.get('reason')!r}, not for {right.reason!r}"
    if not document["attachments"]:
        yield "its file is not reported"


def _rows(batch: Batch, right: Expected) -> Iterator[str]:
    if right.rows is None:
        return
    found = {number: document["title"] for number, document in batch.documents.items()}
    if set(found) != set(right.rows):
        yield f"the rows are {sorted(found)}, right are {sorted(right.rows)}: {last_line(batch.errors())}"
    for number in set(found) & set(right.rows):
        if not one_of(found[number], right.rows[number]):
            yield f"the title of {number} is {found[number]!r}, right is {right.rows[number]!r}"


def _requests(stage: Stage, right: Expected) -> Iterator[str]:
    """What was asked for and should not have been, and the other way round."""
    asked = [*stage.host.asked, *(path for host in stage.others.values() for path in host.asked)]
    for wanted in right.asked:
        if not any(one_of(path, stage.filled(wanted)) for path in asked):
            yield f"{wanted} was not asked for, but {[path for path in asked if 'view' not in path][-3:]}"
    for wrong in right.unasked:
        if any(path.startswith(wrong) for path in asked):
            yield f"{wrong} was asked for"
    for name, other in stage.input.elsewhere.items():
        sent = b"\n".join(stage.others[name].heads)
        if other.never and stage.others[name].heads:
            yield f"{name} was asked: {stage.others[name].asked[:2]}"
        yield from (f"{name} was told {secret!r}" for secret in other.keeps_out if secret.encode() in sent)
