"""The one place that chooses the storage of the warehouse: a file on this machine, or a lake that machines share."""

from __future__ import annotations

from gonggo.settings import Settings
from gonggo.warehouse.interface import Warehouse
from gonggo.warehouse.lake import LakeWarehouse
from gonggo.warehouse.local import LocalWarehouse


def warehouse_of(settings: Settings) -> Warehouse:
    """Return the lake if the settings name a shared Postgres, else the file of this machine."""
    return LakeWarehouse(settings) if settings.postgres_url else LocalWarehouse(settings)
