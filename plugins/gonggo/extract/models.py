"""The models that were fitted to labelled documents: the shipped ones, or new ones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from gonggo.extract import linear, name_ranking, programme_status, programme_type, region_ranking, sectors
from gonggo.extract.lexicons import FOLDER


@dataclass(frozen=True)
class Models:
    """The models of programme names, status and type in prose, and of the sectors and regions of a document."""

    programmes: linear.Model
    statuses: linear.Classifier
    types: linear.Classifier
    sectors: linear.Model
    regions: linear.Model


@cache
def shipped() -> Models:
    """Return the models of ``programmes.json``, ``statuses.json``, ``types.json``, ``sectors.json``, ``regions.json``.

    Raises:
        DataFileError: names the file that is invalid or was fitted to other features.
    """
    return Models(
        linear.load(FOLDER / "programmes.json", name_ranking.features()),
        linear.load_classifier(FOLDER / "statuses.json", programme_status.STATUSES, programme_status.features()),
        linear.load_classifier(FOLDER / "types.json", programme_type.TYPES, programme_type.features()),
        linear.load(FOLDER / "sectors.json", sectors.FEATURES),
        linear.load(FOLDER / "regions.json", region_ranking.FEATURES),
    )
