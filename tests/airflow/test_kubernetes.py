"""The values for Kubernetes beside the compose file: the same image, settings and limits, and no secret.

What the official chart makes of them, `make kubernetes` looks at; the chart is not part of the project.
"""

import contextlib
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest
import yaml
from airflow.configuration import conf

from gonggo.settings import FORMER_NAMES
from tools.chart import VERSION

ROOT = Path(__file__).parents[2]
FILE = ROOT / "kubernetes" / "values.yaml"
VALUES = yaml.safe_load(FILE.read_text("utf-8"))
DOCS = (ROOT / "docs" / "kubernetes.md").read_text("utf-8")
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
COMPOSE = SERVICES["worker"]["environment"]
# The chart's name of each part, and the compose file's.
PARTS = {"apiServer": "api-server", "scheduler": "scheduler", "dagProcessor": "dag-processor", "triggerer": "triggerer"}
WORKERS = VALUES["workers"]["celery"]
ENVIRONMENT = {one["name"]: one["value"] for one in VALUES["env"]}
SECRETS = {one["envName"]: (one["secretName"], one["secretKey"]) for one in VALUES["secret"]}
SOURCES = {"BIZINFO_API_KEY", "DATA_GO_KR_API_KEY", "NAVER_API_HUB_CLIENT_ID", "NAVER_API_HUB_CLIENT_SECRET"}
# Each cluster has values of its own.
OWN = {"GONGGO_OBJECT_STORE", "GONGGO_LOADERS", "FSSPEC_S3_ENDPOINT_URL", "AWS_REGION"}
ELSEWHERE = {
    "GONGGO_DEMO_URL": "the sample sites are a container of compose",
    "GONGGO_BACKUP": "a pod has no other disk; the bucket's versions and the database's dumps are the backup",
    "GONGGO_KEEP_BACKUPS": "there is no GONGGO_BACKUP",
    "REQUESTS_CA_BUNDLE": "its file is in a volume that each cluster has of its own, or not",
    **dict.fromkeys(
        FORMER_NAMES.values(), "values name each variable once; who has one of former times there keeps it"
    ),
    "AIRFLOW__CORE__EXECUTOR": "the chart sets it from `executor`",
    "AIRFLOW__CORE__FERNET_KEY": "the chart takes it from fernetKeySecretName",
    "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": "the chart knows the name of its service",
    "AIRFLOW__API__SECRET_KEY": "the chart takes it from apiSecretKeySecretName",
    "AIRFLOW__API_AUTH__JWT_SECRET": "the chart takes it from jwtSecretName",
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "the chart takes it from data.metadataSecretName",
    "AIRFLOW__CELERY__BROKER_URL": "the chart takes it from data.brokerUrlSecretName",
    "AIRFLOW__CELERY__RESULT_BACKEND": "Airflow takes the metadata's database where there is none",
    "AIRFLOW__METRICS__STATSD_ON": "the chart sets it from statsd.enabled",
    "AIRFLOW__METRICS__STATSD_HOST": "the chart sets it from statsd.enabled",
    "AIRFLOW__METRICS__STATSD_PORT": "the chart sets it from statsd.enabled",
    "AIRFLOW__METRICS__OTEL_ON": "the chart sets it from otelCollector.metricsEnabled",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "the chart sets it from otelCollector.metricsEnabled",
    # More workers than one take more tasks at once.
    "AIRFLOW__CORE__PARALLELISM": "compose's default is for one machine; docker/example.env has this one",
}


def default_of_compose(value):
    """What compose gives where `.env` says nothing."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value)


def places(value, at=()):
    if isinstance(value, dict):
        for key, inside in value.items():
            yield from places(inside, (*at, key))
    elif isinstance(value, list):
        for number, inside in enumerate(value):
            yield from places(inside, (*at, number))
    else:
        yield at, value


def test_it_is_the_image_of_compose_with_the_airflow_that_is_locked():
    image = VALUES["images"]["airflow"]
    assert f"{image['repository']}:{image['tag']}" == SERVICES["worker"]["image"]
    assert f"\napache-airflow=={VALUES['airflowVersion']} " in (ROOT / "docker" / "requirements.lock").read_text(
        "utf-8"
    )


def test_airflow_finds_its_files_where_the_image_has_them():
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    assert f"AIRFLOW_HOME={VALUES['airflowHome']} " in dockerfile
    assert f"AIRFLOW__CORE__DAGS_FOLDER={VALUES['dags']['mountPath']}\n" in dockerfile
    assert not VALUES["dags"]["gitSync"]["enabled"] and not VALUES["dags"]["persistence"]["enabled"]


@pytest.mark.parametrize("name", COMPOSE)
def test_a_variable_of_compose_is_here_too(name):
    if name in ELSEWHERE:
        assert name not in ENVIRONMENT
    elif name in SOURCES:
        assert name not in ENVIRONMENT and f"--from-literal={name}=" in DOCS
    elif name.startswith("AIRFLOW__"):
        _, section, option = name.lower().split("__")
        assert str(VALUES["config"][section][option]) == default_of_compose(COMPOSE[name])
    elif name not in OWN | SECRETS.keys():
        assert ENVIRONMENT[name] == default_of_compose(COMPOSE[name])


def test_nothing_is_excused_that_compose_does_not_have():
    assert COMPOSE.keys() >= {*ELSEWHERE, *SOURCES}


def test_as_many_tasks_at_once_as_the_example_for_many_workers_says():
    example = (ROOT / "docker" / "example.env").read_text("utf-8")
    assert f"GONGGO_PARALLELISM={VALUES['config']['core']['parallelism']}\n" in example
    assert f"GONGGO_EXECUTOR={VALUES['executor']}\n" in example


def test_what_outlives_a_pod_is_in_the_store_and_the_databases():
    assert ENVIRONMENT["GONGGO_OBJECT_STORE"].startswith("s3://")
    assert all(ENVIRONMENT[name] for name in OWN)
    assert {"GONGGO_POSTGRES_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} == SECRETS.keys()
    assert not VALUES["postgresql"]["enabled"] and not VALUES["redis"]["enabled"]
    # Only a worker's logs are on a volume, one of its own.
    claims = [at for at, value in places(VALUES) if at[-2:] == ("persistence", "enabled") and value]
    assert claims == [("workers", "celery", "persistence", "enabled")]
    assert "ReadWriteMany" not in FILE.read_text("utf-8")


def test_the_places_to_write_are_those_of_compose_and_have_a_limit():
    limits = {one["name"]: one["emptyDir"]["sizeLimit"] for one in VALUES["volumes"]}
    places = {one["mountPath"]: limits[one["name"]] for one in VALUES["volumeMounts"]}
    worker = SERVICES["worker"]
    there = {entry.split(":")[0 if entry.startswith("/") else 1] for entry in worker["tmpfs"] + worker["volumes"]}
    # The chart mounts the logs; a backup has no place in a pod.
    assert places.keys() == there - {"/opt/gonggo/airflow/logs", "/opt/gonggo/backup"}
    assert VALUES["logs"]["emptyDirConfig"]["sizeLimit"]


def test_no_secret_is_written_down():
    text = FILE.read_text("utf-8")
    assert not re.search(r"://[^/\s]*:[^/\s]*@", text)
    wanted = re.compile("password|(fernet|secret|api)_?key$|jwt_?secret$|connection$|brokerurl$|^pass$|^user$", re.I)
    assert [at for at, _ in places(VALUES) if wanted.search(str(at[-1])) and at[0] != "secret"] == []
    assert [name for name in ENVIRONMENT if re.search("KEY|SECRET|PASSWORD|TOKEN|CATALOGUE", name)] == []
    assert not VALUES["createUserJob"]["enabled"]


def test_the_docs_make_every_secret_that_the_values_name():
    secrets_of_docs = {
        name: set(re.findall(r"--from-literal=([\w-]+)=", rest))
        for name, rest in re.findall(r"kubectl create secret generic ([\w-]+)((?:.*\\\n)*.*)", DOCS)
    }
    for name, key in SECRETS.values():
        assert key in secrets_of_docs[name]
    assert secrets_of_docs["gonggo-sources"] == SOURCES
    assert yaml.safe_load(VALUES["extraEnvFrom"]) == [{"secretRef": {"name": "gonggo-sources", "optional": True}}]
    # Keys that the chart looks for in them.
    assert secrets_of_docs[VALUES["data"]["brokerUrlSecretName"]] == {"connection"}
    airflow = {VALUES[name] for name in ("fernetKeySecretName", "apiSecretKeySecretName", "jwtSecretName")}
    assert airflow == {VALUES["data"]["metadataSecretName"]}
    assert secrets_of_docs[airflow.pop()] == {"connection", "fernet-key", "api-secret-key", "jwt-secret"}


def test_every_container_is_closed():
    """The chart gives these to all that have none of their own; nobody has."""
    assert VALUES["securityContexts"] == {
        "pod": {
            "runAsNonRoot": True,
            "runAsUser": 50000,
            "runAsGroup": 0,
            "fsGroup": 0,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
    }
    user, group = SERVICES["worker"]["user"].split(":")
    pod = VALUES["securityContexts"]["pod"]
    assert (pod["runAsUser"], pod["runAsGroup"]) == (int(user), int(group))
    # The exporter is another image, with a user of its own, and off; who switches it on has it closed too.
    assert VALUES["statsd"]["securityContexts"]["container"] == VALUES["securityContexts"]["containers"]
    assert VALUES["statsd"]["securityContexts"]["pod"]["runAsNonRoot"] is True
    own = {at[0] for at, _ in places(VALUES) if {"securityContext", "securityContexts"} & set(at[1:])}
    assert own == {"statsd"}


@pytest.mark.parametrize("part", [*PARTS, "workers", "migrateDatabaseJob"])
def test_a_part_may_ask_the_cluster_nothing_and_has_limits(part):
    ours = WORKERS if part == "workers" else VALUES[part]
    assert ours["serviceAccount"]["automountServiceAccountToken"] is False
    assert ours["resources"]["requests"].keys() >= {"cpu", "memory"}
    of_compose = SERVICES[{**PARTS, "workers": "worker"}.get(part, "init")]
    assert ours["resources"]["limits"]["memory"] == of_compose["mem_limit"].replace("g", "Gi")
    assert not VALUES["rbac"]["create"] and not VALUES["allowPodLaunching"]


def test_a_worker_may_finish_its_tasks_and_nothing_scales_by_itself():
    assert WORKERS["terminationGracePeriodSeconds"] == 600 and SERVICES["worker"]["stop_grace_period"] == "10m"
    assert not WORKERS["keda"]["enabled"] and not WORKERS["hpa"]["enabled"]


def test_the_job_does_what_the_init_of_compose_does_but_for_the_user():
    job = VALUES["migrateDatabaseJob"]["args"]
    assert job[:2] == ["bash", "-euc"]
    steps = SERVICES["init"]["command"][0].replace("$$", "$").splitlines()
    # Here, secrets hold whole addresses: how their parts are written is not to be checked.
    steps = [step for step in steps if step.startswith("airflow ")]
    assert job[2].splitlines() == [step for step in steps if " users " not in step]
    assert "airflow users create --role Admin" in DOCS


def test_metrics_are_off_as_in_compose():
    assert not VALUES["statsd"]["enabled"] and COMPOSE["AIRFLOW__METRICS__STATSD_ON"].endswith(":-False}")


def test_airflow_knows_every_option():
    """A section of airflow.cfg may hold anything: the chart finds no slip of the pen there."""
    known = conf.configuration_description
    # The provider of the containers, which is not among the packages here.
    sections = {name: options for name, options in VALUES["config"].items() if name != "celery"}
    assert [(s, o) for s, options in sections.items() for o in options if o not in known[s]["options"]] == []
    assert VALUES["config"]["celery"].keys() == {"worker_concurrency"}


def test_probes_and_sweepers_use_what_the_image_has():
    """The chart's own are scripts of Airflow's image."""
    check = SERVICES["scheduler"]["healthcheck"]["test"][1:]
    assert VALUES["scheduler"]["livenessProbe"]["command"] == VALUES["scheduler"]["startupProbe"]["command"] == check
    for part in ("dagProcessor", "triggerer"):
        assert "exec airflow jobs check" in VALUES[part]["livenessProbe"]["command"][2]
    assert "exec python -m celery" in WORKERS["livenessProbe"]["command"][2]
    for ours in (WORKERS, *(VALUES[part] for part in PARTS if part != "apiServer")):
        assert ours["logGroomerSidecar"]["command"] == ["bash", "-uc"]
    assert "/entrypoint" not in FILE.read_text("utf-8") and "/clean-logs" not in FILE.read_text("utf-8")


def test_the_sweeper_takes_old_logs_and_ends_when_asked(tmp_path):
    sweeper = WORKERS["logGroomerSidecar"]
    run = tmp_path / "dag_id=warehouse"
    (run / "run_id=old").mkdir(parents=True)
    old, new = run / "run_id=old" / "1.log", run / "2.log"
    for file, days in ((old, sweeper["retentionDays"] + 2), (new, sweeper["retentionDays"] - 1)):
        file.write_text("said")
        os.utime(file, (file.stat().st_atime, file.stat().st_mtime - days * 86_400))
    script = sweeper["args"][0].replace("/opt/gonggo/airflow/logs", str(tmp_path))
    variables = {
        "AIRFLOW__LOG_RETENTION_DAYS": str(sweeper["retentionDays"]),
        "AIRFLOW__LOG_CLEANUP_FREQUENCY_MINUTES": "60",
    }
    # Once it sleeps, it has swept.
    sleeps = script.replace('sleep "', f'touch {tmp_path}/swept; sleep "')
    started = subprocess.Popen([*sweeper["command"], sleeps], env={**os.environ, **variables}, start_new_session=True)
    try:
        wait_for(tmp_path / "swept")
        assert new.exists() and not old.exists()
        started.terminate()
        assert started.wait(60) == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
        started.wait()


def wait_for(path):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if path.exists():
            return
        time.sleep(0.05)
    raise AssertionError(f"{path} did not come")


def test_one_version_of_the_chart_is_named_everywhere():
    assert f"apache-airflow/airflow {VERSION}," in FILE.read_text("utf-8")
    assert set(re.findall(r"(?:--version |airflow-)(\d+\.\d+\.\d+)", DOCS)) == {VERSION}
