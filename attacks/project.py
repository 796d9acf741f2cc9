"""A copy of the program with sites of its own, as somebody has who dropped their YAML files into it; and its homes."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from attacks.commands import ROOT, Commands
from gonggo.model import read_jsonl
from gonggo.settings import SEOUL

SITES = Path(__file__).with_name("sites")


class Project:
    """The program below a folder. ``stack`` ends what was started for it; ``run`` runs its commands."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder, self.plugins = folder, folder / "plugins"
        self.rooms = self.plugins / "gonggo" / "sources" / "sites"
        shutil.copytree(ROOT / "plugins", self.plugins, ignore=shutil.ignore_patterns("__pycache__"))
        self.stack, self.lock = stack, threading.Lock()
        self.calm: Any = None  # the home that several ways share, once one of them has made it
        commands = Commands(self.plugins)
        stack.callback(commands.close)
        self.run = commands.run
        (folder / "sql").symlink_to(ROOT / "sql")
        for site in self.rooms.iterdir():
            if site.stem != "inbox":
                site.unlink()

    def drop_in(self, name: str, template: str, more: Mapping[str, Any]) -> None:
        """Make a source of one of the templates, with parts of it replaced."""
        site = yaml.safe_load((SITES / f"{template}.yaml").read_text("utf-8"))
        for part, values in more.items():
            site[part] = {**site[part], **values} if isinstance(values, dict) and part in site else values
        (self.rooms / f"{name}.yaml").write_text(yaml.safe_dump(site, allow_unicode=True), "utf-8")

    def environment(self, home: Path, source: str, portal: str, *allowed: str) -> dict[str, str]:
        """The variables of a collection of one source, whose addresses all lead to one server of this machine."""
        return {
            "GONGGO_HOME": str(home),
            "GONGGO_SOURCES": f"demo,{source}",
            "GONGGO_DEMO_URL": portal,
            "GONGGO_PREFILTER": "off",
            "GONGGO_PORTAL_PAUSE": "off",
            "GONGGO_ALLOW_PRIVATE": ",".join(allowed),
        }


@dataclass(frozen=True)
class Batch:
    """What a collection left of a source: its run, and its documents by their numbers."""

    run: dict[str, Any]
    documents: dict[str, dict[str, Any]]

    def errors(self) -> str:
        """What went wrong, in the words of the run."""
        return "\n".join(f"{one['outcome']}: {one['url']} {one['message']}" for one in self.run["errors"])


def batch_of(home: Path, source: str) -> Batch | None:
    """The last batch of a source; None where there is none."""
    found = sorted((home / "batches").glob(f"{source}__*"))
    if not found or not (found[-1] / "run.json").exists():
        return None
    documents = {row["native_id"]: row for row in read_jsonl(found[-1] / "documents.jsonl")}
    return Batch(json.loads((found[-1] / "run.json").read_text("utf-8")), documents)


def today() -> str:
    """This day where the boards are."""
    return datetime.now(SEOUL).date().isoformat()


def files_with(folder: Path, secret: bytes) -> Iterator[Path]:
    """The files below a folder that have a secret in their name or in their bytes, unpacked where they are packed."""
    for path in folder.rglob("*"):
        if secret in os.fsencode(path.name):
            yield path
        elif path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            if path.suffix == ".gz":
                content += gzip.decompress(content)
            if secret in content:
                yield path
