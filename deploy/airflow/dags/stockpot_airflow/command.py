"""Runs a command to its end; its output goes to the log of the task."""

import logging
import os
import shlex
import signal
import subprocess

log = logging.getLogger(__name__)

GRACE_SECONDS = 120


class CommandFailed(Exception):
    """`code` is the command's exit code."""

    def __init__(self, command, code):
        super().__init__(f"{shlex.join(command)} ended with exit code {code}; its output is above")
        self.code = code


def run(command):
    """Returns the last line of the command's output. If we are stopped, so is the command, and it may clean up."""
    log.info("Running %s", shlex.join(command))
    last = ""
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
        try:
            for line in process.stdout:
                log.info("%s", line.rstrip())
                last = line.strip() or last
            code = process.wait()
        except BaseException:  # the task was cancelled or took too long
            stop(process)
            raise
    if code != 0:
        raise CommandFailed(command, code)
    return last


def stop(process):
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
