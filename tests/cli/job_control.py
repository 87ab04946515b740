"""A shell's job control, alone: runs one command in the foreground of the terminal on stdin, and reports on it.

usage: job_control.py REPORT COMMAND...

REPORT becomes JSON: the command's pid; the terminal's modes before it, while it was stopped, and after
it; its exit status (128 + n for a signal). A stopped command is set going again.
"""

import fcntl
import json
import os
import signal
import sys
import termios


def modes() -> str:
    try:
        return repr(termios.tcgetattr(0))
    except termios.error:
        return "gone"


def main(path: str, command: list[str]) -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    report: dict[str, object] = {"before": modes()}
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        os.tcsetpgrp(0, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        os.execvp(command[0], command)
    # The kernel tells only the shell that the window was closed; the shell tells its jobs.
    signal.signal(signal.SIGHUP, lambda number, _: os.kill(pid, number))
    report["pid"] = pid
    save(path, report)
    while True:
        _, status = os.waitpid(pid, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            break
        report["stopped"] = modes()
        save(path, report)
        os.kill(pid, signal.SIGCONT)
    code = os.waitstatus_to_exitcode(status)
    save(path, report | {"after": modes(), "status": code if code >= 0 else 128 - code})


def save(path: str, report: dict[str, object]) -> None:
    with open(path + ".new", "w") as file:  # noqa: PTH123 - a script without imports it can do without
        json.dump(report, file)
    os.replace(path + ".new", path)  # noqa: PTH105 - as above


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
