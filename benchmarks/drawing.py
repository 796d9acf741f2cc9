"""Draw the plots of plots.py, in the environment that has matplotlib.

usage: drawing.py RESULTS FOLDER

Each plot is a function with the names of the results that it needs; it is left out where one of them is missing.
"""

import json
import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("svg")
import matplotlib.pyplot as plt

RESULTS, FOLDER = Path(sys.argv[1]), Path(sys.argv[2])
# The same figures give the same file, byte for byte.
mpl.rcParams |= {
    "svg.hashsalt": "gonggo",
    "svg.fonttype": "none",
    "font.size": 10,
    "axes.grid": True,
    "grid.alpha": 0.3,
}


def job(result):
    """Draw the seconds of the whole job by Gonggo and its peers."""
    rows = list(reversed(result["rows"]))
    figure, axes = plt.subplots(figsize=(8, 2.8))
    bars = axes.barh(
        [row["name"] for row in rows], [row["seconds"] for row in rows], color=[_colour(row) for row in rows]
    )
    axes.bar_label(bars, [f"{row['seconds']:.1f} s" for row in rows], padding=3)
    axes.set_xlabel(f"seconds, {result['announcements']:,} announcements from list pages to tables")
    axes.margins(x=0.12)
    return figure


def growth(result):
    """Draw how load, publication, search and disk grow with the number of announcements."""
    rows = result["rows"]
    sizes = [row["announcements"] for row in rows]
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    for name, label in (
        ("load", "a day's load"),
        ("build", "marts"),
        ("publication", "a publication"),
        ("export", "exports"),
    ):
        left.loglog(sizes, [row.get(name, float("nan")) for row in rows], marker="o", label=label)
    for name, label in (("report", "a report"), ("search", "search()")):
        left.loglog(sizes, [row[name]["median_ms"] / 1000 for row in rows], marker="o", linestyle="--", label=label)
    left.set(xlabel="announcements", ylabel="seconds")
    left.legend(fontsize=8)
    right.loglog(sizes, [row["warehouse_bytes"] / 1e9 for row in rows], marker="o", color="tab:gray")
    right.set(xlabel="announcements", ylabel="GB of the warehouse")
    return figure


def airflow(result):
    """Draw the seconds of the job by DAGs and by command line."""
    bars = {
        "by DAGs": result["dags"],
        "in a row": result["row"]["seconds"],
        "gonggo collect": result["beside"]["seconds"],
    }
    figure, axes = plt.subplots(figsize=(8, 1.8))
    drawn = axes.barh(list(reversed(bars)), list(reversed(bars.values())), color="tab:blue")
    axes.bar_label(drawn, [f"{seconds:.1f} s" for seconds in reversed(bars.values())], padding=3)
    axes.set_xlabel(f"seconds, {result['announcements']:,} announcements")
    axes.margins(x=0.12)
    return figure


def memory(result):
    """Draw the peak memory of each task, in the job and in the largest warehouse."""
    share, size = result
    peaks = {f"{name}": mb for name, mb in share["peaks_mb"].items()}
    large = size["rows"][-1]
    peaks |= {f"{name}, {large['announcements']:,}": mb for name, mb in large["peaks_mb"].items()}
    figure, axes = plt.subplots(figsize=(8, 4))
    axes.barh(list(reversed(peaks)), list(reversed(peaks.values())), color="tab:green")
    axes.axvline(500, color="tab:red", linestyle=":")
    axes.set_xlabel("MB, resident")
    return figure


def workers(result):
    """Draw the speed of a collection over the number of Celery workers."""
    rows = [row for row in result["rows"] if row["workers"]]
    counts = [row["workers"] for row in rows]
    figure, axes = plt.subplots(figsize=(5, 3.2))
    axes.plot(counts, [rows[0]["seconds"] / row["seconds"] for row in rows], marker="o", label="measured")
    axes.plot(counts, [count / counts[0] for count in counts], linestyle=":", color="tab:gray", label="in proportion")
    axes.set(xlabel="Celery workers, one task at a time each", ylabel="times as fast as one", xticks=counts)
    axes.legend(fontsize=8)
    return figure


def _colour(row):
    return "tab:blue" if row["name"].startswith("Gonggo") else "tab:orange"


# File name: the function, and the results it is drawn from.
PLOTS = {
    "job.svg": (job, ["job"]),
    "growth.svg": (growth, ["growth"]),
    "airflow.svg": (airflow, ["airflow"]),
    "workers.svg": (workers, ["workers"]),
    "memory.svg": (memory, ["airflow", "growth"]),
}

if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for file, (draw, names) in PLOTS.items():
        paths = [RESULTS / f"{name}.json" for name in names]
        if not all(path.exists() for path in paths):
            print(f"{file}: no {', '.join(path.name for path in paths if not path.exists())}")
            continue
        results = [json.loads(path.read_text("utf-8")) for path in paths]
        figure = draw(results[0] if len(results) == 1 else results)
        figure.savefig(FOLDER / f"scaling-{file}", format="svg", bbox_inches="tight", metadata={"Date": None})
        print(FOLDER / f"scaling-{file}")
