"""A values file against the Helm chart that it is for, without a cluster.

    python tools/chart.py kubernetes/values.yaml CHART

Helm ignores a key that the chart does not know, so that a slip of the pen changes nothing and says nothing. Here it
fails, as does a value of a wrong type. Where Helm is on the machine, the templates are filled in too, and every
container that comes of them must be closed.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft7Validator
from jsonschema.validators import validator_for

from gonggo.datafile import line_of, load_yaml
from gonggo.errors import DataFileError

VERSION = "1.22.0"
HOW_TO_GET_IT = f"""chart: no chart given. The values are for version {VERSION} of the official one; to get it:
  helm pull airflow --repo https://airflow.apache.org --version {VERSION}
or, without Helm, https://archive.apache.org/dist/airflow/helm-chart/{VERSION}/airflow-{VERSION}.tgz; then
  make kubernetes CHART=airflow-{VERSION}.tgz"""
FILES = ("Chart.yaml", "values.yaml", "values.schema.json")
RENDER_SECONDS = 120.0

Place = tuple[int | str, ...]


class ChartError(Exception):
    """The chart cannot be read, or Helm cannot fill it in."""


@dataclass(frozen=True)
class Chart:
    """What a chart says of its values."""

    about: dict[str, Any]
    defaults: dict[str, Any]
    schema: dict[str, Any]

    @property
    def parts(self) -> set[str]:
        """Keys whose values go to a chart inside this one, which knows more of them."""
        return {"global", *(one.get("alias") or one["name"] for one in self.about.get("dependencies") or [])}


def read_chart(path: Path) -> Chart:
    """A chart from its folder or its archive.

    Errors:
        ChartError: there is none, or a file of it is missing or broken.
    """
    about, defaults, schema = (_text(path, name) for name in FILES)
    try:
        return Chart(yaml.safe_load(about), yaml.safe_load(defaults), json.loads(schema))
    except (yaml.YAMLError, ValueError) as error:
        raise ChartError(f"{path}: a file of the chart is broken: {error}") from error


def _text(path: Path, name: str) -> str:
    try:
        if path.is_dir():
            return (path / name).read_text("utf-8")
        with tarfile.open(path) as archive:
            inside = next(one for one in archive.getnames() if one.count("/") == 1 and one.endswith(f"/{name}"))
            file = archive.extractfile(inside)
            return file.read().decode("utf-8") if file else ""
    except (OSError, tarfile.TarError) as error:
        raise ChartError(f"{path}: no {name} can be read there ({error}); give a chart's folder or .tgz") from error
    except StopIteration as error:
        raise ChartError(f"{path}: no {name} in it; is it a chart?") from error


def keys(values: Any) -> int:
    """How many keys there are, at all levels."""
    if isinstance(values, list):
        return sum(map(keys, values))
    return sum(1 + keys(value) for value in values.values()) if isinstance(values, dict) else 0


def unknown(own: dict[str, Any], theirs: dict[str, Any], schema: dict[str, Any], at: Place = ()) -> Iterator[Place]:
    """Places of keys that neither the chart's own values have nor its schema.

    Where the chart has nothing yet, the schema alone says what may be there; so it does where it lets any name be.
    """
    if "$ref" in schema:
        # A type of Kubernetes, which closes itself.
        return
    described, any_name = schema.get("properties", {}), schema.get("additionalProperties")
    for key, value in own.items():
        inside = described.get(key, any_name)
        if key not in theirs and not isinstance(inside, dict):
            yield (*at, key)
        elif isinstance(value, dict) and isinstance(theirs.get(key), dict) and theirs[key]:
            yield from unknown(value, theirs[key], inside if isinstance(inside, dict) else {}, (*at, key))


def merged(defaults: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """What Helm makes of both; null takes a default away."""
    both = {**defaults, **values}
    for key, value in values.items():
        if isinstance(value, dict) and isinstance(defaults.get(key), dict):
            both[key] = merged(defaults[key], value)
    return {key: value for key, value in both.items() if value is not None or key not in values}


def against(chart: Chart, values: dict[str, Any]) -> list[tuple[Place, str]]:
    """Each place where something is wrong, with what."""
    own = {key: value for key, value in values.items() if key not in chart.parts}
    wrong = [(at, "the chart has no such key") for at in unknown(own, chart.defaults, chart.schema)]
    validator = validator_for(chart.schema, default=Draft7Validator)(chart.schema)
    for error in validator.iter_errors(merged(chart.defaults, values)):
        wrong.append((tuple(error.absolute_path), error.message[:300]))
    return sorted(wrong, key=lambda one: [str(part) for part in one[0]])


def render(helm: str, chart: Path, values: Path) -> list[dict[str, Any]]:
    """The objects that the chart's templates give.

    Errors:
        ChartError: what Helm says against it.
    """
    command = [helm, "template", "gonggo", str(chart), "--namespace", "gonggo", "--values", str(values)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=RENDER_SECONDS, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ChartError(f"{helm}: {error}") from error
    if done.returncode:
        raise ChartError(f"{helm} template: {done.stderr.strip()[-1000:]}")
    return [one for one in yaml.safe_load_all(done.stdout) if one]


def pods(objects: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object that makes pods, by its name, with what it makes them of."""
    for one in objects:
        spec = one.get("spec", {})
        spec = spec.get("jobTemplate", {}).get("spec", spec)
        if "template" in spec:
            yield f"{one['kind']} {one['metadata']['name']}", spec["template"]["spec"]


def lax(pod: dict[str, Any], container: dict[str, Any]) -> list[str]:
    """What a container lacks to be closed."""
    context = {**pod.get("securityContext", {}), **container.get("securityContext", {})}
    needed = {
        "runAsNonRoot: true": context.get("runAsNonRoot") is True,
        "readOnlyRootFilesystem: true": context.get("readOnlyRootFilesystem") is True,
        "allowPrivilegeEscalation: false": context.get("allowPrivilegeEscalation") is False,
        "capabilities.drop: [ALL]": context.get("capabilities") == {"drop": ["ALL"]},
        "seccompProfile: RuntimeDefault": context.get("seccompProfile") == {"type": "RuntimeDefault"},
        "resources.limits.memory": "memory" in container.get("resources", {}).get("limits", {}),
    }
    return [what for what, there in needed.items() if not there]


def main() -> int:
    """The exit status."""
    parser = argparse.ArgumentParser()
    parser.add_argument("values", type=Path)
    parser.add_argument("chart", type=Path, nargs="?")
    parser.add_argument("--helm", default=shutil.which("helm"))
    asked = parser.parse_args()
    if asked.chart is None:
        print(HOW_TO_GET_IT)
        return 2
    try:
        chart, values = read_chart(asked.chart), load_yaml(asked.values)
        if not isinstance(values, dict):
            raise DataFileError(f"{asked.values}:1: expected a mapping of keys, found {type(values).__name__}")
        wrong = [
            f"{asked.values}:{line_of(asked.values, at)}: {'.'.join(map(str, at))}: {what}"
            for at, what in against(chart, values)
        ]
        objects = render(asked.helm, asked.chart, asked.values) if asked.helm and not wrong else []
    except (ChartError, DataFileError, OSError) as error:
        print(f"chart: {error}")
        return 1
    containers = [
        (f"{name}, container {container['name']}", lax(pod, container))
        for name, pod in pods(objects)
        for container in [*pod.get("initContainers", []), *pod["containers"]]
    ]
    wrong += [f"{name}: no {lacking}" for name, lacks in containers for lacking in lacks]
    for line in wrong:
        print(f"chart: {line}")
    print(f"chart: {chart.about['name']} {chart.about['version']}, {keys(values)} keys looked at, {len(wrong)} wrong")
    if objects:
        print(f"chart: {len(objects)} objects rendered, {len(containers)} containers in them")
    elif not asked.helm:
        print("chart: helm is not on this machine; the templates were not filled in")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
