"""Collections on a small file system of their own."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.world import environment, home_settings, tables

# Where users may create namespaces, mounting a file system in one needs no privileges.
NAMESPACE = ("unshare", "--user", "--map-root-user", "--mount")
INSIDE = """
set -u
mount -t tmpfs -o size=$DISK_BYTES tmpfs "$GONGGO_HOME"
"$PYTHON" -m gonggo.cli collect btp jbba 2>&1; echo "first $?"
mount -o remount,size=1g "$GONGGO_HOME"
"$PYTHON" -m gonggo.cli collect btp jbba > "$OUT/output" 2>&1 || { cat "$OUT/output"; exit 1; }
cp -r "$GONGGO_HOME/published" "$OUT/"
"""


def can_mount() -> bool:
    """Return whether this user may mount a file system in a namespace."""
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode == 0


def collect(portal, home):
    """Collect two sources; return the published tables and the bytes of the home."""
    command = [sys.executable, "-m", "gonggo.cli", "collect", "btp", "jbba"]
    subprocess.run(command, env=environment(home, portal.url), check=True, stdout=subprocess.DEVNULL)
    # A snapshot and its name in the history are one file.
    sizes = {path.stat().st_ino: path.stat().st_blocks * 512 for path in home.rglob("*")}
    return tables(home_settings(home, portal.url)), sum(sizes.values())


def collect_on_small_disk(portal, folder: Path, size: int):
    """Collect on a disk of some bytes; return the output, and the tables after a collection with enough space."""
    home, out = folder / "home", folder / "out"
    home.mkdir(parents=True)
    out.mkdir()
    own = {"DISK_BYTES": str(size), "OUT": str(out), "PYTHON": sys.executable}
    env = {**environment(home, portal.url), **own}
    done = subprocess.run([*NAMESPACE, "bash", "-c", INSIDE], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (out / "published").rename(home / "published")
    return done.stdout, tables(home_settings(home, portal.url))
