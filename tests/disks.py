"""Collections on a small disk of their own."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.world import environment, home_settings, tables

# A small file system of one's own needs no rights where a user may make namespaces.
NAMESPACE = ("unshare", "--user", "--map-root-user", "--mount")
INSIDE = """
set -u
mount -t tmpfs -o size=$ROOM tmpfs "$GONGGO_HOME"
"$PYTHON" -m gonggo.cli collect btp jbba 2>&1; echo "first $?"
mount -o remount,size=1g "$GONGGO_HOME"
"$PYTHON" -m gonggo.cli collect btp jbba > "$OUT/said" 2>&1 || { cat "$OUT/said"; exit 1; }
cp -r "$GONGGO_HOME/published" "$OUT/"
"""


def can_have_a_disk() -> bool:
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode == 0


def collected(portal, home):
    command = [sys.executable, "-m", "gonggo.cli", "collect", "btp", "jbba"]
    subprocess.run(command, env=environment(home, portal.url), check=True, stdout=subprocess.DEVNULL)
    # A snapshot and its name in the history are one file.
    sizes = {path.stat().st_ino: path.stat().st_blocks * 512 for path in home.rglob("*")}
    return tables(home_settings(home, portal.url)), sum(sizes.values())


def on_a_small_disk(portal, folder: Path, room: int):
    """What was said on a disk of so many bytes, and the tables once it had room again."""
    home, out = folder / "home", folder / "out"
    home.mkdir(parents=True)
    out.mkdir()
    own = {"ROOM": str(room), "OUT": str(out), "PYTHON": sys.executable}
    env = {**environment(home, portal.url), **own}
    done = subprocess.run([*NAMESPACE, "bash", "-c", INSIDE], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (out / "published").rename(home / "published")
    return done.stdout, tables(home_settings(home, portal.url))
