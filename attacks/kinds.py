"""The registry: the ways to try an input, and the files of inputs, one for each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from attacks.boards import BoardKind, try_boards
from attacks.cells import CellKind, try_cells
from attacks.damage import DamageKind, try_damage
from attacks.inbox import InboxKind, try_inbox
from attacks.model import Inputs, Outcome
from attacks.project import Project
from attacks.settings import SettingsKind, try_settings
from attacks.state import StateKind, try_state
from attacks.texts import TextKind, try_texts
from attacks.tls import TlsKind, try_tls
from attacks.together import TogetherKind, try_together
from attacks.web import SqlKind, WebKind, try_sql, try_web
from gonggo.datafile import load_model, load_yaml
from gonggo.errors import DataFileError

INPUTS = Path(__file__).with_name("inputs")


@dataclass(frozen=True)
class Way:
    """How the inputs of a kind are tried: what their file is, and what tries some of them in a home."""

    file: type[Inputs]
    trial: Callable[[Any, Project, Path, Sequence[Any]], Iterator[Outcome]]
    # The batches that it leaves in the home are published together at the end.
    collects: bool = False


WAYS = {
    "texts": Way(TextKind, try_texts),
    "boards": Way(BoardKind, try_boards, collects=True),
    "damage": Way(DamageKind, try_damage, collects=True),
    "inbox": Way(InboxKind, try_inbox),
    "state": Way(StateKind, try_state),
    "settings": Way(SettingsKind, try_settings),
    "tls": Way(TlsKind, try_tls),
    "web": Way(WebKind, try_web),
    "sql": Way(SqlKind, try_sql),
    "cells": Way(CellKind, try_cells),
    "together": Way(TogetherKind, try_together),
}


def load_kind(path: Path) -> Inputs:
    """Read the inputs of one kind.

    Raises:
        DataFileError: names file and line.
    """
    told = load_yaml(path)
    way = told.get("way") if isinstance(told, dict) else None
    if way not in WAYS:
        raise DataFileError(f"{path}:1: way: {way!r} is none of {', '.join(WAYS)}")
    kind = load_model(path, WAYS[way].file)
    if kind.kind != path.stem:
        raise DataFileError(f"{path}:1: kind: {kind.kind!r} is not the name of its file")
    return kind


def load_kinds(folder: Path = INPUTS) -> dict[str, Inputs]:
    """The inputs of every kind, in the order of their names; what looks at all others comes last."""
    kinds = [load_kind(path) for path in sorted(folder.glob("*.yaml"))]
    return {kind.kind: kind for kind in sorted(kinds, key=lambda kind: (kind.way == "together", kind.kind))}
