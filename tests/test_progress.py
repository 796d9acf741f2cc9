"""What is being done is output again while nothing else is printed."""

import threading

from gonggo.progress import Progress


def test_a_long_step_is_printed_again_with_its_time_and_the_end_is_silent():
    lines, twice = [], threading.Event()

    def show(line):
        lines.append(line)
        if len(lines) >= 3:
            twice.set()

    with Progress(show, interval=0.05) as progress:
        progress.say("Starting …")
        progress.step("collecting: 1 of 3 sources finished")
        assert twice.wait(30)
    output = list(lines)
    assert output[0] == "Starting …"
    assert all(
        line.startswith("  … collecting: 1 of 3 sources finished (") and line.endswith(" s)") for line in output[1:]
    )
    assert not threading.Event().wait(0.2) and lines == output


def test_nothing_is_printed_before_a_step_is_known_and_an_error_ends_it():
    lines = []
    try:
        with Progress(lines.append, interval=0.01):
            threading.Event().wait(0.2)
            raise ValueError("x")
    except ValueError:
        pass
    assert lines == [] and "progress" not in [thread.name for thread in threading.enumerate()]
