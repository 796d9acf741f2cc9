"""What a question of an address says that its page does not know, or says twice: told, never passed over."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel

MOST_TOLD = 10
LONGEST_NAME = 40


@dataclass(frozen=True)
class Strange:
    """A name that a page does not know, with the nearest that it knows; or one that was given more than once."""

    name: str
    nearest: str | None
    twice: bool = False

    def __str__(self) -> str:
        if self.twice:
            return f"{self.name} is given more than once; the last one would count"
        return f"there is no {self.name}" + (f"; did you mean {self.nearest}?" if self.nearest else "")


def known(request: Request) -> list[str]:
    """The names that the page of this request takes from its address."""
    dependant: Any = getattr(request.scope.get("route"), "dependant", None)
    names: list[str] = []
    for field in dependant.query_params if dependant else ():
        kind = field.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names += [one.alias or name for name, one in kind.model_fields.items()]
        else:
            names.append(field.alias)
    return names


def strange(request: Request) -> list[Strange]:
    """What the page of this request does not know of its address; nothing where there is no such page."""
    if request.scope.get("route") is None:
        return []
    names = known(request)
    given = Counter(
        name for name, _ in parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    )
    unknown = []
    for name, times in given.items():
        if name not in names:
            near = get_close_matches(name.lower()[:LONGEST_NAME], names, 1, 0.5)
            unknown.append(Strange(name[:LONGEST_NAME], near[0] if near else None))
        elif times > 1:
            unknown.append(Strange(name, None, twice=True))
    return unknown[:MOST_TOLD]


def demand_known(request: Request) -> None:
    """Refuse a question with a part that is not known, where the answer has no place to tell it.

    Raises:
        RequestValidationError: there is such a part; it names each, and all that are known.
    """
    there = ", ".join(known(request)) or "none"
    errors = [
        {"loc": ("query", one.name), "msg": f"{one} (known: {there})", "type": "unknown"} for one in strange(request)
    ]
    if errors:
        raise RequestValidationError(errors)
