"""Check a values file against its Helm chart, without a cluster.

    python tools/chart.py kubernetes/values.yaml CHART

Helm silently ignores a key that the chart does not know; this check fails for it, and for a value of a wrong type. If
Helm is installed, the templates are rendered, too, and every container in them must be locked down.
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

KeyPath = tuple[int | str, ...]


class ChartError(Exception):
    """Raised if the chart cannot be read, or Helm cannot render it."""


@dataclass(frozen=True)
class Chart:
    """A chart: its description, its default values and their schema."""

    description: dict[str, Any]
    defaults: dict[str, Any]
    schema: dict[str, Any]

    @property
    def subcharts(self) -> set[str]:
        """Return the keys whose values are for a chart inside this one, which has its own schema."""
        return {"global", *(one.get("alias") or one["name"] for one in self.description.get("dependencies") or [])}


def read_chart(path: Path) -> Chart:
    """Read a chart from its folder or its archive.

    Raises:
        ChartError: There is no chart, or one of its files is missing or invalid.
    """
    description, defaults, schema = (_text(path, name) for name in FILES)
    try:
        return Chart(yaml.safe_load(description), yaml.safe_load(defaults), json.loads(schema))
    except (yaml.YAMLError, ValueError) as error:
        raise ChartError(f"{path}: a file of the chart is invalid: {error}") from error


def _text(path: Path, name: str) -> str:
    try:
        if path.is_dir():
            return (path / name).read_text("utf-8")
        with tarfile.open(path) as archive:
            member = next(one for one in archive.getnames() if one.count("/") == 1 and one.endswith(f"/{name}"))
            file = archive.extractfile(member)
            return file.read().decode("utf-8") if file else ""
    except (OSError, tarfile.TarError) as error:
        raise ChartError(f"{path}: no {name} can be read there ({error}); give a chart's folder or .tgz") from error
    except StopIteration as error:
        raise ChartError(f"{path}: no {name} in it; is it a chart?") from error


def count_keys(values: Any) -> int:
    """Return the number of keys at all levels."""
    if isinstance(values, list):
        return sum(map(count_keys, values))
    return sum(1 + count_keys(value) for value in values.values()) if isinstance(values, dict) else 0


def unknown_keys(
    values: dict[str, Any], defaults: dict[str, Any], schema: dict[str, Any], at: KeyPath = ()
) -> Iterator[KeyPath]:
    """Yield the paths of keys that neither the default values of a chart nor its schema have.

    Below a default that is empty, and where the schema allows any name, only the schema decides.
    """
    if "$ref" in schema:
        # A type of Kubernetes, whose own schema allows no other keys.
        return
    described, any_name = schema.get("properties", {}), schema.get("additionalProperties")
    for key, value in values.items():
        inside = described.get(key, any_name)
        if key not in defaults and not isinstance(inside, dict):
            yield (*at, key)
        elif isinstance(value, dict) and isinstance(defaults.get(key), dict) and defaults[key]:
            yield from unknown_keys(value, defaults[key], inside if isinstance(inside, dict) else {}, (*at, key))


def merge_values(defaults: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """Return defaults and values merged as Helm does it; null removes a default."""
    both = {**defaults, **values}
    for key, value in values.items():
        if isinstance(value, dict) and isinstance(defaults.get(key), dict):
            both[key] = merge_values(defaults[key], value)
    return {key: value for key, value in both.items() if value is not None or key not in values}


def find_problems(chart: Chart, values: dict[str, Any]) -> list[tuple[KeyPath, str]]:
    """Return (path, problem) for everything that is wrong with the values."""
    own = {key: value for key, value in values.items() if key not in chart.subcharts}
    problems = [(at, "the chart has no such key") for at in unknown_keys(own, chart.defaults, chart.schema)]
    validator = validator_for(chart.schema, default=Draft7Validator)(chart.schema)
    for error in validator.iter_errors(merge_values(chart.defaults, values)):
        problems.append((tuple(error.absolute_path), error.message[:300]))
    return sorted(problems, key=lambda one: [str(part) for part in one[0]])


def render(helm: str, chart: Path, values: Path) -> list[dict[str, Any]]:
    """Return the objects that Helm renders from the templates of a chart.

    Raises:
        ChartError: Helm failed; the message has its output.
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
    """Yield kind and name of every object that creates pods, with the specification of its pods."""
    for one in objects:
        spec = one.get("spec", {})
        spec = spec.get("jobTemplate", {}).get("spec", spec)
        if "template" in spec:
            yield f"{one['kind']} {one['metadata']['name']}", spec["template"]["spec"]


def missing_restrictions(pod: dict[str, Any], container: dict[str, Any]) -> list[str]:
    """Return the restrictions that a container lacks."""
    context = {**pod.get("securityContext", {}), **container.get("securityContext", {})}
    needed = {
        "runAsNonRoot: true": context.get("runAsNonRoot") is True,
        "readOnlyRootFilesystem: true": context.get("readOnlyRootFilesystem") is True,
        "allowPrivilegeEscalation: false": context.get("allowPrivilegeEscalation") is False,
        "capabilities.drop: [ALL]": context.get("capabilities") == {"drop": ["ALL"]},
        "seccompProfile: RuntimeDefault": context.get("seccompProfile") == {"type": "RuntimeDefault"},
        "resources.limits.memory": "memory" in container.get("resources", {}).get("limits", {}),
    }
    return [restriction for restriction, is_set in needed.items() if not is_set]


def main() -> int:
    """Check the values and print the problems; return 1 if there are any, 2 without a chart."""
    parser = argparse.ArgumentParser()
    parser.add_argument("values", type=Path)
    parser.add_argument("chart", type=Path, nargs="?")
    parser.add_argument("--helm", default=shutil.which("helm"))
    arguments = parser.parse_args()
    if arguments.chart is None:
        print(HOW_TO_GET_IT)
        return 2
    try:
        chart, values = read_chart(arguments.chart), load_yaml(arguments.values)
        if not isinstance(values, dict):
            raise DataFileError(f"{arguments.values}:1: expected a mapping of keys, found {type(values).__name__}")
        wrong = [
            f"{arguments.values}:{line_of(arguments.values, at)}: {'.'.join(map(str, at))}: {what}"
            for at, what in find_problems(chart, values)
        ]
        objects = render(arguments.helm, arguments.chart, arguments.values) if arguments.helm and not wrong else []
    except (ChartError, DataFileError, OSError) as error:
        print(f"chart: {error}")
        return 1
    containers = [
        (f"{name}, container {container['name']}", missing_restrictions(pod, container))
        for name, pod in pods(objects)
        for container in [*pod.get("initContainers", []), *pod["containers"]]
    ]
    wrong += [f"{name}: no {restriction}" for name, missing in containers for restriction in missing]
    for line in wrong:
        print(f"chart: {line}")
    title = f"{chart.description['name']} {chart.description['version']}"
    print(f"chart: {title}, {count_keys(values)} keys checked, {len(wrong)} wrong")
    if objects:
        print(f"chart: {len(objects)} objects rendered, {len(containers)} containers in them")
    elif not arguments.helm:
        print("chart: helm is not installed; the templates were not rendered")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
