"""The catalogue of a distribution for open-data portals: DCAT 3 (https://www.w3.org/TR/vocab-dcat-3/) as JSON-LD.

Every table of the data dictionary and every named report is a dataset; its files are the distributions of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urljoin

from gonggo.distribution.manifest import File, Manifest
from gonggo.report.named import Report

NAME = "catalog.jsonld"
# Names of the files that are data; the others are pages.
_DATA = ("exports/", "gonggo.duckdb")
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_DAILY = "http://publications.europa.eu/resource/authority/frequency/DAILY"
_KOREAN = "http://publications.europa.eu/resource/authority/language/KOR"
_KOREA = "http://publications.europa.eu/resource/authority/country/KOR"
_SHA256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"
_KEYWORDS = ("인공지능", "지원사업", "공고", "지역")
_WHOLE = (
    ("지역 인공지능 사업 공고", "Announcements of regional AI programmes in Korea"),
    (
        "지역 인공지능 사업의 공고, 보도자료와 기사에 담긴 사실과 근거 문장. DuckDB, 엑셀, 달력, 피드로 제공",
        "Facts of announcements, press releases and articles about regional AI programmes, each with its sentence:"
        " a DuckDB file of all tables, a workbook, calendars and feeds",
    ),
)


@dataclass(frozen=True)
class Publisher:
    """Who is responsible for the data: name, how to reach them, URL of the licence; empty where not stated."""

    name: str = ""
    contact: str = ""
    licence: str = ""


def catalogue(
    manifest: Manifest, publisher: Publisher, tables: Mapping[str, str], reports: Sequence[Report]
) -> dict[str, Any]:
    """Return the catalogue of a distribution.

    Args:
        manifest: Its files; ``manifest.url`` is the address of the distribution, which ends with a slash.
        publisher: Who is responsible.
        tables: The comment (``Korean | English``) of each table.
        reports: The named reports.
    """
    assert manifest.url
    writer = _Catalogue(manifest, manifest.url, publisher)
    datasets = [
        writer.dataset("gonggo", *_WHOLE, lambda path: not path.startswith(("exports/csv/", "exports/parquet/"))),
        *(writer.table(name, comment) for name, comment in tables.items()),
        *(writer.report(report) for report in reports),
    ]
    return {
        "@context": _CONTEXT,
        "@id": f"{manifest.url}{NAME}",
        "@type": "dcat:Catalog",
        "dct:title": _in_both(*_WHOLE[0]),
        "dct:description": _in_both(*_WHOLE[1]),
        "foaf:homepage": {"@id": manifest.url},
        **writer.common,
        "dcat:dataset": [dataset for dataset in datasets if dataset["dcat:distribution"]],
    }


@dataclass(frozen=True)
class _Catalogue:
    """Writes the datasets of one distribution."""

    manifest: Manifest
    url: str
    publisher: Publisher

    @property
    def common(self) -> dict[str, Any]:
        """Return what is true of the catalogue and of every dataset."""
        agent: dict[str, Any] = {"@type": "foaf:Agent", "foaf:name": self.publisher.name or "Gonggo"}
        values: dict[str, Any] = {
            "dct:publisher": agent,
            "dct:modified": {"@value": self.manifest.published_at, "@type": "xsd:dateTime"},
            "dct:language": {"@id": _KOREAN},
            "dct:spatial": {"@id": _KOREA},
        }
        if self.publisher.licence:
            values["dct:license"] = {"@id": self.publisher.licence}
        return values

    def dataset(
        self, name: str, title: tuple[str, str], about: tuple[str, str], belongs: Callable[[str], bool]
    ) -> dict[str, Any]:
        """Return a dataset with the files whose names belong to it."""
        contact: dict[str, Any] = {"@type": "vcard:Organization", "vcard:fn": self.publisher.name or "Gonggo"}
        if "@" in self.publisher.contact:
            contact["vcard:hasEmail"] = {"@id": f"mailto:{self.publisher.contact}"}
        files = [file for file in self.manifest.files if file.path.startswith(_DATA) and belongs(file.path)]
        return {
            "@id": f"{self.url}{NAME}#{name}",
            "@type": "dcat:Dataset",
            "dct:identifier": name,
            "dct:title": _in_both(*title),
            "dct:description": _in_both(*about),
            "dcat:keyword": [{"@value": word, "@language": "ko"} for word in _KEYWORDS],
            "dct:accrualPeriodicity": {"@id": _DAILY},
            "dcat:contactPoint": contact,
            "foaf:page": {"@id": urljoin(self.url, "exports/dictionary.md")},
            **self.common,
            "dcat:distribution": [self._distribution(file) for file in files],
        }

    def table(self, name: str, comment: str) -> dict[str, Any]:
        """Return the dataset of a table, with its Parquet files; ``comment`` is ``Korean | English``."""
        korean, _, english = comment.partition(" | ")
        folder = f"exports/parquet/{name}"
        return self.dataset(
            f"table-{name}",
            (name, name),
            (korean, english or korean),
            lambda path: path == f"{folder}.parquet" or path.startswith(f"{folder}/"),
        )

    def report(self, report: Report) -> dict[str, Any]:
        """Return the dataset of a named report, with its CSV file."""
        about = (report.title_ko, report.description or report.title_en)
        path = f"exports/csv/{report.name}.csv"
        return self.dataset(f"report-{report.name}", (report.title_ko, report.title_en), about, path.__eq__)

    def _distribution(self, file: File) -> dict[str, Any]:
        address = {"@id": urljoin(self.url, quote(file.path))}
        return {
            "@type": "dcat:Distribution",
            "dct:title": file.path.removeprefix("exports/"),
            "dcat:accessURL": address,
            "dcat:downloadURL": address,
            "dcat:mediaType": {"@id": f"{_MEDIA_TYPES}{file.media_type}"},
            "dcat:byteSize": {"@value": str(file.bytes), "@type": "xsd:nonNegativeInteger"},
            "spdx:checksum": {
                "@type": "spdx:Checksum",
                "spdx:algorithm": {"@id": _SHA256},
                "spdx:checksumValue": {"@value": file.sha256, "@type": "xsd:hexBinary"},
            },
        }


def _in_both(korean: str, english: str) -> list[dict[str, str]]:
    """Return a text in both languages."""
    return [{"@value": korean, "@language": "ko"}, {"@value": english, "@language": "en"}]
