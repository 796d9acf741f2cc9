"""Measure how well announcements of the same call are found: precision and recall over the pairs of tests/linking.

The demo portal is collected, the hard announcements of made.yaml are each put on a site of their own, and the labelled documents of ../shared/gold are added if they are there, each as the only
announcement of a site of its own. Beside the linking of the warehouse (``sql/link/notice.sql``) stand DuckDB's
similarities of titles, alone and together with the closing day, each at the threshold that is best for these pairs, and
Splink, if it is installed, trained on the same announcements.

usage: linking.py [--home DIR]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from measure import save
from peer import ROOT, interpreter

from demo.portal import serve
from gonggo import pipeline
from gonggo.crawl.document_types import Document
from gonggo.extract.record import extract_file
from gonggo.extract.record_types import to_json
from gonggo.model import SourceRun, announcement_key, content_hash, write_jsonl
from gonggo.settings import Settings, load_settings
from gonggo.sources.catalogue import active_sites
from gonggo.warehouse.snapshot import open_snapshot
from gonggo.warehouse.sql_files import rows
from tests.warehouse.batches import batch, day, paper

PAIRS, ANNOUNCEMENTS = (ROOT / "tests" / "linking" / name for name in ("pairs.yaml", "made.yaml"))
GOLD = ROOT.parent / "shared" / "gold"
SPLINK = "splink==4.0.16"
THRESHOLDS = [step / 100 for step in range(30, 101, 2)]
Pair = tuple[str, str]

ANNOUNCEMENTS = """
SELECT CASE WHEN starts_with(s.source, 'gold_') THEN s.native_id
    ELSE s.source || '/' || coalesce(nullif(regexp_extract(s.native_id, '(4[0-9]{3})$', 1), ''), s.native_id) END AS id,
    s.notice_key, s.source, s.title, title_norm(s.title) AS title_norm, s.agency, s.closes_on::VARCHAR AS closes_on,
    s.opens_on::VARCHAR AS opens_on, array_to_string(s.sidos, ' ') AS sidos,
    (SELECT min(p.name_norm) FROM fact_programme AS p WHERE p.version_key = s.version_key) AS programme
FROM announcement_state AS s
"""
SIMILARITIES = """
SELECT one.id AS one, other.id AS other, jaro_winkler_similarity(one.title_norm, other.title_norm) AS jaro_winkler,
    jaccard(one.title_norm, other.title_norm) AS jaccard,
    1 - levenshtein(one.title_norm, other.title_norm) / greatest(length(one.title_norm), length(other.title_norm)) AS levenshtein,
    one.closes_on IS NOT DISTINCT FROM other.closes_on AS same_day
FROM announcements AS one JOIN announcements AS other ON one.id < other.id
"""
SPLINK_SCRIPT = """
import sys, json, pandas
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
frame = pandas.DataFrame(json.load(open(sys.argv[1], encoding="utf-8"))).rename(columns={"id": "unique_id"})
settings = SettingsCreator(link_type="dedupe_only", comparisons=[
    cl.JaroWinklerAtThresholds("title_norm", [0.95, 0.85, 0.7]), cl.ExactMatch("closes_on"), cl.ExactMatch("opens_on"),
    cl.ExactMatch("agency"), cl.ExactMatch("sidos"), cl.JaroWinklerAtThresholds("programme", [0.95, 0.8])],
    blocking_rules_to_generate_predictions=["1=1"])
linker = Linker(frame, settings, db_api=DuckDBAPI())
linker.training.estimate_probability_two_random_records_match([block_on("title_norm", "closes_on")], recall=0.7)
linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
linker.training.estimate_parameters_using_expectation_maximisation(block_on("closes_on"))
linker.training.estimate_parameters_using_expectation_maximisation(block_on("title_norm"))
found = linker.inference.predict(threshold_match_probability=0.01).as_pandas_dataframe()
print(json.dumps(found[["unique_id_l", "unique_id_r", "match_probability"]].values.tolist()))
"""


def main() -> None:
    """Print and save the precision and recall of each way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, help="a home that an earlier run has made")
    options = parser.parse_args()
    labels = labelled()
    with tempfile.TemporaryDirectory() as folder:
        settings = collected(options.home or Path(folder), labels)
        with closing(open_snapshot(settings)) as con:
            announcements = rows(con, ANNOUNCEMENTS)
            con.execute(f"CREATE TEMP TABLE announcements AS {ANNOUNCEMENTS}")
            similar = rows(con, SIMILARITIES)
    present = {row["id"] for row in announcements}
    labels = {pair: same for pair, same in labels.items() if set(pair) <= present}
    notice = {row["id"]: row["notice_key"] for row in announcements}
    same_by_link = {pair: notice[pair[0]] == notice[pair[1]] for pair in labels}
    result = {"pairs": len(labels), "same": sum(labels.values()), "gonggo": scores(labels, same_by_link)}
    result |= {
        "missed": [p for p in labels if labels[p] > same_by_link[p]],
        "wrong": [p for p in labels if labels[p] < same_by_link[p]],
    }
    for name in ("jaro_winkler", "jaccard", "levenshtein"):
        for with_day in (False, True):
            values = {
                ordered(row["one"], row["other"]): row[name] * (row["same_day"] or not with_day) for row in similar
            }
            result[f"duckdb {name}{' and the closing day' if with_day else ''}"] = best(labels, values)
    result["splink"] = best(labels, splink(announcements))
    for name, value in result.items():
        print(f"{name:<42} {value}")
    save("linking", result)


def ordered(one: str, other: str) -> Pair:
    """Return a pair in the order of its names."""
    return (min(one, other), max(one, other))


def labelled() -> dict[Pair, bool]:
    """Return whether each labelled pair is the same call."""
    labels = yaml.safe_load(PAIRS.read_text("utf-8"))
    pairs = {ordered(*pair): kind == "same" for kind in ("same", "apart") for pair in labels[kind]}
    announcements = list(enumerate(yaml.safe_load(ANNOUNCEMENTS.read_text("utf-8"))))
    return pairs | {
        ordered(f"made/{one}", f"made/{other}"): entry["call"] == beside["call"]
        for one, entry in announcements
        for other, beside in announcements[one + 1 :]
        if entry["group"] == beside["group"]
    }


def collected(home: Path, labels: dict[Pair, bool]) -> Settings:
    """Return the settings of a home with the demo portal and the labelled documents, published."""
    environ = {"GONGGO_HOME": str(home), "GONGGO_SOURCES": "demo", "GONGGO_PREFILTER": "off"}
    settings = load_settings(environ)
    if not settings.snapshot.exists():
        with serve() as portal:
            sites = sorted(site.id for site in active_sites(settings))
            online = replace(load_settings({**environ, "GONGGO_DEMO_URL": portal.url}), chunk_size=20)
            for outcome in pipeline.collect_all(sites, settings=online):
                print(outcome["source"], outcome["state"], flush=True)
    for name in sorted({name for pair in labels for name in pair if name.startswith(("dev/", "field/"))}):
        stage(settings, name)
    for number, entry in enumerate(yaml.safe_load(ANNOUNCEMENTS.read_text("utf-8"))):
        stage_announcement(settings, f"made/{number}", entry)
    for step in (pipeline.load, pipeline.link, pipeline.build, pipeline.check, pipeline.publish):
        step(settings)
    return settings


def stage_announcement(settings: Settings, name: str, entry: dict[str, Any]) -> None:
    """Stage an announcement of made.yaml as the only one of a site of its own."""
    source, programme = f"gold_{name.replace('/', '_')}", entry["programme"]
    if (settings.batches / f"{source}__r1").exists():
        return
    facts = {"programmes": [(programme, "demonstration", "open")], "posted": day(entry["posted"])}
    announcement = paper(name, entry["title"], programme, region=entry["region"], **facts)
    if entry["closes"] is not None:
        announcement["record"]["application"]["closes_at"] = {"value": day(entry["closes"])}
        announcement["record"]["application"]["closes_at"]["evidence"] = {
            "field": "closes_at",
            "quote": day(entry["closes"]),
        }
    listed = {"source": source, "key": announcement_key(source, name), "listed": {"agency": entry["agency"]}}
    batch(settings, source, "r1", [announcement | listed])


def stage(settings: Settings, name: str) -> None:
    """Stage a labelled document as the only announcement of a site of its own, if it is there."""
    folder, _, number = name.partition("/")
    source = f"gold_{number}"
    batch = settings.batches / f"{source}__r1"
    for path in sorted((GOLD / folder / "texts").glob(f"{number}.*"))[:1]:
        if batch.exists():
            return
        record = to_json(extract_file(path))
        at = datetime.now(UTC).isoformat(timespec="seconds")
        title = (record.get("title") or {}).get("value") or number
        document: dict[str, Any] = {
            **{"source": source, "native_id": name, "key": announcement_key(source, name), "url": f"file:///{name}"},
            **{"title": title, "retrieved_at": at, "content_hash": content_hash(record["text"])},
            **{"listed": {}, "record": record},
        }
        write_jsonl(batch / "documents.jsonl", [Document.from_json(document).to_json()])
        write_jsonl(batch / "fetches.jsonl", [])
        run = SourceRun(source, "r1", at, state="ok", listed=1)
        (batch / "run.json").write_text(json.dumps(run.to_json()), "utf-8")


def scores(labels: dict[Pair, bool], linked: dict[Pair, bool]) -> dict[str, float]:
    """Return precision, recall and F1 over the labelled pairs."""
    right = sum(labels[pair] and linked[pair] for pair in labels)
    linked_pairs, same = sum(linked[pair] for pair in labels), sum(labels.values())
    precision, recall = right / max(linked_pairs, 1), right / max(same, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {"precision": round(precision, 3), "recall": round(recall, 3), "f1": round(f1, 3)}


def best(labels: dict[Pair, bool], values: dict[Pair, float]) -> dict[str, float]:
    """Return the scores at the threshold with the highest F1, which is chosen with the labels in sight."""
    tried = [
        {"threshold": threshold, **scores(labels, {pair: values.get(pair, 0) >= threshold for pair in labels})}
        for threshold in THRESHOLDS
    ]
    return max(tried, key=lambda one: one["f1"])


def splink(announcements: list[dict[str, Any]]) -> dict[Pair, float]:
    """Return the probability that Splink gives to each pair."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "announcements.json")
        path.write_text(json.dumps(announcements, ensure_ascii=False), "utf-8")
        python = interpreter(SPLINK)
        out = subprocess.run([python, "-c", SPLINK_SCRIPT, path], check=True, capture_output=True, text=True).stdout
    return {ordered(one, other): value for one, other, value in json.loads(out.strip().splitlines()[-1])}


if __name__ == "__main__":
    main()
