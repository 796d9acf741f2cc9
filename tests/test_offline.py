"""What reads files and runs queries of strangers can come to no socket, where the system lets a process forgo them."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from gonggo.maintenance.doctor import examine
from gonggo.offline import can_go_offline
from gonggo.read import subprocess_reader

needs_seccomp = pytest.mark.skipif(
    not can_go_offline(), reason="this system lets no process take the network from itself"
)
TRY = """
import os, socket, subprocess, sys
def tried(make):
    try:
        make()
    except PermissionError:
        return "refused"
    except OSError as error:
        return repr(error)
    return "made"
found = [tried(lambda: socket.create_connection(("127.0.0.1", PORT), 5))]
for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
    found.append(tried(lambda: socket.socket(family)))
if hasattr(os, "pidfd_open"):
    libc = __import__("ctypes").CDLL(None, use_errno=True)
    found.append("refused" if libc.syscall(425, 1, None) == -1 and __import__("ctypes").get_errno() == 13 else "made")
code = "import socket; socket.create_connection(('127.0.0.1', PORT), 5)"
found.append("made" if subprocess.run([sys.executable, "-c", code], stderr=subprocess.DEVNULL).returncode == 0 else "refused")
"""


@pytest.fixture
def listening():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


def demand_never_reached(server):
    with pytest.raises(TimeoutError):
        server.accept()


@needs_seccomp
def test_a_process_that_went_offline_makes_no_socket_and_neither_do_its_children(listening):
    port = listening.getsockname()[1]
    code = TRY.replace("PORT", str(port))
    script = f"from gonggo.offline import go_offline\nassert go_offline()\n{code}\nprint(found)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert set(json.loads(done.stdout.replace("'", '"'))) == {"refused"}
    demand_never_reached(listening)


@needs_seccomp
def test_a_reader_that_a_file_took_over_reaches_nobody(listening, tmp_path, monkeypatch):
    """The worker as it is, with a reader in it that does what a file might make one do."""
    port = listening.getsockname()[1]
    worker = subprocess_reader.WORKER.read_text("utf-8")
    taken = TRY.replace("PORT", str(port)) + "\nraise RefusedError('corrupt', ' '.join(found))\n"
    body = "\n".join(f"    {line}" for line in taken.splitlines())
    evil = worker.replace(
        "READERS = {\n", f'def _evil(content):\n{body}\n\n\nREADERS = {{\n    "evil": _evil,\n', 1
    ).replace("Path(__file__).parents[3]", f"Path({str(subprocess_reader.WORKER)!r}).parents[3]")
    assert evil.count("_evil") == 2
    path = tmp_path / "worker.py"
    path.write_text(evil, "utf-8")
    monkeypatch.setattr(subprocess_reader, "WORKER", Path(path))
    read = subprocess_reader.read_office(b"any", "evil")
    assert read.outcome == "corrupt" and set((read.reason or "").split()) == {"refused"}
    demand_never_reached(listening)


def test_the_doctor_says_whether_readers_are_cut_off(settings):
    findings = [finding for finding in examine(settings) if "readers of files" in finding.message]
    assert [finding.level for finding in findings] == ["ok" if can_go_offline() else "warn"]


def test_on_another_system_files_are_read_all_the_same(monkeypatch):
    from gonggo import offline

    monkeypatch.setattr(offline, "_MACHINES", {})
    assert offline.go_offline() is False
