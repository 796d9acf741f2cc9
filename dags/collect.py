"""The DAGs that collect, one for each source of the catalogue: list → fetch → extract → stage → fail_if_run_failed."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from airflow.sdk import (
    DAG,
    CronTriggerTimetable,
    Param,
    TriggerRule,
    get_current_context,
    get_parsing_context,
    task,
)
from pendulum import datetime

import gonggo_callbacks
import gonggo_connections
import gonggo_metrics
from gonggo.settings import SEOUL, one_shot, parsing_settings
from gonggo.sources.catalogue import Site, active_sites
from gonggo_assets import BATCHES

ONE_SHOT = one_shot()
# In one-shot mode a person waits for the outcome. The HTTP client retries requests by itself.
RETRIES, PAUSE = (1, timedelta(seconds=2)) if ONE_SHOT else (2, timedelta(minutes=5))
MAX_ACTIVE_TASKS = 4

DOC = """
### {name} ({id})

Collects the announcements of **{name}**, {home}

`list_pages` reads the list pages until nothing is new → `fetch` downloads new and changed announcements into the WARC
archive, a chunk of them in each task → `extract` reads the archive and extracts the facts → `stage` makes the batch
that the DAG `warehouse` loads → `fail_if_run_failed` fails if the source failed, so that a failure is never taken for
"no news".

**When it fails**, read the log of the failed task; its last line says what was expected and what came instead.

- *transient* (timeouts, 5xx): nothing to do, the next run tries again.
- *changed*, *empty*: the page of the site has changed. Adapt the selectors in `plugins/gonggo/sources/sites/{id}.yaml`.
- *blocked*: the site refuses. Look at its robots.txt and slow down in the YAML; never work around it.
- *certificate*: the certificate of the server is not valid; the message says why and what to do.
- *terminal*: a key is missing or an address is gone; the message names it.

**By hand**: *Trigger* takes `since` and `until` (collect what was posted on these days, page by page, and continue
where an interrupted run stopped), `full` (read all list pages, also those with known announcements only) and
`no_prefilter` (fetch also the rows that do not look related to AI). A backfill by Airflow collects the days of each of
its runs, and needs Postgres: on SQLite, where Airflow would lock its database against itself, the DAG does not allow
backfills. One trigger with `since` and `until` covers the same days with far fewer pages, on either.
"""


def pipeline_run_id() -> str:
    """Return the run id of the pipeline, which is the same for every attempt within a DAG run."""
    run_id = get_current_context()["run_id"]
    return "".join(c if c.isalnum() or c in "-." else "-" for c in run_id)


def list_options() -> dict[str, Any]:
    """Return the parameters of the run; for a run of a backfill, its day and the day before as the range."""
    context = get_current_context()
    run, params = context["dag_run"], context["params"]
    days = {name: params.get(name) or None for name in ("since", "until")}
    if run.run_type == "backfill" and run.logical_date and not any(days.values()):
        day = run.logical_date.astimezone(SEOUL).date()
        days = {"since": (day - timedelta(days=1)).isoformat(), "until": day.isoformat()}
    return {**days, "full": bool(params.get("full")), "no_prefilter": bool(params.get("no_prefilter"))}


def allowed_run_types() -> list[Any] | None:
    """Return all types of runs but backfills where Airflow's database is SQLite, None (all) elsewhere.

    A DAG file cannot see the address of the database, but its file, which is where Airflow puts it.
    """
    home = Path(os.environ.get("AIRFLOW_HOME") or "~/airflow").expanduser()
    if not (home / "airflow.db").exists():
        return None
    return ["manual", "scheduled", "operator_triggered", "asset_triggered", "asset_materialization"]


@task(execution_timeout=timedelta(hours=2), retries=RETRIES, retry_delay=PAUSE, retry_exponential_backoff=not ONE_SHOT)
def list_pages(source: str) -> list[int]:
    """Read the list pages; return the numbers of the chunks to fetch. Only transient errors are retried."""
    from airflow.sdk.exceptions import AirflowFailException

    from gonggo import pipeline
    from gonggo.errors import CollectError, TransientError

    api_keys = gonggo_connections.api_keys(source)
    for batch in pipeline.recover(source=source):
        gonggo_metrics.report_run(batch)
    try:
        listed = pipeline.list_source(source, pipeline_run_id(), api_keys=api_keys, **list_options())
    except TransientError:
        raise
    except CollectError as error:
        raise AirflowFailException(f"{error.outcome}: {error}") from error
    return list(listed["chunks"])


@task(execution_timeout=timedelta(hours=2), retries=RETRIES, retry_delay=PAUSE)
def fetch(source: str, chunk: int) -> int:
    """Fetch one chunk of announcements into the archive."""
    from gonggo import pipeline

    api_keys = gonggo_connections.api_keys(source)
    pipeline.fetch_chunk(source, pipeline_run_id(), chunk, api_keys=api_keys)
    return chunk


@task(execution_timeout=timedelta(hours=1), retries=RETRIES, retry_delay=PAUSE)
def extract(source: str, chunk: int) -> int:
    """Extract the facts of one chunk from the archive."""
    from gonggo import pipeline

    pipeline.extract_chunk(source, pipeline_run_id(), chunk)
    return chunk


@task(
    multiple_outputs=False,
    trigger_rule=TriggerRule.ALL_DONE,
    outlets=[BATCHES],
    execution_timeout=timedelta(minutes=30),
    retries=RETRIES,
    retry_delay=PAUSE,
)
def stage(source: str, *, outlet_events: Any = None) -> dict[str, Any]:
    """Stage the batch, also of a failed run, and update the asset that triggers the DAG ``warehouse``."""
    from gonggo import pipeline

    staged = pipeline.stage(source, pipeline_run_id())
    gonggo_metrics.report_run(staged["batch_id"])
    figures = {name: staged[name] for name in ("batch_id", "state", "listed", "new", "changed", "extracted", "failed")}
    outlet_events[BATCHES].extra = {"source": source, **figures}
    return {**figures, "errors": staged["errors"]}


@task
def fail_if_run_failed(staged: dict[str, Any]) -> str:
    """Fail if the run of the source failed."""
    from airflow.sdk.exceptions import AirflowFailException

    if staged["state"] == "failed":
        raise AirflowFailException("; ".join(error["message"] for error in staged["errors"]) or "the run failed")
    return str(staged["state"])


def collect_dag(site: Site) -> DAG:
    """Return the DAG that collects one site."""
    with DAG(
        f"collect_{site.id}",
        description=f"{site.name.ko}: {site.name.en}",
        doc_md=DOC.format(name=site.name.ko, id=site.id, home=site.home),
        schedule=None if ONE_SHOT else CronTriggerTimetable(site.schedule, timezone="Asia/Seoul"),
        start_date=datetime(2026, 1, 1, tz=SEOUL.key),
        catchup=False,
        max_active_runs=1,
        # However many chunks a source has, other sources get their turns.
        max_active_tasks=MAX_ACTIVE_TASKS,
        allowed_run_types=ALLOWED_RUN_TYPES,
        default_args={"owner": "gonggo"},
        dagrun_timeout=timedelta(hours=6),
        deadline=gonggo_callbacks.overdue_after(timedelta(hours=3)),
        on_failure_callback=gonggo_callbacks.notify_failed,
        params={
            "since": Param(
                None, type=["null", "string"], format="date", description="이 날까지 거슬러 수집 | walk back to"
            ),
            "until": Param(
                None, type=["null", "string"], format="date", description="이 날까지 올라온 것만 | posted up to"
            ),
            "no_prefilter": Param(
                False, type="boolean", description="AI와 무관해 보이는 것도 수집 | fetch every row of the list"
            ),
            "full": Param(False, type="boolean", description="모든 쪽을 다시 봄 | look at every page again"),
        },
        tags=["gonggo", "collect", site.region],
    ) as dag:
        chunks = list_pages(site.id)
        # Real sites get one request at a time, so that a second task would only wait, in a slot that others need.
        at_once = 2 if SETTINGS.demo_url else 1
        fetched = fetch.override(max_active_tis_per_dagrun=at_once).partial(source=site.id).expand(chunk=chunks)
        staged = stage(site.id)
        extract.partial(source=site.id).expand(chunk=fetched) >> staged >> fail_if_run_failed(staged)  # type: ignore[arg-type]
    return dag


SETTINGS, ALLOWED_RUN_TYPES = parsing_settings(), allowed_run_types()
# The DAGs exist even if settings or files of sites are invalid; their tasks report what is wrong.
# When a task starts, only its own DAG is needed.
_PARSED_DAG = get_parsing_context().dag_id
for _site in active_sites(SETTINGS):
    if _PARSED_DAG in (None, f"collect_{_site.id}"):
        globals()[f"collect_{_site.id}"] = collect_dag(_site)
