"""Runs a command to its end by Airflow's own hook; its output goes to the log of the task."""

import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

from airflow.providers.standard.hooks.subprocess import SubprocessHook

GRACE_SECONDS = 120
# A task's standard input is its line to Airflow, of which a command must not read; and the hook knows the last line only
LINES = [sys.executable, str(Path(__file__).with_name("lines.py"))]


class CommandFailed(Exception):
    """`code` is the command's exit code."""

    def __init__(self, command, code):
        super().__init__(f"{shlex.join(command)} ended with exit code {code}; its output is above")
        self.code = code


def run(command, environment=None):
    """Returns the last line with a word in it of the command's output. If we are stopped, so is the command, and it may clean up."""
    hook = SubprocessHook()
    try:
        result = hook.run_command(LINES + command, {**os.environ, **(environment or {})}, cwd=os.getcwd())
    except BaseException:  # the task was cancelled or took too long
        stop(hook)
        raise
    if result.exit_code != 0:
        raise CommandFailed(command, result.exit_code)
    return result.output


def stop(hook):
    process = hook.sub_process
    if process is None or process.poll() is not None:
        return
    hook.send_sigterm()
    try:
        process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
