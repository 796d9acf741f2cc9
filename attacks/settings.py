"""Commands and settings as people mistype them: one line that says what is wrong and what to do, no traceback."""

from __future__ import annotations

import re
import shutil
import socket
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from pydantic import Field

from attacks.calm import calm_home
from attacks.commands import Command, Ran
from attacks.model import Input, Inputs, Outcome
from attacks.probes import last_line
from attacks.project import Project

SECONDS = 12.0
MOST_LINES = 12


class SettingsInput(Input):
    """A command. «home», «file» and «port» stand for a home, for a file in it, and for a port that is taken."""

    words: list[str] = Field(min_length=1)
    env: dict[str, str] = {}
    status: list[int] = [1, 2]
    told: str | None = None
    empty_home: bool = False


class SettingsKind(Inputs):
    inputs: list[SettingsInput] = Field(min_length=1)


def try_settings(
    kind: SettingsKind, project: Project, home: Path, chosen: Sequence[SettingsInput]
) -> Iterator[Outcome]:
    """Give every command; what it said."""
    calm, room = calm_home(project), home / "settings"
    shutil.copytree(calm.home, room, symlinks=True)
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        # A source with a key, for what is said of keys.
        keyed = {"key_env": "DATA_GO_KR_API_KEY", "key_url": "https://board.test/keys"}
        project.drop_in("keyed", "envelope", keyed)
        note = room / "note.txt"
        note.write_text("a file, and no folder", "utf-8")
        names = {"«home»": str(room), "«file»": str(note), "«port»": str(taken.getsockname()[1])}
        commands = []
        for one in chosen:
            env = {
                **calm.env,
                "GONGGO_HOME": str(room),
                **{name: _filled(value, names) for name, value in one.env.items()},
            }
            if one.empty_home:
                env["GONGGO_HOME"] = str(home / f"settings-{one.id}")
            commands.append(Command(one.id, [_filled(word, names) for word in one.words], env, SECONDS))
        ran = project.run(commands)
    for one in chosen:
        yield Outcome(kind.kind, one.id, [*ran[one.id].missed, *_missed(one, ran[one.id])], ran[one.id].seconds)


def _filled(text: str, names: dict[str, str]) -> str:
    for name, value in names.items():
        text = text.replace(name, value)
    return text


def _missed(one: SettingsInput, did: Ran) -> Iterator[str]:
    if did.missed:
        return
    if did.status not in one.status:
        yield f"the exit status is {did.status}, right is {one.status}: {last_line(did.err or did.out)}"
    if one.told is not None and not re.search(one.told, did.out + did.err):
        yield f"it does not say {one.told!r}: {last_line(did.err or did.out)}"
    if len(did.err.splitlines()) > MOST_LINES:
        yield f"{len(did.err.splitlines())} lines of errors"
