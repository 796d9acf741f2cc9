"""Set the API keys that adapters read from the environment."""

import pytest


@pytest.fixture(autouse=True)
def keys(monkeypatch):
    monkeypatch.setenv("BIZINFO_API_KEY", "key")
