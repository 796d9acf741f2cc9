"""The limits from which on checks report a figure: a data file, whose values their SQL reads as variables."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated

import duckdb
from pydantic import BaseModel, ConfigDict, Field

from gonggo.datafile import load_model

THRESHOLDS = Path(__file__).with_name("thresholds.yaml")


class MoneyMoved(BaseModel):
    """The limits of the check ``money_moved``."""

    model_config = ConfigDict(extra="forbid")
    factor: Annotated[float, Field(gt=1)]
    documents: Annotated[int, Field(ge=1)]


class Thresholds(BaseModel):
    """``thresholds.yaml``: the limits of each check that has some."""

    model_config = ConfigDict(extra="forbid")
    money_moved: MoneyMoved


@cache
def thresholds() -> Thresholds:
    """Return the limits of ``thresholds.yaml``.

    Raises:
        DataFileError: An entry is invalid; the message names file and line.
    """
    return load_model(THRESHOLDS, Thresholds)


def set_variables(con: duckdb.DuckDBPyConnection, limits: Thresholds) -> None:
    """Set a variable ``check_limit`` for each limit of each check: ``money_moved_factor``."""
    for check, values in limits.model_dump().items():
        for name, value in values.items():
            con.execute(f"SET VARIABLE {check}_{name} = {value}")
