"""The registry: the methods of trying an input, and the files of inputs, one for each kind."""

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
class Method:
    """How the inputs of a kind are tried: what their file is, and what tries some of them in a home."""

    file: type[Inputs]
    trial: Callable[[Any, Project, Path, Sequence[Any]], Iterator[Outcome]]
    # The batches that it leaves in the home are published together at the end.
    collects: bool = False


METHODS = {
    "texts": Method(TextKind, try_texts),
    "boards": Method(BoardKind, try_boards, collects=True),
    "damage": Method(DamageKind, try_damage, collects=True),
    "inbox": Method(InboxKind, try_inbox),
    "state": Method(StateKind, try_state),
    "settings": Method(SettingsKind, try_settings),
    "tls": Method(TlsKind, try_tls),
    "web": Method(WebKind, try_web),
    "sql": Method(SqlKind, try_sql),
    "cells": Method(CellKind, try_cells),
    "together": Method(TogetherKind, try_together),
}


def load_kind(path: Path) -> Inputs:
    """Read the inputs of one kind.

    Raises:
        DataFileError: names file and line.
    """
    data = load_yaml(path)
    method = data.get("method") if isinstance(data, dict) else None
    if method not in METHODS:
        raise DataFileError(f"{path}:1: method: {method!r} is none of {', '.join(METHODS)}")
    kind = load_model(path, METHODS[method].file)
    if kind.kind != path.stem:
        raise DataFileError(f"{path}:1: kind: {kind.kind!r} is not the name of its file")
    return kind


def load_kinds(folder: Path = INPUTS) -> dict[str, Inputs]:
    """The inputs of every kind, in the order of their names; what looks at all others comes last."""
    kinds = [load_kind(path) for path in sorted(folder.glob("*.yaml"))]
    return {kind.kind: kind for kind in sorted(kinds, key=lambda kind: (kind.method == "together", kind.kind))}
