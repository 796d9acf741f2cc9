"""Detection of unknown and repeated query parameters, which are reported instead of ignored."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, get_origin
from urllib.parse import parse_qsl

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel

MAX_REPORTED = 10
LONGEST_NAME = 40


@dataclass(frozen=True)
class UnknownParameter:
    """An unknown parameter with the most similar known one, or a parameter that was given more than once."""

    name: str
    nearest: str | None
    repeated: bool = False

    def __str__(self) -> str:
        if self.repeated:
            return f"{self.name} is given more than once; the last one would count"
        return f"there is no {self.name}" + (f"; did you mean {self.nearest}?" if self.nearest else "")


def known_parameters(request: Request) -> list[str]:
    """Return the names of the query parameters that the page of this request accepts."""
    dependant: Any = getattr(request.scope.get("route"), "dependant", None)
    names: list[str] = []
    for field in dependant.query_params if dependant else ():
        kind = field.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names += [field_of_model.alias or name for name, field_of_model in kind.model_fields.items()]
        else:
            names.append(field.alias)
    return names


def repeatable(model: type[BaseModel]) -> frozenset[str]:
    """Return the names of the parameters of a model that can be given more than once."""
    return frozenset(
        field.alias or name for name, field in model.model_fields.items() if get_origin(field.annotation) is list
    )


def _repeatable(request: Request) -> set[str]:
    """Return the names of the query parameters of this request's page that can be given more than once."""
    dependant: Any = getattr(request.scope.get("route"), "dependant", None)
    models = (field.field_info.annotation for field in dependant.query_params) if dependant else ()
    return {
        name
        for model in models
        if isinstance(model, type) and issubclass(model, BaseModel)
        for name in repeatable(model)
    }


def unknown_parameters(request: Request) -> list[UnknownParameter]:
    """Return the unknown and repeated parameters of this request; none if there is no such page."""
    if request.scope.get("route") is None:
        return []
    names, several = known_parameters(request), _repeatable(request)
    counts = Counter(
        name for name, _ in parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    )
    unknown = []
    for name, count in counts.items():
        if name not in names:
            similar = get_close_matches(name.lower()[:LONGEST_NAME], names, 1, 0.5)
            unknown.append(UnknownParameter(name[:LONGEST_NAME], similar[0] if similar else None))
        elif count > 1 and name not in several:
            unknown.append(UnknownParameter(name, None, repeated=True))
    return unknown[:MAX_REPORTED]


def refuse_unknown(request: Request) -> None:
    """Refuse a request with unknown parameters, for responses that cannot show a warning.

    Raises:
        RequestValidationError: names each unknown parameter and all known ones.
    """
    names_known = ", ".join(known_parameters(request)) or "none"
    errors = [
        {"loc": ("query", parameter.name), "msg": f"{parameter} (known: {names_known})", "type": "unknown"}
        for parameter in unknown_parameters(request)
    ]
    if errors:
        raise RequestValidationError(errors)
