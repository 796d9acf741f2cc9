"""What an announcement of the demo says, as data: programmes with their money, counts and stage.

The pages of the portal are written in words; tests compare what the pipeline makes of the words with this.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, model_validator

FundingRole = Literal["total", "national", "local", "private", "annual"]
Role = Literal[FundingRole, "award_ceiling", "award_amount"]


class Money(BaseModel):
    """An amount with the amounts it contains."""

    model_config = ConfigDict(extra="forbid")
    role: Role
    # In hundreds of millions of won, as the texts have it.
    eok: Decimal = Field(gt=0)
    # Whether it is the money of the year in which the announcement is posted.
    this_year: bool = False
    parts: list[Money] = []

    @property
    def krw(self) -> int:
        return int(self.eok * 10**8)

    @model_validator(mode="after")
    def _holds_its_parts(self) -> Money:
        inside = sum(part.eok for part in self.parts if part.role != "award_amount")
        if inside > self.eok:
            raise ValueError(f"the parts of {self.eok} add up to {inside}")
        return self


class Count(BaseModel):
    """How many are supported, trained, built or take part."""

    model_config = ConfigDict(extra="forbid")
    value: PositiveInt
    unit: Literal["companies", "projects", "people", "organisations", "teams", "sites", "items"]
    what: Literal["supported", "trained", "built", "took_part"]
    state: Literal["planned", "done"]
    per: Literal["year"] | None = None


class Programme(BaseModel):
    """A programme as one announcement describes it."""

    model_config = ConfigDict(extra="forbid")
    programme: str
    type: Literal["rnd", "demonstration", "infrastructure", "adoption", "training", "startup", "event", "plan"]
    status: Literal["proposed", "planned", "open", "selected", "ongoing", "ended"]
    outcome: Literal["cancelled"] | None = None
    parent: str | None = None
    money: list[Money] = []
    counts: list[Count] = []


class Truth(BaseModel):
    """The programmes of one announcement; none if it is about no AI programme."""

    model_config = ConfigDict(extra="forbid")
    programmes: list[Programme] = []

    @model_validator(mode="after")
    def _names_parents_that_are_there(self) -> Truth:
        names = {programme.programme for programme in self.programmes}
        missing = [p.parent for p in self.programmes if p.parent is not None and p.parent not in names]
        if missing:
            raise ValueError(f"the parent {missing[0]!r} is no programme of the announcement")
        return self
