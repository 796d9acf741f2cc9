"""The catalogue: one validated YAML file for each site in ``sites/``. Adding a file there adds a source."""

from __future__ import annotations

import logging
import re
import ssl
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from gonggo.datafile import load_model, load_yaml
from gonggo.errors import DataFileError, UsageError
from gonggo.settings import CONNECTION, SITES, Settings, nearest

log = logging.getLogger(__name__)
PRESETS = Path(__file__).with_name("presets")
REGIONS = (
    *("서울", "부산", "대구", "인천", "광주", "대전", "울산", "세종", "경기"),
    *("강원", "충북", "충남", "전북", "전남", "경북", "경남", "제주", "전국"),
)
# What else than a recorded page a description can rest on.
PROOFS = {"others_code": "by another's code", "dossier": "by dossier only"}
_MONTH = re.compile(r"20\d\d-(?:0[1-9]|1[0-2])")
_MOST_NAMES = 6
_BY_POSITION = re.compile(r"td:(?:nth|first|last)-")


class Strict(BaseModel):
    """A part of a site's description; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Name(Strict):
    """A name in Korean and English."""

    ko: str
    en: str


class Politeness(Strict):
    """How to connect to a site.

    Attributes:
        delay_seconds: Seconds between two requests to the host.
        user_agent: The kind of User-Agent that the site accepts.
        tls: ``legacy`` allows the ciphers and the renegotiation of old servers for this site only. Certificates are
            verified all the same.
        ca_file: A PEM file beside the YAML file, with issuers to trust for this site besides the usual ones.
        front: A page to open first, for the cookie that it sets.
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


HeadKind = Literal[
    "posted_on",
    "notice_period",
    "period",
    "opens_at",
    "closes_at",
    "agency",
    "status",
    "department",
    "writer",
    "category",
    "programme",
    "operator",
]


class Cell(Strict):
    """How to find one value in a row.

    Attributes:
        select: A CSS selector, or a dotted path in JSON; ``{first}:{second}`` joins the values of several keys of JSON.
        attribute: The attribute of the element that holds the value, instead of its text.
        pattern: A regular expression with one group, which is the value.
        base64: A pattern with one group, applied to the value after it is decoded from base64.
        date: The strptime format of the site's dates; the value becomes an ISO date.
    """

    select: str
    attribute: str | None = None
    pattern: str | None = None
    base64: str | None = None
    date: str | None = None


class RowFiles(Strict):
    """The keys with the names and the URLs of a row's attachments; ``{number}`` counts from 1."""

    name: str
    url: str


class ListRules(Strict):
    """How to request a list page, and where its rows and their values are.

    ``url``, ``params``, ``form`` and ``json_body`` may hold ``{page}``, ``{offset}`` (rows before the page),
    ``{offset1}``, ``{day_from}`` and ``{day}``, ``{year_ago}`` and ``{today}``, ``{week_from}`` and ``{week_to}``,
    ``{key}`` and ``{base64:…}``. HTML families use CSS selectors, the others dotted paths.

    Attributes:
        first_url: The URL of the first page, where it differs.
        first_page: The number that the site gives to its first page.
        page_size: Rows of a full page, pinned ones not counted; a shorter page is the last.
        heads: The meaning of labels in head rows that mean something else on this site than on most.
        pinned: A selector that matches pinned rows, which are repeated on every page.
        href: The link whose target is the announcement's own URL, for boards that have one.
        total: Where the answer states the number of all rows.
        last_page: Where the page states the number of pages.
        pages: The most pages to request.
        row_files: The attachments that a row in JSON or XML names.
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
    heads: dict[str, HeadKind] = {}
    pinned: str | None = None
    id: Cell | str
    href: Cell | str | None = None
    title: Cell | str
    fields: dict[str, Cell | str] = {}
    total: str | None = None
    last_page: str | None = None
    pages: int | None = Field(default=None, ge=1)
    row_files: RowFiles | None = None


class FileList(Strict):
    """Where an answer in JSON lists the files of an announcement.

    Attributes:
        rows: The dotted path of the list.
        name: The dotted path of a name in a row.
        url: The URL of a file; ``{key}`` stands for the percent-encoded value of a key of its row.
        plus_is_space: Whether names are encoded as in forms, with ``+`` for a space.
    """

    rows: str
    name: str
    url: str
    plus_is_space: bool = False


class DetailRules(Strict):
    """How to request an announcement, and where its parts are.

    ``url``, ``form`` and ``json_body`` may hold ``{id}`` and the names of the row's fields.

    Attributes:
        url: The page to request; without it, the link of the row.
        body: The container of the text; without it, the main text of a page is found as in a saved page.
        summary: Other containers of the announcement, such as a table with its programmes; they stand before the text.
        link: The URL that people open, where it is not ``url``.
        kind: ``html`` (a page, ``body`` is a selector), ``json`` (an answer in JSON, ``body`` is a dotted path) or
            ``row`` (the row of the list is the whole announcement, nothing is requested).
        files: A selector of the links of files, for ``html``.
        file_list: The files, for ``json``.
        sections: Keys of an answer in JSON, and the labels under which their values stand in the text.
    """

    url: str | None = None
    link: str | None = None
    kind: Literal["html", "json", "row"] | None = None
    method: Literal["GET", "POST"] = "GET"
    form: dict[str, str] | None = None
    json_body: dict[str, Any] | None = None
    headers: dict[str, str] = {}
    body: str | None = None
    summary: str | None = None
    title: str | None = None
    fields: dict[str, Cell | str] = {}
    files: str | None = None
    file_list: FileList | None = None
    sections: dict[str, str] = {}


class Expect(Strict):
    """What a healthy run yields; anything less is an error, never "no news".

    Attributes:
        rows_per_page_min: The fewest rows of a first page.
        required: Fields that at least one row of every page must have.
        may_be_empty: Fields that no row has to have. Any other field must be in at least one row of the first page.
        columns: The cells of a row, for boards whose fields are found by position.
        stale_after_days: The newest post is at most so many days old.
    """

    rows_per_page_min: int = Field(ge=1)
    required: list[str] = []
    may_be_empty: list[str] = []
    columns: int | None = Field(default=None, ge=2)
    stale_after_days: int = Field(ge=1)


class Endpoint(Strict):
    """One of several endpoints of the same list, used if its key is available or it needs none."""

    key_env: str | None = None
    key_url: str | None = None
    list: ListRules
    expect: Expect


class Site(Strict):
    """One site.

    Attributes:
        confidence: How sure the description is: A recorded, B seen by two, C seen once, D a guess.
        proven: How the description was verified: the month of a recorded page (``YYYY-MM``) that this site's rules read
            correctly; ``others_code``, the code of another crawler; or ``dossier``, only reports.
        demo: Whether the demo portal has a copy of the site.
        queries: The search words, for families that search.
    """

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
    proven: str = "dossier"
    note: str | None = None
    demo: bool = False
    queries: tuple[str, ...] = ()
    key_env: str | None = None
    secret_env: str | None = None
    key_url: str | None = None
    charset: str = "utf-8"
    politeness: Politeness = Politeness()
    list: ListRules | None = None
    endpoints: dict[str, Endpoint] = Field({}, validation_alias=AliasChoices("endpoints", "ways"))
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

    @field_validator("proven")
    @classmethod
    def _known_proof(cls, value: str) -> str:
        if value not in PROOFS and not _MONTH.fullmatch(value):
            raise ValueError(f"{value!r} is neither a month (YYYY-MM) of a recorded page nor {' or '.join(PROOFS)}")
        return value

    @field_validator("region")
    @classmethod
    def _known_region(cls, value: str) -> str:
        if value not in REGIONS:
            raise ValueError(f"{value!r} is none of {' '.join(REGIONS)}")
        return value

    @property
    def recorded_in(self) -> str | None:
        """Return the month of the recorded page that verified the description."""
        return None if self.proven in PROOFS else self.proven

    @property
    def proof(self) -> str:
        """Return in words how the description was verified."""
        return PROOFS.get(self.proven, f"proven on a recorded page ({self.proven})")

    def resolved(self, settings: Settings) -> Site:
        """Return this site, in demo mode with every URL turned to the demo portal."""
        if not settings.demo_url:
            return self
        parts: dict[str, Any] = {"home": to_demo(self.home, settings)}
        parts["politeness"] = _with_demo_urls(self.politeness, ("front",), settings)
        parts["list"] = self.list and _with_demo_urls(self.list, ("url", "first_url"), settings)
        parts["endpoints"] = {
            name: endpoint.model_copy(update={"list": _with_demo_urls(endpoint.list, ("url", "first_url"), settings)})
            for name, endpoint in self.endpoints.items()
        }
        parts["detail"] = self.detail and _with_demo_urls(self.detail, ("url", "link"), settings)
        return self.model_copy(update=parts)


def _with_demo_urls(rules: Strict, names: tuple[str, ...], settings: Settings) -> Strict:
    """Return the same rules with their URLs turned to the demo portal."""
    addresses = {name: getattr(rules, name) for name in names}
    return rules.model_copy(update={name: to_demo(url, settings) for name, url in addresses.items() if url})


def to_demo(url: str, settings: Settings) -> str:
    """Return the URL under which the demo portal serves ``https://HOST/path``: ``<portal>/HOST/path``."""
    scheme, rest = url.partition("://")[::2]
    return f"{settings.demo_url}/{rest}" if settings.demo_url and scheme in ("http", "https") else url


def load_site(path: Path) -> Site:
    """Read one site. Its preset, if it names one, gives the values that the file leaves out.

    Raises:
        DataFileError: The file is invalid; the message names file and line.
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
    """Return all sites by id, sorted by id. Invalid files are logged and left out."""
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
    """Return the errors of the invalid files of sites, with file and line."""
    problems = list[str]()
    for path in _yaml_files(folder):
        if path.stem not in load_catalogue(folder):
            try:
                load_site(path)
            except DataFileError as error:
                problems.append(str(error))
    return problems


def catalogue_text() -> str:
    """Return the text of all files of the catalogue, to see whether it has changed without parsing them."""
    return "\0".join(f"{path.name}\0{path.read_text('utf-8')}" for path in [*_yaml_files(SITES), *_yaml_files(PRESETS)])


def _yaml_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yaml"))


@cache
def find_site(name: str | None) -> Site | None:
    """Return the site with an id, None if there is none, without reading the files of the others."""
    paths = [path for path in _yaml_files(SITES) if path.stem == name]
    return load_site(paths[0]) if paths else None


def get_site(name: str | None) -> Site:
    """Return the site with an id.

    Raises:
        UsageError: There is none; the message names similar ids, and how to list them all.
    """
    site = find_site(name)
    if site is None:
        hint = nearest(str(name), (path.stem for path in _yaml_files(SITES)), cutoff=0.3)
        raise UsageError(f"There is no source {name!r}{hint or '.'} `gonggo sources list` prints them.")
    return site


def active_sites(settings: Settings) -> list[Site]:
    """Return the sites that are collected with these settings."""
    return [site for site in load_catalogue().values() if skip_reason(site, settings) is None]


def skipped_sites(settings: Settings) -> list[tuple[Site, str]]:
    """Return the sites that are not collected, each with the reason and the next step."""
    reasons = ((site, skip_reason(site, settings)) for site in load_catalogue().values())
    return [(site, reason) for site, reason in reasons if reason]


def skipped_summary(settings: Settings) -> list[str]:
    """Return lines for a screen about the sites that are not collected, one for each reason."""
    names_by_reason: dict[str, list[str]] = {}
    for site, reason in skipped_sites(settings):
        names_by_reason.setdefault(reason, []).append(site.name.ko)
    return [
        f"{', '.join(names) if len(names) <= _MOST_NAMES else f'{len(names)} sources'}: off, {reason}"
        for reason, names in names_by_reason.items()
    ]


def no_active_source_message(settings: Settings) -> str:
    """Return a sentence that says why there is nothing to collect, with the next step."""
    reasons = {site.id: reason for site, reason in skipped_sites(settings)}
    named_reasons = "; ".join(f"{name}: {reasons[name]}" for name in settings.only if name in reasons)
    return (
        f"No source is active{f' ({named_reasons})' if named_reasons else ''}. `gonggo sources list` says why of each."
    )


def skip_reason(site: Site, settings: Settings) -> str | None:
    """Return why a site is not collected, None if it is."""
    if settings.only and site.id not in settings.only:
        return "not named in GONGGO_SOURCES"
    if not site.enabled:
        return site.reason or "disabled in its YAML file"
    if settings.mode == "demo" and not (site.demo or site.family == "inbox"):
        return "the demo portal has no twin of it"
    if site.family == "inbox" and not settings.inbox:
        return "no folder given; set GONGGO_INBOX"
    missing_keys = [name for name in (site.key_env, site.secret_env) if name and not settings.environment.get(name)]
    if settings.mode == "live" and missing_keys:
        return f"needs a key in {' and '.join(missing_keys)}; ask for one at {site.key_url}"
    return None


def key_names(site: Site) -> list[str]:
    """Return the environment variables that hold the keys of a site, those of all endpoints of its list."""
    names = (site.key_env, site.secret_env, *(endpoint.key_env for endpoint in site.endpoints.values()))
    return [name for name in dict.fromkeys(names) if name]


def keys_in_connections(names: Iterable[str], environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that refer to a connection of Airflow, each with the id of the connection."""
    values = {name: environ.get(name, "") for name in names}
    return {name: v.removeprefix(CONNECTION) for name, v in values.items() if v.startswith(CONNECTION)}


def site_as_dict(site: Site) -> dict[str, Any]:
    """Return a site as plain data, to be printed."""
    return site.model_dump(exclude_none=True)
