"""Reading beside fetching: the same documents as one after the other, whatever becomes of the second process."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from gonggo import pipeline
from gonggo.crawl import collection, extract_worker
from gonggo.crawl.run_files import RunFiles
from gonggo.model import read_jsonl


@pytest.fixture
def children(monkeypatch):
    """Reading beside is worth it for any number; the processes that were started for it."""
    started, start = [], subprocess.Popen

    def noted(command, *args, **more):
        child = start(command, *args, **more)
        if "gonggo.crawl.extract_worker" in command:
            started.append(child)
        return child

    monkeypatch.setattr(extract_worker, "MIN_ANNOUNCEMENTS", 1)
    monkeypatch.setattr(extract_worker.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(subprocess, "Popen", noted)
    return started


def documents(settings, source):
    (batch,) = settings.batches.glob(f"{source}__*")
    rows = sorted(read_jsonl(batch / "documents.jsonl"), key=lambda row: row["key"])
    return [(row["key"], row["outcome"], row["content_hash"], row["record"]) for row in rows]


@pytest.mark.slow
def test_a_second_process_reads_what_one_would_have_read(settings, tmp_path, children, monkeypatch):
    run = pipeline.collect("jbba", settings=settings)
    assert len(children) == 1 and children[0].returncode == 0
    monkeypatch.setattr(extract_worker, "MIN_ANNOUNCEMENTS", 10_000)
    alone = replace(settings, home=tmp_path / "alone")
    assert pipeline.collect("jbba", settings=alone)["extracted"] == run["extracted"] > 0
    assert len(children) == 1
    assert documents(settings, "jbba") == documents(alone, "jbba")


@pytest.mark.slow
def test_what_a_second_process_did_not_read_is_read_by_the_first(settings, children, monkeypatch):
    fetch = pipeline.fetch_chunk

    def then_killed(source, run_id, chunk, **more):
        result = fetch(source, run_id, chunk, **more)
        children[0].kill()
        return result

    monkeypatch.setattr(collection, "fetch_chunk", then_killed)
    run = pipeline.collect("jbba", settings=settings)
    assert children[0].returncode == -signal.SIGKILL
    assert run["state"] == "ok" and run["extracted"] == run["fetched"] == len(documents(settings, "jbba"))


@pytest.mark.slow
def test_the_first_process_reads_too_when_all_is_fetched(settings, children, monkeypatch):
    extract, read_here = extract_worker.extract_chunk, []

    def noted(source, run_id, chunk, **more):
        read_here.append(chunk)
        # The second process has waited so far: what it has not been sent is left to the first.
        children[0].send_signal(signal.SIGCONT)
        return extract(source, run_id, chunk, **more)

    fetch = pipeline.fetch_chunk

    def while_the_other_waits(source, run_id, chunk, **more):
        children[0].send_signal(signal.SIGSTOP)
        return fetch(source, run_id, chunk, **more)

    monkeypatch.setattr(extract_worker, "extract_chunk", noted)
    monkeypatch.setattr(collection, "fetch_chunk", while_the_other_waits)
    run = pipeline.collect("jbba", settings=replace(settings, chunk_size=1))
    assert children[0].returncode == 0
    assert read_here == sorted(read_here, reverse=True) and {1, 2}.isdisjoint(read_here) and read_here
    assert run["state"] == "ok" and run["extracted"] == run["fetched"] == len(documents(settings, "jbba"))


def test_a_second_process_ends_with_the_first(settings, tmp_path):
    code = (
        "import os, sys, time\nfrom gonggo.crawl import extract_worker\nfrom gonggo.settings import load_settings\n"
        "start = extract_worker.subprocess.Popen\n"
        "def start_and_print(*args, **more):\n    child = start(*args, **more)\n    print(child.pid, flush=True)\n    return child\n"
        "extract_worker.subprocess.Popen = start_and_print\nextract_worker.MIN_ANNOUNCEMENTS = 1\nextract_worker.os.cpu_count = lambda: 2\n"
        "with extract_worker.background_extraction('jbba', 'run', 9, load_settings()) as read:\n    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout
        second = int(first.stdout.readline())
        first.kill()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            os.kill(second, 0)
        except ProcessLookupError:
            return
        if (state := _state(second)) in ("Z", ""):
            return
        time.sleep(0.1)
    raise AssertionError(f"process {second} is still there: {state}")


def _state(pid):
    result = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return result.stdout.strip()[:1]


def test_unread_chunks_are_those_without_documents(settings):
    files = RunFiles(settings, "jbba", "run")
    files.archive.mkdir(parents=True)
    for chunk in (1, 2):
        files.warc(chunk).touch()
    files.work.mkdir(parents=True)
    files.part("documents", 1).touch()
    assert files.unread_chunks() == [2]
