"""The catalogue: one validated YAML file a site in ``sites/``. A file dropped there is a source."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from gonggo.datafile import load_model, load_yaml
from gonggo.errors import DataFileError
from gonggo.settings import Settings

SITES = Path(__file__).with_name("sites")
PRESETS = Path(__file__).with_name("presets")
REGIONS = (
    *("서울", "부산", "대구", "인천", "광주", "대전", "울산", "세종", "경기"),
    *("강원", "충북", "충남", "전북", "전남", "경북", "경남", "제주", "전국"),
)


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Name(Strict):
    ko: str
    en: str


class Politeness(Strict):
    """Seconds between two requests to the host, and the User-Agent it accepts."""

    delay_seconds: float = Field(default=1.5, ge=0.5)
    user_agent: Literal["honest", "browser"] = "honest"


class Cell(Strict):
    """Where a value of a row stands: a CSS selector, optionally an attribute of it and a pattern with one group."""

    select: str
    attribute: str | None = None
    pattern: str | None = None
    date: str | None = None  # strptime format of the site; the value becomes an ISO date


class ListRules(Strict):
    """How to ask for a list page and where its rows are.

    ``url`` and ``params`` may hold ``{page}`` and ``{key}``. HTML families use selectors, JSON families dotted paths.
    """

    url: str
    method: Literal["GET", "POST"] = "GET"
    params: dict[str, str] = {}
    form: dict[str, str] | None = None
    first_page: int = 1
    page_size: int | None = None
    rows: str
    pinned: str | None = None
    id: Cell | str
    title: Cell | str
    fields: dict[str, Cell | str] = {}
    total: str | None = None
    last_page: str | None = None


class DetailRules(Strict):
    """How to ask for an announcement and where its parts are. ``url`` holds ``{id}``."""

    url: str
    link: str | None = None  # the address that people open, when it is not ``url``
    body: str | None = None
    title: str | None = None
    fields: dict[str, Cell | str] = {}
    files: str | None = None
    sections: dict[str, str] = {}  # JSON: key of the answer -> label in the text


class Expect(Strict):
    """What a healthy run yields; anything else is an error, never "no news"."""

    rows_per_page_min: int = Field(ge=1)
    required: list[str] = []
    stale_after_days: int = Field(ge=1)


class Site(Strict):
    """One site. ``confidence`` says how sure its description is: A recorded, B seen by two, C once, D a guess."""

    id: str
    name: Name
    operator: str
    region: str
    home: str
    family: Literal["html_board", "bizinfo", "json_list", "inbox"]
    schedule: str
    enabled: bool = True
    reason: str | None = None
    confidence: Literal["A", "B", "C", "D"]
    evidence_date: str
    key_env: str | None = None
    key_url: str | None = None
    charset: str = "utf-8"
    politeness: Politeness = Politeness()
    list: ListRules | None = None
    detail: DetailRules | None = None
    expect: Expect

    @field_validator("region")
    @classmethod
    def _known_region(cls, value: str) -> str:
        if value not in REGIONS:
            raise ValueError(f"{value!r} is none of {' '.join(REGIONS)}")
        return value

    def resolved(self, settings: Settings) -> Site:
        """This site, or in demo mode its twin: the same description with every address turned to the portal."""
        if not settings.demo_url:
            return self
        turned = self.list and self.list.model_copy(update={"url": to_demo(self.list.url, settings)})
        parts: dict[str, Any] = {"list": turned, "home": to_demo(self.home, settings)}
        if self.detail:
            link = to_demo(self.detail.link, settings) if self.detail.link else None
            update = {"url": to_demo(self.detail.url, settings), "link": link}
            parts["detail"] = self.detail.model_copy(update=update)
        return self.model_copy(update=parts)


def to_demo(url: str, settings: Settings) -> str:
    """``https://HOST/path`` as the demo portal serves it: ``<portal>/HOST/path``."""
    scheme, rest = url.partition("://")[::2]
    return f"{settings.demo_url}/{rest}" if settings.demo_url and scheme in ("http", "https") else url


def load_site(path: Path) -> Site:
    """Read one site; its preset, when it names one, fills what the file leaves out.

    Errors:
        DataFileError: names file and line.
    """
    data = load_yaml(path)
    extra: dict[str, Any] = {"id": path.stem}
    preset = data.get("preset") if isinstance(data, dict) else None
    if preset:
        rules = PRESETS / f"{preset}.yaml"
        if not rules.exists():
            raise DataFileError(f"{path}:1: preset: there is no preset {preset!r} in {PRESETS.name}/")
        for part, values in load_yaml(rules).items():
            own = data.get(part)
            extra[part] = {**values, **own} if isinstance(values, dict) and isinstance(own, dict) else own or values
        return load_model(path, Site, drop=("preset",), **extra)
    return load_model(path, Site, **extra)


@cache
def load_catalogue(folder: Path = SITES) -> dict[str, Site]:
    """All sites by id, in the order of their ids."""
    return {path.stem: load_site(path) for path in sorted(folder.glob("*.yaml"))}


def active_sites(settings: Settings, environ: Mapping[str, str] = os.environ) -> list[Site]:
    """The sites that a run with these settings collects."""
    return [site for site in load_catalogue().values() if why_not(site, settings, environ) is None]


def skipped_sites(settings: Settings, environ: Mapping[str, str] = os.environ) -> list[tuple[Site, str]]:
    """The other sites, each with the reason and the next step."""
    reasons = ((site, why_not(site, settings, environ)) for site in load_catalogue().values())
    return [(site, reason) for site, reason in reasons if reason]


def why_not(site: Site, settings: Settings, environ: Mapping[str, str]) -> str | None:
    """Why a site is not collected; None when it is."""
    if settings.only and site.id not in settings.only:
        return "not named in GONGGO_SOURCES"
    if not site.enabled:
        return site.reason or "disabled in its YAML file"
    if site.family == "inbox" and not settings.inbox:
        return "no folder given; set GONGGO_INBOX"
    if settings.mode == "live" and site.key_env and not environ.get(site.key_env):
        return f"needs a key in {site.key_env}; ask for one at {site.key_url}"
    return None


def describe(site: Site) -> dict[str, Any]:
    """The site as plain data, for people."""
    return site.model_dump(exclude_none=True)
