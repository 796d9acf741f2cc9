"""Network isolation for processes that read untrusted files: they give up all sockets before they read.

A kernel filter (seccomp) permanently refuses the system calls that create or obtain sockets, for the process, its
threads and its children. It needs no privileges, and exists on Linux on x86-64 and 64-bit ARM, in containers too.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import subprocess
import sys
from typing import NamedTuple


class _Machine(NamedTuple):
    """Numbers of a processor architecture: its audit id, the call that sets the filter, and the calls to refuse."""

    audit: int
    seccomp: int
    # Calls that create a socket, directly or through io_uring, or take one from another process.
    refused: tuple[int, ...]


_MACHINES = {
    # socket, io_uring_setup, pidfd_getfd, ptrace, process_vm_writev
    "x86_64": _Machine(0xC000003E, 317, (41, 425, 438, 101, 311)),
    "aarch64": _Machine(0xC00000B7, 277, (198, 425, 438, 117, 271)),
}
# Calls of the x32 ABI of x86-64 have this bit.
_X32 = 0x40000000
_NO_NEW_RIGHTS, _SET_FILTER, _ALL_THREADS = 38, 1, 1
# Instructions of the filter (BPF): load a word, compare, return.
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EACCES
_NUMBER, _AUDIT = 0, 4


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))


def go_offline() -> bool:
    """Deny this process all new sockets, permanently; return whether the system supports it."""
    machine = _MACHINES.get(os.uname().machine) if sys.platform == "linux" and sys.maxsize > 2**32 else None
    if machine is None:
        return False
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        code = _filter(machine)
        program = _Program(len(code) // 8, code)
        if libc.prctl(_NO_NEW_RIGHTS, 1, 0, 0, 0) != 0:
            return False
        failed: int = libc.syscall(machine.seccomp, _SET_FILTER, _ALL_THREADS, ctypes.byref(program))
        return failed == 0
    except (OSError, AttributeError):
        return False


def can_go_offline() -> bool:
    """Return whether this system supports it, tried in a child process."""
    return subprocess.run([sys.executable, "-I", __file__], check=False).returncode == 0  # noqa: S603 (this file)


def _filter(machine: _Machine) -> bytes:
    """Return the filter that the kernel runs at every system call; calls of another architecture are refused too."""
    checks = [(_AT_LEAST, _X32)] + [(_EQUAL, number) for number in machine.refused]
    steps = [(_LOAD, 0, 0, _AUDIT), (_EQUAL, 1, 0, machine.audit), (_RETURN, 0, 0, _REFUSE), (_LOAD, 0, 0, _NUMBER)]
    for left, (kind, value) in zip(range(len(checks), 0, -1), checks, strict=True):
        # The remaining checks are followed by "allow", and that by "refuse".
        steps.append((kind, left, 0, value))
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


if __name__ == "__main__":
    sys.exit(0 if go_offline() else 1)
