"""The catalogue: one validated YAML file a site in ``sites/``. A file dropped there is a source."""

from __future__ import annotations

import logging
import os
import re
import ssl
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from gonggo.datafile import load_model, load_yaml
from gonggo.errors import DataFileError, UsageError
from gonggo.settings import CONNECTION, SITES, Settings, nearest

log = logging.getLogger(__name__)
PRESETS = Path(__file__).with_name("presets")
REGIONS = (
    *("서울", "부산", "대구", "인천", "광주", "대전", "울산", "세종", "경기"),
    *("강원", "충북", "충남", "전북", "전남", "경북", "경남", "제주", "전국"),
)
_MOST_NAMES = 6
_BY_POSITION = re.compile(r"td:(?:nth|first|last)-")


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Name(Strict):
    ko: str
    en: str


class Politeness(Strict):
    """Seconds between two requests to the host, the User-Agent it accepts, and what its front door needs.

    ``tls: legacy`` allows the ciphers and the renegotiation of old servers, for this site only; certificates are
    checked all the same. ``ca_file`` is a PEM file beside the YAML file, with certificates of issuers that this site's
    servers may have besides the usual ones. ``front`` is a page to open first, for the cookie it sets.
    """

    delay_seconds: float = Field(default=1.5, ge=0.5)
    user_agent: Literal["honest", "browser"] = "honest"
    tls: Literal["modern", "legacy"] = "modern"
    ca_file: str | None = None
    front: str | None = None

    @field_validator("ca_file")
    @classmethod
    def _readable_certificates(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None:
            return None
        path = Path((info.context or {}).get("folder", SITES)) / value
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=path)
        except OSError as error:
            raise ValueError(f"{path} holds no certificates in PEM ({error})") from error
        return str(path)


class Cell(Strict):
    """Where a value of a row stands: a CSS selector, optionally an attribute of it and a pattern with one group.

    ``base64`` is a pattern for what the value says when it is decoded. In an answer in JSON ``{first}:{second}`` makes
    one value of several keys.
    """

    select: str
    attribute: str | None = None
    pattern: str | None = None
    base64: str | None = None
    date: str | None = None  # strptime format of the site; the value becomes an ISO date


class ListRules(Strict):
    """How to ask for a list page and where its rows are.

    ``url``, ``params``, ``form`` and ``json_body`` may hold ``{page}``, ``{offset}`` (rows before the page),
    ``{offset1}``, ``{day_from}`` and ``{day}``, ``{key}`` and ``{base64:…}``. HTML families use selectors, the others
    dotted paths. ``href`` is the cell whose link is the announcement's own address, for boards that have one.
    ``first_url`` is the first page where it differs.
    """

    url: str
    first_url: str | None = None
    method: Literal["GET", "POST"] = "GET"
    params: dict[str, str] = {}
    form: dict[str, str] | None = None
    json_body: dict[str, Any] | None = None
    headers: dict[str, str] = {}
    first_page: int = 1
    page_size: int | None = None
    rows: str
    pinned: str | None = None
    id: Cell | str
    href: Cell | str | None = None
    title: Cell | str
    fields: dict[str, Cell | str] = {}
    total: str | None = None
    last_page: str | None = None
    pages: int | None = Field(default=None, ge=1)  # look at no more pages than these


class DetailRules(Strict):
    """How to ask for an announcement and where its parts are.

    ``url`` and ``form`` hold ``{id}`` and names of the row's fields; without ``url`` the row's own ``href`` is asked
    for.
    ``kind``: html (a page, ``body`` is a selector), json (an answer, ``body`` a dotted path), row (the list row holds
    all there is; no request). ``sections``: keys of an answer or a row, and the labels under which the text shows them.
    """

    url: str | None = None
    link: str | None = None  # the address that people open, when it is not ``url``
    kind: Literal["html", "json", "row"] | None = None
    method: Literal["GET", "POST"] = "GET"
    form: dict[str, str] | None = None
    json_body: dict[str, Any] | None = None
    headers: dict[str, str] = {}
    body: str | None = None
    title: str | None = None
    fields: dict[str, Cell | str] = {}
    files: str | None = None
    sections: dict[str, str] = {}


class Expect(Strict):
    """What a healthy run yields; anything else is an error, never "no news".

    ``required`` must be filled in some row of every page. Every other field of the list must be filled in some row of
    the first page, but for those in ``may_be_empty``. ``columns`` is the number of cells of a row, for boards whose
    fields are found by their position.
    """

    rows_per_page_min: int = Field(ge=1)
    required: list[str] = []
    may_be_empty: list[str] = []
    columns: int | None = Field(default=None, ge=2)
    stale_after_days: int = Field(ge=1)


class Way(Strict):
    """One of several ways to the same list; it is used when its key is there, or needs none."""

    key_env: str | None = None
    key_url: str | None = None
    list: ListRules
    expect: Expect


class Site(Strict):
    """One site. ``confidence`` says how sure its description is: A recorded, B seen by two, C once, D a guess."""

    id: str
    name: Name
    operator: str
    region: str
    home: str
    family: Literal["html_board", "bizinfo", "json_list", "datago", "eminwon", "rss", "naver_news", "inbox"]
    schedule: str
    enabled: bool = True
    reason: str | None = None
    confidence: Literal["A", "B", "C", "D"]
    evidence_date: str
    note: str | None = None
    demo: bool = False  # the demo portal serves its twin
    queries: tuple[str, ...] = ()  # families that search: what they ask for
    key_env: str | None = None
    secret_env: str | None = None
    key_url: str | None = None
    charset: str = "utf-8"
    politeness: Politeness = Politeness()
    list: ListRules | None = None
    ways: dict[str, Way] = {}
    detail: DetailRules | None = None
    expect: Expect

    @model_validator(mode="after")
    def _positions_need_their_count(self) -> Site:
        rules = self.list
        if self.family == "html_board" and rules and self.enabled and not self.expect.columns:
            cells = [rules.id, rules.title, *rules.fields.values()]
            positional = [cell for cell in cells if _BY_POSITION.search(cell if isinstance(cell, str) else cell.select)]
            if positional:
                raise ValueError(f"expect.columns is missing, and {positional[0]!r} finds its cell by position")
        return self

    @field_validator("id")
    @classmethod
    def _separable_id(cls, value: str) -> str:
        if "__" in value or value.endswith("_"):
            raise ValueError(f"{value!r} holds two underscores or ends in one; names of batches are split there")
        return value

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
        parts: dict[str, Any] = {"home": to_demo(self.home, settings)}
        parts["politeness"] = _with_demo_urls(self.politeness, ("front",), settings)
        parts["list"] = self.list and _with_demo_urls(self.list, ("url", "first_url"), settings)
        parts["ways"] = {
            name: way.model_copy(update={"list": _with_demo_urls(way.list, ("url", "first_url"), settings)})
            for name, way in self.ways.items()
        }
        parts["detail"] = self.detail and _with_demo_urls(self.detail, ("url", "link"), settings)
        return self.model_copy(update=parts)


def _with_demo_urls(rules: Strict, names: tuple[str, ...], settings: Settings) -> Strict:
    """The same rules with their addresses turned to the portal."""
    addresses = {name: getattr(rules, name) for name in names}
    return rules.model_copy(update={name: to_demo(url, settings) for name, url in addresses.items() if url})


def to_demo(url: str, settings: Settings) -> str:
    """``https://HOST/path`` as the demo portal serves it: ``<portal>/HOST/path``."""
    scheme, rest = url.partition("://")[::2]
    return f"{settings.demo_url}/{rest}" if settings.demo_url and scheme in ("http", "https") else url


def load_site(path: Path) -> Site:
    """Read one site; its preset, when it names one, fills what the file leaves out.

    Raises:
        DataFileError: names file and line.
    """
    data = load_yaml(path)
    defaults: dict[str, Any] = {"id": path.stem}
    preset = data.get("preset") if isinstance(data, dict) else None
    if preset:
        preset_path = PRESETS / f"{preset}.yaml"
        if not preset_path.exists():
            raise DataFileError(f"{path}:1: preset: there is no preset {preset!r} in {PRESETS.name}/")
        for part, values in load_yaml(preset_path).items():
            overrides = data.get(part)
            defaults[part] = (
                {**values, **overrides}
                if isinstance(values, dict) and isinstance(overrides, dict)
                else overrides or values
            )
        return load_model(path, Site, drop=("preset",), **defaults)
    return load_model(path, Site, **defaults)


@cache
def load_catalogue(folder: Path = SITES) -> dict[str, Site]:
    """All sites by id, in the order of their ids; one whose file is wrong is left out, told, and costs no other."""
    sites = dict[str, Site]()
    for path in _yaml_files(folder):
        try:
            sites[path.stem] = load_site(path)
        except DataFileError as error:
            log.error("%s; its source is left out", error)
    return sites


@cache
def sites_at(host: str) -> list[Site]:
    """Return the sites whose files name a host; the others, and one whose file is wrong, are not read."""
    sites = list[Site]()
    for path in _yaml_files(SITES):
        if host in path.read_text("utf-8").lower():
            with suppress(DataFileError):
                sites.append(load_site(path))
    return sites


def broken_sites(folder: Path = SITES) -> list[str]:
    """What is wrong with the files of the sites that are left out, with file and line."""
    problems = list[str]()
    for path in _yaml_files(folder):
        if path.stem not in load_catalogue(folder):
            try:
                load_site(path)
            except DataFileError as error:
                problems.append(str(error))
    return problems


def catalogue_text() -> str:
    """All that the catalogue is read from, to tell whether it has changed without reading each site."""
    return "\0".join(f"{path.name}\0{path.read_text('utf-8')}" for path in [*_yaml_files(SITES), *_yaml_files(PRESETS)])


def _yaml_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yaml"))


@cache
def find_site(name: str | None) -> Site | None:
    """The site of an id, if there is one; the files of the others are not read."""
    paths = [path for path in _yaml_files(SITES) if path.stem == name]
    return load_site(paths[0]) if paths else None


def get_site(name: str | None) -> Site:
    """The site of an id.

    Raises:
        UsageError: names the nearest ids, and says how to find them all.
    """
    site = find_site(name)
    if site is None:
        hint = nearest(str(name), (path.stem for path in _yaml_files(SITES)), cutoff=0.3)
        raise UsageError(f"There is no source {name!r}{hint or '.'} `gonggo sources list` prints them.")
    return site


def active_sites(settings: Settings, environ: Mapping[str, str] = os.environ) -> list[Site]:
    """The sites that a run with these settings collects."""
    return [site for site in load_catalogue().values() if skip_reason(site, settings, environ) is None]


def skipped_sites(settings: Settings, environ: Mapping[str, str] = os.environ) -> list[tuple[Site, str]]:
    """The other sites, each with the reason and the next step."""
    reasons = ((site, skip_reason(site, settings, environ)) for site in load_catalogue().values())
    return [(site, reason) for site, reason in reasons if reason]


def skipped_summary(settings: Settings) -> list[str]:
    """The other sites for a screen: one line a site, or one a reason that many share."""
    names_by_reason: dict[str, list[str]] = {}
    for site, reason in skipped_sites(settings):
        names_by_reason.setdefault(reason, []).append(site.name.ko)
    return [
        f"{', '.join(names) if len(names) <= _MOST_NAMES else f'{len(names)} sources'}: off, {reason}"
        for reason, names in names_by_reason.items()
    ]


def no_active_source_message(settings: Settings) -> str:
    """Return why a run has nothing to collect, in a sentence with the next step."""
    reasons = {site.id: reason for site, reason in skipped_sites(settings)}
    named_reasons = "; ".join(f"{name}: {reasons[name]}" for name in settings.only if name in reasons)
    return (
        f"No source is active{f' ({named_reasons})' if named_reasons else ''}. `gonggo sources list` says why of each."
    )


def skip_reason(site: Site, settings: Settings, environ: Mapping[str, str]) -> str | None:
    """Why a site is not collected; None when it is."""
    if settings.only and site.id not in settings.only:
        return "not named in GONGGO_SOURCES"
    if not site.enabled:
        return site.reason or "disabled in its YAML file"
    if settings.mode == "demo" and not (site.demo or site.family == "inbox"):
        return "the demo portal has no twin of it"
    if site.family == "inbox" and not settings.inbox:
        return "no folder given; set GONGGO_INBOX"
    missing_keys = [name for name in (site.key_env, site.secret_env) if name and not environ.get(name)]
    if settings.mode == "live" and missing_keys:
        return f"needs a key in {' and '.join(missing_keys)}; ask for one at {site.key_url}"
    return None


def key_names(site: Site) -> list[str]:
    """The variables in which a site's keys are, those of all ways to its list."""
    names = (site.key_env, site.secret_env, *(way.key_env for way in site.ways.values()))
    return [name for name in dict.fromkeys(names) if name]


def keys_in_connections(names: Iterable[str], environ: Mapping[str, str]) -> dict[str, str]:
    """Those of the variables that leave their keys to connections of Airflow, each with the connection's id."""
    values = {name: environ.get(name, "") for name in names}
    return {name: v.removeprefix(CONNECTION) for name, v in values.items() if v.startswith(CONNECTION)}


def site_as_dict(site: Site) -> dict[str, Any]:
    """The site as plain data, for people."""
    return site.model_dump(exclude_none=True)
