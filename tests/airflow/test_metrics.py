"""What tasks report through Airflow's metrics, as servers of this machine get it."""

from __future__ import annotations

import gzip
import json
import socketserver
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from gonggo.model import read_jsonl
from gonggo.settings import load_settings
from tests.airflow.running import Packets, airflow_of, run_dags, served

pytestmark = pytest.mark.slow

DAGS = ("collect:collect_jbba", "warehouse:dag", "notify:dag")


class Collector(BaseHTTPRequestHandler):
    """Keeps what an exporter of OpenTelemetry posts."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append(gzip.decompress(body) if self.headers["Content-Encoding"] == "gzip" else body)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


def figures(packets: list[str]) -> dict[str, list[str]]:
    """The figures of Gonggo among the packets of Airflow: by name, ``value|kind``."""
    got: dict[str, list[str]] = {}
    for line in "\n".join(packets).splitlines():
        name, _, value = line.partition(":")
        if name.startswith("test.gonggo."):
            got.setdefault(name.removeprefix("test.gonggo."), []).append(value)
    return got


def run_with(home: Path, portal: Any, server: Any, *dags: str, **settings: str) -> None:
    """Run DAGs with settings of metrics, which name the server already."""
    statsd = {"STATSD_HOST": "127.0.0.1", "STATSD_PORT": str(server.server_address[1]), "STATSD_PREFIX": "test"}
    metrics = {f"AIRFLOW__METRICS__{name}": value for name, value in {**statsd, **settings}.items()}
    otlp = {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{server.server_address[1]}"}
    env = airflow_of(home, GONGGO_SOURCES="demo,jbba", GONGGO_DEMO_URL=portal.url, **metrics, **otlp)
    states, log = run_dags(env, *dags)
    assert len(states) == len(dags) and ":failed" not in "".join(states), log[-12000:]


def test_a_run_and_the_warehouse_report_their_figures(tmp_path: Path, portal: Any) -> None:
    with served(Packets, socketserver.UDPServer) as server:
        run_with(tmp_path, portal, server, *DAGS, STATSD_ON="True")
    got = figures(server.received)
    (folder,) = load_settings({"GONGGO_HOME": str(tmp_path)}).batches.iterdir()
    run, fetches = json.loads((folder / "run.json").read_text("utf-8")), list(read_jsonl(folder / "fetches.jsonl"))
    (duration,) = got.pop("source.jbba.duration")
    assert duration.endswith("|ms") and 0 < float(duration[:-3]) < 120_000
    assert {name.removeprefix("source.jbba."): got[name] for name in got if name.startswith("source.")} == {
        **{name: [f"{run[name]}|c"] for name in ("listed", "new", "changed", "extracted", "failed")},
        "requests": [f"{len(fetches)}|c"],
        "bytes": [f"{sum(fetch['bytes'] or 0 for fetch in fetches)}|c"],
        "runs_ok": ["1|c"],
        "runs_partial": ["0|c"],
        "runs_failed": ["0|c"],
    }
    assert run["new"] == 10 and run["extracted"] == 9
    assert got["warehouse.batches_loaded"] == ["1|c"] and got["warehouse.documents"] == ["9|c"]
    assert got["warehouse.batches_mended"] == ["0|c"] and got["warehouse.batches_broken"] == ["0|g"]
    assert got["warehouse.publications"] == ["1|c"] and len(got["warehouse.warnings"]) == 1
    assert int(got["warehouse.bytes"][0].removesuffix("|g")) > 1_000_000
    # At the publication, and when the morning's report is made.
    ages = [int(age.removesuffix("|g")) for age in got["warehouse.age_seconds"]]
    assert len(ages) == 2 and 0 <= ages[0] <= ages[1] < 120
    assert got["warehouse.late_sources"] == ["0|g", "0|g"]


def test_opentelemetry_gets_them_with_the_source_as_a_tag(tmp_path: Path, portal: Any) -> None:
    with served(Collector) as server:
        run_with(tmp_path, portal, server, DAGS[0], OTEL_ON="True")
    sent = b"".join(server.received)
    assert b"airflow.gonggo.source.new" in sent and b"airflow.gonggo.source.duration" in sent and b"jbba" in sent


def test_nothing_is_sent_or_read_where_metrics_are_off(tmp_path: Path, portal: Any) -> None:
    with served(Packets, socketserver.UDPServer) as server:
        run_with(tmp_path, portal, server, *DAGS)
        read = 'import gonggo_metrics; gonggo_metrics.report_run("no_such__batch"); print("RESULT")'
        results, log = run_dags(airflow_of(tmp_path), code=read)
        assert results == [""], log
        assert server.received == []
