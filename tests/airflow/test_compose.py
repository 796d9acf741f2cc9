"""The compose file against the compose specification, for there may be no engine to run it."""

import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]


def validate(path):
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(path)]
    return subprocess.run(command, capture_output=True, text=True)


def test_it_follows_the_specification():
    done = validate(ROOT / "docker-compose.yml")
    assert done.returncode == 0, done.stdout


def test_a_wrong_key_would_be_found(tmp_path):
    broken = tmp_path / "docker-compose.yml"
    broken.write_text(
        (ROOT / "docker-compose.yml").read_text("utf-8").replace("command: scheduler", "comand: scheduler")
    )
    assert validate(broken).returncode != 0


def test_every_part_of_airflow_is_there_and_only_loopback_is_open():
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
    assert {"api-server", "scheduler", "dag-processor", "triggerer", "worker", "init"} <= set(services)
    assert {name for name, s in services.items() if s.get("profiles") == ["scaled"]} == {"redis", "worker"}
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_secrets_are_asked_for_and_not_written_down():
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    for name in ("POSTGRES_PASSWORD", "AIRFLOW_FERNET_KEY", "AIRFLOW_JWT_SECRET", "GONGGO_ADMIN_PASSWORD"):
        assert f"${{{name}:?" in text
