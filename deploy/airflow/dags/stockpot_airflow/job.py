"""What the tasks of all DAGs have: how Stockpot is started, how often they try, and who hears of failures."""

import json
import os
import shlex
from datetime import timedelta

from airflow.sdk import AsyncCallback, DeadlineAlert, DeadlineReference
from airflow.sdk.exceptions import AirflowFailException

from stockpot_airflow import alert, command

# How Stockpot is started: a path, or spark-submit with all its options up to our jar
STOCKPOT = os.environ.get("STOCKPOT_COMMAND", "stockpot")
# A run that is not over by then is reported; 0: none. An experimental part of Airflow 3.3, with which its
# `airflow dags test` fails at the very end, so that command needs 0.
DEADLINE = timedelta(hours=float(os.environ.get("STOCKPOT_DEADLINE_HOURS", "5")))
RETRY_DELAY = timedelta(seconds=float(os.environ.get("STOCKPOT_RETRY_SECONDS", "300")))
WRONG_USE = 2  # Stockpot's exit code for a recipe with problems, which no retry mends

DEFAULT_ARGS = {
    "retries": 3,
    "retry_delay": RETRY_DELAY,
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(hours=1),
    "on_failure_callback": alert.task_failed,
}


def deadline():
    if not DEADLINE:
        return None
    # Not from the logical date: backfills are of old nights
    return DeadlineAlert(DeadlineReference.DAGRUN_QUEUED_AT, DEADLINE, AsyncCallback(alert.late))


def stockpot(*arguments):
    try:
        command.run([*shlex.split(STOCKPOT), *arguments])
    except command.CommandFailed as e:
        if e.code == WRONG_USE:
            raise AirflowFailException(str(e)) from e
        raise


def judged(output, evaluation):
    """What the evaluation says of an output; nothing if there is no evaluation, or it says nothing."""
    if not evaluation:
        return None
    last = command.run([*shlex.split(evaluation), output])
    return json.loads(last) if last.startswith("{") else None
