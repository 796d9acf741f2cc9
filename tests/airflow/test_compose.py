"""The compose file against the compose specification, and what it forbids against Airflow itself: there may be no engine to run it."""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from gonggo.settings import FORMER_NAMES, VARIABLES, renamed_variables
from tests.containers.engine import what_is_missing

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docker-compose.yml"
SERVICES = yaml.safe_load(FILE.read_text("utf-8"))["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("gonggo:")}
# What an engine makes of a service: a root that is read-only, places to write where the file says, one user without
# rights, a network of its own.
NAMESPACES = ("unshare", "--user", "--map-root-user", "--mount", "--net", "--pid", "--fork", "--kill-child")
CONTAINER = """
set -eu
mount --rbind / "$NEW"
mount -t proc proc "$NEW/proc"
mount -t tmpfs tmpfs "$NEW/dev/shm"
mount -t tmpfs tmpfs "$NEW/opt"
for old in /opt/*; do [ ! -d "$old" ] || { mkdir "$NEW$old"; mount --rbind "$old" "$NEW$old"; }; done
mkdir -p "$NEW/opt/venv" "$NEW/opt/gonggo/app" $(printf "$NEW%s " $FOLDERS)
mount --bind "$VENV" "$NEW/opt/venv"
for part in dags plugins sql demo; do mkdir "$NEW/opt/gonggo/app/$part"; mount --bind "$ROOT/$part" "$NEW/opt/gonggo/app/$part"; done
mount --bind "$PASSWD" "$NEW/etc/passwd"
while read -r _ _ _ _ at flags _; do
  case "$at" in
    "$NEW/proc"|"$NEW/dev/shm") ;;
    "$NEW"|"$NEW"/*) mount -o "remount,bind,ro,${flags#r[ow],}" "$at" ;;
  esac
done < /proc/self/mountinfo
while read -r kind at what; do
  mkdir -p "$NEW$at"
  if [ "$kind" = tmpfs ]; then mount -t tmpfs -o "$what" tmpfs "$NEW$at"; else mount --bind "$what" "$NEW$at"; fi
done <<< "$MOUNTS"
ip link set lo up
cd "$NEW"
pivot_root . .
umount -l .
cd /opt/gonggo/app
exec unshare --user --map-user="$UID_INSIDE" --map-group="$GID_INSIDE" setpriv --no-new-privs python -c "$PROGRAM"
"""
# Everything once, as `docker compose up` starts it.
WHOLE = """
import json, os, subprocess, sys, time
from pathlib import Path
from gonggo.local_airflow.airflow_api import AirflowApi
from gonggo.settings import load_settings
from gonggo.web.sandbox import Sandbox

services, outside = json.loads(os.environ["SERVICES"]), Path("/opt/gonggo/outside")
said = outside / "said"
airflow = 'airflow() { python -m airflow "$@"; }; export -f airflow\\n'

def start(name, command):
    with (said / name).open("wb") as out:
        return subprocess.Popen(["bash", "-euc", airflow + command], stdout=out, stderr=subprocess.STDOUT)

def until(name, done):
    deadline = time.monotonic() + 200
    while not done():
        assert time.monotonic() < deadline, name
        time.sleep(0.5)

refused = []
for path in ("/", "/opt/gonggo/app", "/opt/venv", "/etc", os.environ["HOME"]):
    try:
        (Path(path) / "written").touch()
    except OSError:
        refused.append(path)
start("portal", "exec python -m demo.portal --port 8765")
collected = start("collect", "exec python -m gonggo.cli collect btp jbba")
# The users are those of the image's login manager, which is not installed here.
assert start("init", "\\n".join(line for line in services["init"]["command"][0].replace("$$", "$").splitlines() if " users " not in line)).wait() == 0
running = {}
for name in ("dag-processor", "triggerer", "api-server", "scheduler"):
    running[name] = start(name, f"airflow {services[name]['command']}")
    check = services[name]["healthcheck"]
    if check["test"][0] == "CMD":
        # The scheduler looks for its tasks' server. The others are asked by their host's name, which only an engine gives.
        until(name, lambda: subprocess.run(check["test"][1:], capture_output=True).returncode == 0)
assert collected.wait() == 0
api = AirflowApi("http://127.0.0.1:8080", "secret")
until("dags", lambda: "collect_gtp" in api.dags())
run = api.trigger("collect_gtp")
until("collect_gtp", lambda: api.state("collect_gtp", run) in ("success", "failed"))
print(json.dumps({
    "refused": refused,
    "capabilities": [line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(("CapEff", "CapPrm", "CapAmb"))],
    "user": [os.getuid(), os.getgid()],
    "ended": [name for name, program in running.items() if program.poll() is not None],
    "state": api.state("collect_gtp", run),
    "answer": Sandbox(load_settings()).download("SELECT 1 AS one", "csv").decode("utf-8-sig").split(),
}))
"""
# A key as docker/example.env has it made.
KEY = base64.urlsafe_b64encode(bytes(32)).decode()
# What does not work without the place.
NEEDED = {
    "/tmp": "import tempfile; tempfile.TemporaryDirectory()",
    "/opt/gonggo/airflow": "import sys; from airflow.__main__ import main; sys.argv[1:] = ['config', 'get-value', 'core', 'executor']; main()",
    "/opt/gonggo/data": "from gonggo.settings import load_settings; load_settings().work.mkdir()",
    "/opt/gonggo/backup": "from gonggo.settings import load_settings; (load_settings().backup / 'x').mkdir()",
}


def validate(path):
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(path)]
    return subprocess.run(command, capture_output=True, text=True)


def test_it_follows_the_specification():
    done = validate(FILE)
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_a_wrong_key_would_be_found(tmp_path):
    broken = tmp_path / "docker-compose.yml"
    broken.write_text(FILE.read_text("utf-8").replace("command: scheduler", "comand: scheduler"))
    assert validate(broken).returncode != 0


def test_every_part_of_airflow_is_there_and_only_loopback_is_open():
    assert set(OURS) == {"api-server", "scheduler", "dag-processor", "triggerer", "worker", "init", "cleaner", "portal"}
    assert {name for name, s in SERVICES.items() if s.get("profiles") == ["scaled"]} == {"redis", "store", "worker"}
    assert {name for name, s in SERVICES.items() if s.get("profiles") == ["demo"]} == {"portal"}
    assert [name for name, service in SERVICES.items() if service.get("ports")] == ["api-server"]
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["api-server"]["ports"])


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_no_rights_and_limits(name):
    service = SERVICES[name]
    user = service["user"].partition(":")[0]
    assert user.isdigit() and int(user) > 0
    assert service["read_only"] is True and service["init"] is True
    assert service["cap_drop"] == ["ALL"] and "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["pids_limit"] and service["mem_limit"]
    assert not {"privileged", "devices", "network_mode", "pid", "ipc"} & set(service)
    # Named volumes only: nothing of the machine's own files.
    assert all(re.fullmatch(r"\w+:/[\w/]+", volume) for volume in service.get("volumes", []))


def test_what_others_made_has_its_places_in_memory():
    assert SERVICES["postgres"]["tmpfs"] == ["/var/run/postgresql", "/tmp"]
    assert SERVICES["redis"]["tmpfs"] == ["/data", "/tmp"]
    # SQLAlchemy's own choice of a driver is one that the image does not have.
    assert set(re.findall(r"postgresql[^:]*://", FILE.read_text("utf-8"))) == {"postgresql+psycopg2://"}


def test_secrets_are_asked_for_and_not_written_down():
    text, example = FILE.read_text("utf-8"), (ROOT / "docker" / "example.env").read_text("utf-8")
    for name in (
        "POSTGRES_PASSWORD",
        "REDIS_PASSWORD",
        "AIRFLOW_FERNET_KEY",
        "AIRFLOW_API_SECRET",
        "AIRFLOW_JWT_SECRET",
        "GONGGO_ADMIN_PASSWORD",
    ):
        assert f"${{{name}:?" in text
        assert f"\n{name}=\n" in example


def pins(path):
    return dict(re.findall(r"^([a-z0-9._-]+)==([^ ]+)", path.read_text("utf-8"), re.M))


def test_the_image_has_the_versions_that_are_tested():
    ours, images = pins(ROOT / "requirements.lock"), pins(ROOT / "docker" / "requirements.lock")
    assert {"apache-airflow-providers-fab", "apache-airflow-providers-celery", "psycopg2-binary", "duckdb"} <= set(
        images
    )
    # flask-appbuilder, of the login manager, takes no python-dateutil 3 or later.
    assert {name for name in ours.keys() & images.keys() if ours[name] != images[name]} == {"python-dateutil"}


def test_the_image_leaves_the_program_to_who_starts_it():
    """The official chart gives whole command lines, `bash -c ...` and `airflow db ...`; an entrypoint would come before them."""
    assert not re.search("^(ENTRYPOINT|CMD)", (ROOT / "Dockerfile").read_text("utf-8"), re.M)
    assert {tuple(s["entrypoint"]) for name, s in OURS.items() if name not in {"init", "cleaner", "portal"}} == {
        ("airflow",)
    }


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "init"])
def test_what_serves_says_whether_it_is_well(name):
    assert SERVICES[name]["healthcheck"]["test"]


def test_every_setting_of_gonggo_reaches_the_containers():
    """But what is of one machine, of tests, or is set by the image."""
    elsewhere = "BROWSER CHROMIUM CLIENT CONNECT CONTAINERS DEMO_TODAY HOME INBOX ONE_SHOT PORTAL_PAUSE SCALED SCREENSHOTS SNAPSHOT"
    passed = set(re.findall(r"GONGGO_\w+", FILE.read_text("utf-8")))
    assert VARIABLES - passed == {f"GONGGO_{name}" for name in elsewhere.split()}
    # The other variable that docs/settings.md says a program of Gonggo itself reads.
    assert "REQUESTS_CA_BUNDLE" in OURS["scheduler"]["environment"]


@pytest.mark.parametrize("former", FORMER_NAMES.values())
def test_a_former_name_of_a_setting_reaches_the_containers_and_is_reported_if_set(former):
    """Otherwise a `.env` of before would be without effect, and a cluster would begin anew in an empty home."""
    given = OURS["scheduler"]["environment"]
    assert given[former] == f"${{{former}:-}}"
    env = environment(OURS["scheduler"])
    assert renamed_variables(env) == []
    (reported,) = renamed_variables({**env, former: "x"})
    assert former in reported


def test_a_machine_that_cannot_run_containers_is_reported_with_what_it_lacks(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert what_is_missing() == "there is no `docker`. Install Docker Engine with Compose."
    docker = tmp_path / "docker"
    docker.write_text("#!/bin/sh\necho Cannot connect to the daemon >&2\nexit 1\n")
    docker.chmod(0o755)
    assert "no engine answers. Start one, or set DOCKER_HOST. Cannot connect" in what_is_missing()
    docker.write_text('#!/bin/sh\n[ "$1" = version ]\n')
    assert what_is_missing() == "there is neither `docker compose` nor `docker-compose`."


def folders_of_the_image():
    return re.search(r"mkdir -p ([^&\\]+)", (ROOT / "Dockerfile").read_text("utf-8"))[1].split()


def test_the_image_has_the_folders_of_the_volumes():
    """A volume takes its owner from the folder of the image; without one it would be root's."""
    mounted = {volume.partition(":")[2] for service in OURS.values() for volume in service.get("volumes", [])}
    assert mounted <= set(folders_of_the_image())


def test_the_builder_gets_what_it_copies_and_no_secrets():
    lines = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text("utf-8"), re.M)
    copied = [name for line in lines for name in line.split()]
    let_in = re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text("utf-8"), re.M)
    assert copied == let_in
    assert "/.env" in (ROOT / ".gitignore").read_text("utf-8").split()


def environment(service, **more):
    """The variables of a service, as the Dockerfile and the compose file set them with every secret at hand."""
    variables = dict(
        re.findall(
            r"(\w+)=(\S+)",
            " ".join(re.findall(r"^ENV (.+?[^\\])$", (ROOT / "Dockerfile").read_text("utf-8"), re.M | re.S)),
        )
    )
    variables["PATH"] = variables["PATH"].replace("$PATH", os.environ["PATH"])
    for name, value in service["environment"].items():
        variables[name] = re.sub(
            r"\$\{\w+(?::-([^}]*)|:\?[^}]*)?\}", lambda match: match[1] if match[1] is not None else "0" * 64, value
        )
    return {**variables, "HOME": "/opt/gonggo", **more}


def contained(folder, service, program, without="", **more):
    """Run a Python program as the service's user, in a root like that of its container."""
    new, outside = folder / "new", folder / "outside"
    for path in (new, outside / "said"):
        path.mkdir(parents=True)
    user, group = service["user"].split(":")
    (folder / "passwd").write_text(f"root:x:0:0::/root:/bin/sh\nairflow:x:{user}:{group}::/opt/gonggo:/bin/sh\n")
    (outside / "passwords.json").write_text('{"admin": "secret"}')
    # In the place of Postgres.
    mounts = [("bind", "/opt/gonggo/outside", str(outside))]
    for entry in service["tmpfs"]:
        at, _, options = entry.partition(":")
        # Outside, the user of the container is the one who runs this.
        mounts.append(("tmpfs", at, f"noexec,nosuid,nodev,{options}".replace(f"uid={user}", "uid=0")))
    for entry in service["volumes"]:
        name, _, at = entry.partition(":")
        (folder / name).mkdir()
        mounts.append(("bind", at, str(folder / name)))
    # As an engine does: a folder before what is mounted in it.
    mounts = sorted((mount for mount in mounts if mount[1] != without), key=lambda mount: mount[1].count("/"))
    instead = {
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "sqlite:////opt/gonggo/outside/airflow.db",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": "http://127.0.0.1:8080/execution/",
        "AIRFLOW__CORE__AUTH_MANAGER": "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": "/opt/gonggo/outside/passwords.json",
        # Only what is started by hand, tried again at once.
        "GONGGO_ONE_SHOT": "1",
        "GONGGO_SOURCES": "demo",
        "GONGGO_DEMO_URL": "http://127.0.0.1:8765",
        "AIRFLOW__CORE__FERNET_KEY": KEY,
        "POSTGRES_PASSWORD": "unused",
        "REDIS_PASSWORD": "unused",
    }
    building = {
        "NEW": str(new),
        "ROOT": str(ROOT),
        "VENV": sys.prefix,
        "PASSWD": str(folder / "passwd"),
        "FOLDERS": " ".join([*folders_of_the_image(), "/opt/gonggo/outside"]),
        "MOUNTS": "\n".join(map(" ".join, mounts)),
        "UID_INSIDE": user,
        "GID_INSIDE": group,
        "PROGRAM": program,
    }
    env = environment(service, **instead, **building, **more)
    return subprocess.run([*NAMESPACES, "bash", "-c", CONTAINER], env=env, capture_output=True, text=True, timeout=600)


@pytest.fixture(scope="module")
def namespaces(tmp_path_factory):
    needed = ("unshare", "pivot_root", "setpriv", "ip", "mount")
    if not all(map(shutil.which, needed)):
        pytest.skip(f"not all of {', '.join(needed)} are on this machine")
    if contained(tmp_path_factory.mktemp("tried"), OURS["scheduler"], "print()").returncode:
        pytest.skip("no namespaces for users on this machine")


@pytest.mark.parametrize(
    ("executor", "name", "value", "refused"),
    [
        ("LocalExecutor", "POSTGRES_PASSWORD", "Zm9v-_=.!/+", None),
        ("LocalExecutor", "REDIS_PASSWORD", "unused@here", None),
        ("LocalExecutor", "POSTGRES_PASSWORD", "p@ss", "POSTGRES_PASSWORD"),
        ("LocalExecutor", "POSTGRES_PASSWORD", "p%41ss", "POSTGRES_PASSWORD"),
        ("CeleryExecutor", "POSTGRES_PASSWORD", "a/b", "POSTGRES_PASSWORD"),
        ("CeleryExecutor", "REDIS_PASSWORD", "a b", "REDIS_PASSWORD"),
        ("CeleryExecutor", "REDIS_PASSWORD", "a]b", "REDIS_PASSWORD"),
        ("LocalExecutor", "AIRFLOW__CORE__FERNET_KEY", "my own", "AIRFLOW_FERNET_KEY"),
    ],
)
def test_a_secret_that_cannot_work_is_refused_before_anything_uses_it(tmp_path, executor, name, value, refused):
    called = tmp_path / "called"
    stub = tmp_path / "airflow"
    stub.write_text(f'#!/bin/sh\necho "$@" >> {called}\n')
    stub.chmod(0o755)
    given = {"POSTGRES_PASSWORD": "p", "REDIS_PASSWORD": "r", "ADMIN_USER": "a", "ADMIN_PASSWORD": "@%"}
    given |= {
        "AIRFLOW__CORE__EXECUTOR": executor,
        "AIRFLOW__CORE__FERNET_KEY": KEY,
        "PYTHONPATH": str(ROOT / "plugins"),
    }
    given |= {"PATH": f"{tmp_path}:{Path(sys.executable).parent}:{os.environ['PATH']}", name: value}
    init = OURS["init"]
    assert given.keys() & {"POSTGRES_PASSWORD", "REDIS_PASSWORD"} <= init["environment"].keys()
    script = init["command"][0].replace("$$", "$")
    done = subprocess.run([*init["entrypoint"], script], env=given, capture_output=True, text=True)
    if refused:
        assert done.returncode == 1 and not called.exists()
        assert refused in done.stderr and value not in done.stderr
    else:
        assert done.returncode == 0, done.stderr
        assert "db migrate" in called.read_text("utf-8")


def test_the_cleaner_waits_for_postgres_and_is_soon_well_again_after_a_failure(tmp_path):
    """It was restarted with everything else, found no Postgres, and was unhealthy for an hour."""
    said = tmp_path / "said"
    # A check waits for Postgres itself. The first cleaning fails; the sleep after the one that succeeds ends the program.
    stubs = {
        "airflow": '[ "$2" = check ] || [ -e "$0.failed" ] || { touch "$0.failed"; exit 1; }',
        "sleep": 'test "$1" -lt 3600',
        "find": "",
        "touch": "",
    }
    for name, action in stubs.items():
        (tmp_path / name).write_text(f'#!/bin/sh\necho {name} "$@" >> {said}\nPATH=/usr/bin:/bin\n{action}\n')
        (tmp_path / name).chmod(0o755)
    cleaner = OURS["cleaner"]
    env = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "KEEP_DAYS": "30"}
    script = cleaner["command"][0].replace("$$", "$")
    subprocess.run([*cleaner["entrypoint"], script], env=env, capture_output=True, timeout=60)
    lines = [line for line in said.read_text("utf-8").splitlines() if not line.startswith("find ")]
    assert [" ".join(line.split()[:3]) for line in lines] == [
        "airflow db check",
        "airflow db clean",
        "sleep 300",
        "airflow db check",
        "airflow db clean",
        "touch /tmp/cleaned",
        "sleep 86400",
    ]


@pytest.mark.slow
def test_nothing_fails_for_want_of_a_place_to_write(namespaces, tmp_path):
    done = contained(tmp_path, OURS["scheduler"], WHOLE, SERVICES=json.dumps(OURS))
    logs = [*(tmp_path / "outside" / "said").iterdir(), *(path for path in (tmp_path / "logs").rglob("*.log"))]
    texts = {path.name: path.read_text("utf-8", "replace") for path in logs}
    assert done.returncode == 0, done.stderr + "".join(f"\n== {name}\n{text[-1500:]}" for name, text in texts.items())
    container = json.loads(done.stdout.splitlines()[-1])
    assert container["refused"] == ["/", "/opt/gonggo/app", "/opt/venv", "/etc", "/opt/gonggo"]
    assert container["user"] == [50000, 0] and set(container["capabilities"]) == {"0" * 16}
    assert (container["ended"], container["state"], container["answer"]) == ([], "success", ["one", "1"])
    complaint = re.compile("read-only file system|permission denied|no usable temporary", re.I)
    assert [name for name, text in texts.items() if complaint.search(text)] == []
    assert list((tmp_path / "logs").glob("dag_id=collect_gtp/*/*/*.log"))
    assert (tmp_path / "data" / "published" / "gonggo.duckdb").is_file()


@pytest.mark.slow
@pytest.mark.parametrize("place", NEEDED)
def test_a_place_that_is_missing_is_missed(namespaces, tmp_path, place):
    done = contained(tmp_path / "with", OURS["scheduler"], NEEDED[place])
    assert done.returncode == 0, done.stderr
    done = contained(tmp_path / "without", OURS["scheduler"], NEEDED[place], without=place)
    assert done.returncode != 0
    assert re.search("Read-only file system|No usable temporary directory", done.stderr), done.stderr
