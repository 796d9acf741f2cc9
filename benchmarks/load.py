"""Compare how Gonggo, a bare insert by DuckDB, and dlt load announcements with their facts.

Gonggo keeps history, versions and evidence and may be killed at any moment. The bare insert only reads the files into
a table of documents and one table for each kind of fact. dlt merges by key, with the lists of facts in child tables.

usage: load.py [--count 100000] [--peer-count 10000]
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from announcements import write_batches
from measure import save
from peer import ROOT, interpreter

from gonggo.settings import load_settings

DLT = "dlt[duckdb]==1.31.0"
LOAD_BY_GONGGO = """
import os
from gonggo.warehouse.load import load_batches
os.environ["GONGGO_HOME"] = home
load = lambda: load_batches(load_settings())["documents"]
"""
BARE_INSERT = r"""
import re
import duckdb
from gonggo.warehouse.quoting import literal
RECORD = re.search(r"\n +record: '(.*?)'\s*}", (SQL / "load" / "01_stage.sql").read_text("utf-8"), re.S).group(1)
RECORD = " ".join(RECORD.split())
KINDS = ("regions", "sectors", "programmes", "amounts", "quantities", "organisations", "metrics")
SINGLE = ("application.opens_at", "application.closes_at", "eligibility.max_company_age_years")
COLUMNS = "source native_id key url title retrieved_at content_hash listed outcome reason media_type charset warc_file warc_record removed attachments".split()
def load():
    con = duckdb.connect(home + "/bare.duckdb", config={"threads": 2, "memory_limit": "640MB"})
    columns = {**dict.fromkeys(COLUMNS, "VARCHAR"), "record": RECORD}
    con.execute(f"CREATE TABLE document AS FROM read_json({literal(home + '/batches/*/documents.jsonl')}, format = 'newline_delimited', columns = {columns})")
    for kind in (*KINDS, "eligibility.company_sizes", "contact.phones", "contact.emails", *SINGLE):
        con.execute(f'CREATE TABLE "{kind}" AS SELECT key, unnest(record.{kind}, recursive := true) FROM document')
    count = con.execute("SELECT count(*) FROM document").fetchone()[0]
    con.close()
    return count
"""
LOAD_BY_DLT = """
import json, os
from pathlib import Path
import dlt
os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
os.environ["RUNTIME__LOG_LEVEL"] = "CRITICAL"
@dlt.resource(name="announcement", primary_key="key", write_disposition="merge")
def announcements():
    for path in sorted(Path(home).glob("batches/*/documents.jsonl")):
        with path.open(encoding="utf-8") as lines:
            yield [json.loads(line) for line in lines]
def load():
    where = dlt.destinations.duckdb(home + "/dlt.duckdb")
    pipeline = dlt.pipeline("bench", destination=where, dataset_name="bench", pipelines_dir=home + "/dlt")
    pipeline.run(announcements())
    with pipeline.sql_client() as client:
        return client.execute_sql("SELECT count(*) FROM announcement")[0][0]
"""
MEASURE = """
import resource, sys, time
begin = time.perf_counter()
count = load()
seconds = time.perf_counter() - begin
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"count": count, "seconds": seconds, "peak": peak}))
"""


def main() -> int:
    """Measure the three, print their rows and save them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--peer-count", type=int, default=10_000, help="announcements for dlt, which takes long")
    args = parser.parse_args()
    python = interpreter(DLT)
    with tempfile.TemporaryDirectory(dir=ROOT / "var") as folder:
        print(f"{args.count:,} announcements, Python {platform.python_version()}", flush=True)
        print(f"{'':<34}{'rows':>9}{'seconds':>9}{'rows/s':>9}{'peak MB':>9}")
        whole, part = Path(folder) / "whole", Path(folder) / "part"
        write_batches(load_settings({"GONGGO_HOME": str(whole)}), args.count)
        write_batches(load_settings({"GONGGO_HOME": str(part)}), args.peer_count)
        gonggo = _measure("Gonggo", Path(sys.executable), LOAD_BY_GONGGO, whole)
        bare = _measure("DuckDB, bare insert", Path(sys.executable), BARE_INSERT, whole)
        dlt = _measure(DLT + ", merge", python, LOAD_BY_DLT, part)
    ratios = {
        "seconds of a row, Gonggo / bare insert": _seconds_of_row(gonggo) / _seconds_of_row(bare),
        "seconds of a row, dlt / Gonggo": _seconds_of_row(dlt) / _seconds_of_row(gonggo),
    }
    for name, value in ratios.items():
        print(f"{name}: {value:.2f}")
    save("load", {"rows": [gonggo, bare, dlt], "ratios": ratios})
    return 0


def _measure(name: str, python: Path, code: str, home: Path) -> dict:
    """Run one of the three in a process of its own, print its row and return it."""
    program = f"import json\nhome = {str(home)!r}\n{code}{MEASURE}"
    done = subprocess.run([str(python), "-c", program], check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{name}: {done.stderr.strip()[-2000:]}")
    row = json.loads(done.stdout.strip().splitlines()[-1])
    rate = row["count"] / row["seconds"]
    print(f"{name:<34}{row['count']:>9,}{row['seconds']:>9.1f}{rate:>9,.0f}{row['peak']:>9,.0f}", flush=True)
    return {"name": name, **row}


def _seconds_of_row(figures: dict) -> float:
    return figures["seconds"] / figures["count"]


if __name__ == "__main__":
    sys.exit(main())
