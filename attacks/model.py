"""What an input of the collection is, and what became of it. Every file is checked when it is loaded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

Format = Literal["html", "hwp", "hwpx", "docx", "xlsx", "pdf", "zip"]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Input(Strict):
    """One hostile input; ``why`` where the file's own line does not say enough."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_]*$")
    why: str = ""


class Facts(Strict):
    """What is right of a record. Alternatives of a value stand with a bar between; None means that there is none.

    An amount is ``krw`` or ``krw role``. ``refused`` are words of the reason why a file is not read.
    """

    closes_at: str | None = None
    opens_at: str | None = None
    amounts: list[str] | None = None
    amounts_without: list[str] = []
    regions: list[str] | None = None
    regions_with: list[str] = []
    regions_without: list[str] = []
    relevant: bool | None = None
    title: str | None = None
    text_has: list[str] = []
    text_lacks: list[str] = []
    refused: str | None = None


class Step(Strict):
    """A piece of an answer. ``send`` is bytes as Latin-1 writes them; ``times: 0`` is for ever, ``every`` seconds.

    ``ok`` is a whole page of HTML with its head, in the input's charset. ``gzip`` and ``deflate`` are packed; ``cut``
    takes so many bytes off the end.
    """

    send: str | None = None
    text: str | None = None
    ok: str | None = None
    gzip: str | None = None
    deflate: str | None = None
    cut: int = Field(default=0, ge=0)
    times: int = Field(default=1, ge=0)
    every: float = Field(default=0.0, ge=0)
    hold: bool = False  # keeps the connection open and says nothing


class KindFile(Strict):
    """A file of inputs of one kind; ``origin`` says where the kind comes from."""

    kind: str
    title: str
    origin: str
    method: str


@dataclass(frozen=True)
class Outcome:
    """What became of one input: nothing ``missed`` means that it was held."""

    kind: str
    input: str
    missed: list[str]
    seconds: float = 0.0

    @property
    def held(self) -> bool:
        return not self.missed


@dataclass(frozen=True)
class Figures:
    """One line of the table."""

    kind: str
    title: str
    origin: str
    tried: int
    held: int
    seconds: float

    @property
    def found(self) -> int:
        return self.tried - self.held


def unique(inputs: Iterable[Input]) -> None:
    """Refuse a file that has two inputs of one name.

    Raises:
        ValueError: names it.
    """
    seen = set[str]()
    for one in inputs:
        if one.id in seen:
            raise ValueError(f"two inputs are called {one.id!r}")
        seen.add(one.id)


class Inputs(KindFile):
    """Base of the files of each method: their inputs have names of their own."""

    inputs: list[Any] = Field(min_length=1)

    @field_validator("inputs")
    @classmethod
    def _no_name_twice(cls, found: list[Any]) -> list[Any]:
        unique(found)
        return found
