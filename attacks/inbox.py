"""Folders that people drop files into: names, links and things that are no files, beside a good one."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from pydantic import Field

from attacks.commands import Command
from attacks.files import Damage, FileSpec
from attacks.model import Input, Inputs, Outcome, Strict
from attacks.probes import FORBIDDEN, last_line, one_of
from attacks.project import Project, batch_of, files_with

GOOD = "진주시 항공AI 실증 지원사업에 10억원을 투입한다. 접수기간: 2026. 11. 2. ~ 2026. 11. 27.까지"
SECRET = "두루미가 숨긴 암호문"


class Thing(Strict):
    """Something in a folder. ``⟨b0⟩`` in its name is a byte that is no UTF-8."""

    name: str
    what: Literal["text", "empty", "file", "link", "pipe", "folder", "sparse"] = "text"
    to: str = ""  # of a link; «outside» is a folder beside the inbox with a secret in it
    text: str = GOOD
    file: FileSpec | None = None
    damage: Damage | None = None

    def put(self, folder: Path, outside: Path) -> None:
        """Make it."""
        path = folder / raw(self.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if self.what == "link":
            path.symlink_to(self.to.replace("«outside»", str(outside)))
        elif self.what == "pipe":
            os.mkfifo(path)
        elif self.what == "folder":
            path.mkdir()
        elif self.what == "sparse":
            with path.open("wb") as out:
                out.truncate(3 << 30)
        else:
            path.write_bytes(self._content())

    def _content(self) -> bytes:
        if self.file is None:
            return b"" if self.what == "empty" else self.text.encode()
        return self.damage.done_to(self.file.content()) if self.damage else self.file.content()


class InboxInput(Input):
    """What lies in the folder beside the good file, and what should become of it."""

    things: list[Thing] = Field(min_length=1)
    read: int | None = None  # documents that are read, the good one among them
    told: str | None = None
    state: str = "ok|partial"


class InboxKind(Inputs):
    inputs: list[InboxInput] = Field(min_length=1)


def raw(name: str) -> str:
    """A name with its raw bytes."""
    return re.sub(r"⟨([0-9a-f]{2})⟩", lambda found: os.fsdecode(bytes.fromhex(found[1])), name)


def try_inbox(kind: InboxKind, project: Project, home: Path, chosen: Sequence[InboxInput]) -> Iterator[Outcome]:
    """Collect each folder into a home of its own; what became of each."""
    commands = []
    for one in chosen:
        room = home / f"inbox-{one.id}"
        inbox, outside = room / "받은", room / "outside"
        for folder in (inbox, outside):
            folder.mkdir(parents=True)
        (outside / "비밀.txt").write_text(f"{SECRET}. {GOOD}", "utf-8")
        (inbox / "좋은 공고.txt").write_text(GOOD, "utf-8")
        for thing in one.things:
            thing.put(inbox, outside)
        env = project.environment(room / "home", "inbox", "http://127.0.0.1:9") | {"GONGGO_INBOX": str(inbox)}
        commands.append(Command(one.id, ["collect", "inbox"], env))
    ran = project.run(commands)
    for one in chosen:
        did = ran[one.id]
        yield Outcome(
            kind.kind,
            one.id,
            [*did.missed, *_missed(one, did.out + did.err, home / f"inbox-{one.id}/home")],
            did.seconds,
        )


def _missed(one: InboxInput, output: str, home: Path) -> Iterator[str]:
    batch = batch_of(home, "inbox")
    if batch is None:
        yield f"no batch was left: {last_line(output)}"
        return
    read = {number for number, document in batch.documents.items() if document["outcome"] == "ok"}
    if not any(number.endswith("좋은 공고.txt") for number in read):
        yield "the good file beside it was not read"
    if one.read is not None and len(read) != one.read:
        yield f"{len(read)} files were read, right are {one.read}: {sorted(read)}"
    if not one_of(batch.run["state"], one.state):
        yield f"the run is {batch.run['state']}, right is {one.state}"
    reasons = batch.errors() + output + "\n".join(str(document["reason"]) for document in batch.documents.values())
    if one.told is not None and not re.search(one.told, reasons):
        yield f"nothing is told of it: {last_line(reasons)!r}"
    for document in batch.documents.values():
        if FORBIDDEN.search(document["title"] + document["native_id"]):
            yield f"the name {document['native_id']!r} has letters that XML forbids"
    if next(files_with(home, SECRET.encode()), None):
        yield "a file outside the folder was read into the home"
