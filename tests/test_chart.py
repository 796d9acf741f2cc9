"""Values held against a chart: a small one of our own, with what the official one has of traps."""

import json
import sys
import tarfile

import pytest

from tools import chart as tool

ABOUT = "{name: small, version: 1.2.3, dependencies: [{name: database}]}"
DEFAULTS = """
replicas: 1
worker: {queue: default, resources: {}, probe: {seconds: 5}, note: ~}
config: {core: {executor: Local}}
database: {enabled: true}
strategy: {rolling: 50%}
"""
SCHEMA = {
    # As the official chart writes it: without the fragment.
    "$schema": "http://json-schema.org/draft-07/schema",
    "definitions": {
        "Resources": {"type": "object", "properties": {"limits": {"type": "object"}}, "additionalProperties": False},
        "Strategy": {"type": "object", "properties": {"rolling": {}, "type": {}}, "additionalProperties": False},
    },
    "type": "object",
    "properties": {
        "replicas": {"type": "integer"},
        "worker": {
            "type": "object",
            "properties": {
                "queue": {"type": "string"},
                "resources": {"$ref": "#/definitions/Resources"},
                # Known to the schema alone.
                "disk": {"type": "object", "properties": {"size": {"type": "string"}}, "additionalProperties": False},
            },
        },
        "config": {
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": {"type": ["string", "integer"]}},
        },
        "strategy": {"$ref": "#/definitions/Strategy"},
    },
}
GOOD = """
replicas: 3
worker:
  queue: other
  resources:
    limits: {memory: 1Gi}
  disk: {size: 1Gi}
config:
  core: {parallelism: 8}
  scheduler: {enable_health_check: "True"}
database:
  enabled: false
  what_only_the_inner_chart_knows: 1
strategy: {type: Recreate}
"""
CLOSED = {
    "runAsNonRoot": True,
    "readOnlyRootFilesystem": True,
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "seccompProfile": {"type": "RuntimeDefault"},
}


@pytest.fixture
def chart(tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "Chart.yaml").write_text(ABOUT)
    (folder / "values.yaml").write_text(DEFAULTS)
    (folder / "values.schema.json").write_text(json.dumps(SCHEMA))
    return folder


@pytest.fixture
def run(tmp_path, chart, monkeypatch, capsys):
    def run(values, *, at=chart, helm=""):
        if values is not None:
            (tmp_path / "mine.yaml").write_text(values)
        call = ["chart.py", str(tmp_path / "mine.yaml"), *([str(at)] if at else []), "--helm", str(helm)]
        monkeypatch.setattr(sys, "argv", call)
        return tool.main(), capsys.readouterr().out

    return run


def test_good_values_pass_and_are_counted(run):
    code, output = run(GOOD)
    assert (code, output.splitlines()[0]) == (0, "chart: small 1.2.3, 18 keys checked, 0 wrong")
    assert "helm is not installed" in output


@pytest.mark.parametrize(
    ("old", "new", "line", "place"),
    [
        ("replicas:", "replica:", 2, "replica"),
        ("queue:", "qeue:", 4, "worker.qeue"),
        ("queue: other", "probe: {second: 1}", 4, "worker.probe.second"),
        ("limits:", "limit:", 5, "worker.resources"),
        ("size:", "sizes:", 7, "worker.disk"),
        ("type: Recreate", "kind: Recreate", 14, "strategy"),
    ],
)
def test_a_key_that_the_chart_does_not_know_is_reported_with_its_line(run, tmp_path, old, new, line, place):
    code, output = run(GOOD.replace(old, new))
    assert code == 1
    assert f"chart: {tmp_path}/mine.yaml:{line}: {place}: " in output
    assert new.partition(":")[0] in output


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("replicas: 3", 'replicas: "3"', "2: replicas: '3' is not of type 'integer'"),
        ("queue: other", "queue: [other]", "4: worker.queue: ['other'] is not of type 'string'"),
        ("parallelism: 8", "parallelism: [8]", "9: config.core.parallelism: [8] is not of type 'string', 'integer'"),
        ("config:\n  core: {parallelism: 8}", "config:\n  core: 8", "9: config.core: 8 is not of type 'object'"),
    ],
)
def test_a_value_of_a_wrong_type_is_reported_with_its_line(run, tmp_path, old, new, message):
    code, output = run(GOOD.replace(old, new))
    assert code == 1 and f"chart: {tmp_path}/mine.yaml:{message}" in output


def test_null_takes_a_default_away(run):
    assert run("replicas: ~\nworker: {queue: ~}")[0] == 0


def test_an_archive_is_read_as_its_folder_is(run, chart, tmp_path):
    with tarfile.open(tmp_path / "small-1.2.3.tgz", "w:gz") as archive:
        archive.add(chart, "small")
        # A chart inside has files of the same names.
        (chart / "values.yaml").write_text("inner: 1")
        archive.add(chart / "values.yaml", "small/charts/database/values.yaml")

    assert run(GOOD, at=tmp_path / "small-1.2.3.tgz")[0] == 0
    assert run(GOOD.replace("replicas", "inner"), at=tmp_path / "small-1.2.3.tgz")[0] == 1


@pytest.mark.parametrize("name", ["Chart.yaml", "values.yaml", "values.schema.json"])
def test_a_chart_without_one_of_its_files_is_refused(run, chart, name):
    (chart / name).unlink()
    code, output = run(GOOD)
    assert code == 1 and f"no {name} can be read there" in output


def test_what_is_no_chart_is_refused(run, chart, tmp_path):
    assert "no Chart.yaml can be read there" in run(GOOD, at=tmp_path / "nowhere")[1]
    (tmp_path / "text.tgz").write_text("not an archive")
    assert "no Chart.yaml can be read there" in run(GOOD, at=tmp_path / "text.tgz")[1]
    with tarfile.open(tmp_path / "other.tgz", "w:gz") as archive:
        archive.add(chart / "values.yaml", "values.yaml")
    assert "is it a chart?" in run(GOOD, at=tmp_path / "other.tgz")[1]
    (chart / "values.schema.json").write_text("{")
    assert "is invalid" in run(GOOD)[1]


def test_values_that_are_none_are_refused(run, tmp_path):
    assert "expected a mapping of keys, found list" in run("- 1")[1]
    code, output = run("a: [")
    assert code == 1 and f"{tmp_path}/mine.yaml:2: " in output
    (tmp_path / "mine.yaml").unlink()
    code, output = run(None)
    assert code == 1 and f"No such file or directory: '{tmp_path}/mine.yaml'" in output


def test_without_a_chart_it_says_how_to_get_one(run):
    code, output = run(GOOD, at=None)
    assert code == 2 and "helm pull airflow --repo" in output and "make kubernetes CHART=" in output


def stand_in(folder, *, says="", status=0):
    """A program in the place of Helm."""
    program = folder / "helm"
    (folder / "rendered.yaml").write_text(says)
    program.write_text(f'#!/bin/sh\necho "$@" > {folder}/asked\ncat {folder}/rendered.yaml\nexit {status}\n')
    program.chmod(0o755)
    return program


def workload(kind, context, **more):
    pod = {
        "securityContext": {k: v for k, v in context.items() if k in ("runAsNonRoot", "seccompProfile")},
        "initContainers": [{"name": "first", "resources": {"limits": {"memory": "1Gi"}}, "securityContext": context}],
        "containers": [{"name": "main", "resources": {"limits": {"memory": "1Gi"}}, "securityContext": context} | more],
    }
    spec = {"template": {"spec": pod}}
    return {
        "kind": kind,
        "metadata": {"name": "some"},
        "spec": {"jobTemplate": {"spec": spec}} if kind == "CronJob" else spec,
    }


def test_what_helm_renders_is_looked_at(run, tmp_path, chart):
    closed = [workload(kind, CLOSED) for kind in ("Deployment", "CronJob")]
    says = "---\n".join(map(json.dumps, [{"kind": "Service", "spec": {"ports": []}}, *closed])).replace(
        "}---", "}\n---"
    )
    code, output = run(GOOD, helm=stand_in(tmp_path, says=says))
    assert (code, output.splitlines()[1:]) == (0, ["chart: 3 objects rendered, 4 containers in them"]), output
    assert (tmp_path / "asked").read_text().split()[:3] == ["template", "gonggo", str(chart)]


@pytest.mark.parametrize("lacking", CLOSED)
@pytest.mark.parametrize("kind", ["StatefulSet", "CronJob"])
def test_an_open_container_is_refused(run, tmp_path, kind, lacking):
    context = {key: value for key, value in CLOSED.items() if key != lacking}
    code, output = run(GOOD, helm=stand_in(tmp_path, says=json.dumps(workload(kind, context))))
    assert code == 1
    assert f"chart: {kind} some, container first: no {lacking}" in output
    assert f"chart: {kind} some, container main: no {lacking}" in output


def test_a_container_without_a_limit_is_refused(run, tmp_path):
    says = json.dumps(workload("Job", CLOSED, resources={}))
    code, output = run(GOOD, helm=stand_in(tmp_path, says=says))
    assert code == 1 and "chart: Job some, container main: no resources.limits.memory" in output


def test_what_helm_says_against_it_is_reported(run, tmp_path):
    program = stand_in(tmp_path, status=1)
    program.write_text("#!/bin/sh\necho 'Error: a template fails' >&2\nexit 1\n")
    code, output = run(GOOD, helm=program)
    assert code == 1 and "Error: a template fails" in output
