"""All steps that a DAG task or a command calls, under one name.

list_source → fetch_chunk … → extract_chunk … → stage   |   load → link → build → check → publish → export
"""

from __future__ import annotations

from gonggo.crawl.collection import collect, collect_all, new_run_id, recover
from gonggo.crawl.replay import extract_chunk
from gonggo.crawl.steps import fetch_chunk, list_source, stage
from gonggo.maintenance.steps import backup, clean_up, disk_usage, migrate_to_cluster
from gonggo.report.steps import due_alerts, export, mark_sent, morning, published_figures, run_figures
from gonggo.warehouse.steps import build, check, link, load, publish, replay, verify

__all__ = [
    "backup",
    "build",
    "check",
    "clean_up",
    "collect",
    "collect_all",
    "disk_usage",
    "due_alerts",
    "export",
    "extract_chunk",
    "fetch_chunk",
    "link",
    "list_source",
    "load",
    "mark_sent",
    "migrate_to_cluster",
    "morning",
    "new_run_id",
    "publish",
    "published_figures",
    "recover",
    "replay",
    "run_figures",
    "stage",
    "verify",
]
