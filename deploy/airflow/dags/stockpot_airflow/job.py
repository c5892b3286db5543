"""What the tasks of all DAGs have: how Stockpot is started, how often they try, and who hears of failures."""

import json
import os
import shlex
from datetime import datetime, timedelta

from airflow.sdk import DeadlineAlert, DeadlineReference
from airflow.sdk.exceptions import AirflowFailException

from stockpot_airflow import alert, command, credentials, soup

# How Stockpot is started: a path, or spark-submit with all its options up to our jar
STOCKPOT = os.environ.get("STOCKPOT_COMMAND", "stockpot")
# A run that is not over by then is reported, where there is a connection for alerts; 0: none. An experimental part of
# Airflow 3.3, with which its `airflow dags test` fails at the very end, so that command needs 0.
DEADLINE = timedelta(hours=float(os.environ.get("STOCKPOT_DEADLINE_HOURS", "5")))
RETRY_DELAY = timedelta(seconds=float(os.environ.get("STOCKPOT_RETRY_SECONDS", "300")))
WRONG_USE = 2  # Stockpot's exit code for a recipe with problems, which no retry mends

DEFAULT_ARGS = {
    "retries": 3,
    "retry_delay": RETRY_DELAY,
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(hours=1),
    "on_failure_callback": alert.task_failed(),
}


def deadline():
    told = alert.late()
    if not DEADLINE or told is None:
        return None
    # Not from the logical date: backfills are of old nights
    return DeadlineAlert(DeadlineReference.DAGRUN_QUEUED_AT, DEADLINE, told)


# What every DAG of a night has
NIGHTLY = {
    "start_date": datetime(2026, 1, 1),
    "catchup": False,
    "max_active_runs": 1,  # each night compares with the latest, or goes on from it
    "dagrun_timeout": timedelta(hours=12),
    "default_args": DEFAULT_ARGS,
    "tags": ["stockpot"],
}


def with_defaults(params, variable):
    """Parameters with the defaults that a JSON object in the environment gives them."""
    for name, default in json.loads(os.environ.get(variable, "{}")).items():
        params[name].value = default
    return params


def words(plan, params):
    """Of the command line. A retry goes on where the attempt before it ended: `--resume` makes no finished shard again,
    and asks for no score that is there."""
    cache = ["--set", f"score-cache={params['score_cache']}"] if params.get("score_cache") else []
    return ["merge", plan["recipe"], plan["output"], "--resume", *cache]


def merge(plan, params):
    if not soup.is_merged(plan):
        stockpot(*words(plan, params))
    return whole(plan)


def whole(plan):
    """The plan, once what it says is there: a driver in another place may fail and nobody here hear of it."""
    if not soup.is_merged(plan):
        raise RuntimeError(f"the merge ended, but {plan['output']} has no {soup.MANIFEST}; see the driver's log")
    return plan


def stockpot(*arguments):
    try:
        command.run([*shlex.split(STOCKPOT), *arguments], credentials.environment())
    except command.CommandFailed as e:
        if e.code == WRONG_USE:
            raise AirflowFailException(str(e)) from e
        raise


def judged(output, evaluation):
    """What the evaluation says of an output; nothing if there is no evaluation, or it says nothing."""
    if not evaluation:
        return None
    last = command.run([*shlex.split(evaluation), output], credentials.environment())
    return json.loads(last) if last.startswith("{") else None
