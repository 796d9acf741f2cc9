"""The keys that the adapters of these tests find in the environment."""

import pytest


@pytest.fixture(autouse=True)
def keys(monkeypatch):
    monkeypatch.setenv("BIZINFO_API_KEY", "key")
