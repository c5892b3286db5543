"""Every night: find the checkpoints of the night, merge them, evaluate and verify the soup, promote it.

Parameters are those of PARAMS below; `STOCKPOT_NIGHTLY_SOUP`, a JSON object in the environment, changes their
defaults, and each run can be given its own. The README in the folder above says how to install it.
"""

import json
import os
import shlex
from datetime import datetime, timedelta

from airflow.sdk import DAG, AsyncCallback, DeadlineAlert, DeadlineReference, Param, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from stockpot_airflow import alert, command, soup, storage

# How Stockpot is started: a path, or spark-submit with all its options up to our jar
STOCKPOT = os.environ.get("STOCKPOT_COMMAND", "stockpot")
# A run that is not over by then is reported; 0: none. An experimental part of Airflow 3.3, with which its
# `airflow dags test` fails at the very end, so that command needs 0.
DEADLINE = timedelta(hours=float(os.environ.get("STOCKPOT_DEADLINE_HOURS", "5")))
RETRY_DELAY = timedelta(seconds=float(os.environ.get("STOCKPOT_RETRY_SECONDS", "300")))
WRONG_USE = 2  # Stockpot's exit code for a recipe with problems, which no retry mends

PARAMS = {
    "model": Param("model", type="string", pattern="^[A-Za-z0-9._-]+$", description="Name of the soup's folder."),
    "checkpoints": Param(
        "s3a://runs/{{ ds }}/checkpoint-*",
        type="string",
        description="The night's checkpoints: a pattern of folders; templates are filled in.",
    ),
    "soups": Param("s3a://soups", type="string", description="Folder of the soups and of latest.json."),
    "method": Param("uniform_soup", type="string", description="Merge method, see `stockpot methods`."),
    "base_model": Param("", type="string", description="Base model, for methods that need one."),
    "parameters": Param({}, type="object", description="Parameters of the method, for all models."),
    "soup": Param(
        {},
        type="object",
        description="What is chosen by trials, such as {\"kind\": \"greedy\"}: the recipe's `soup`, in place of a method."
        " It needs `evaluate`. Empty: all checkpoints are merged.",
    ),
    "evaluate": Param(
        {},
        type="object",
        description="Who scores candidates: the recipe's `evaluate`, such as {\"command\": [\"score\", \"{model}\"],"
        " \"direction\": \"max\"}.",
    ),
    "score_cache": Param(
        "", type="string", description="Folder beside which scores are kept for other nights. Empty: none are."
    ),
    "dtype": Param("bfloat16", type="string", description="Type of the soup's tensors."),
    "least": Param(3, type="integer", minimum=1, description="With fewer checkpoints the night is skipped."),
    "most": Param(5, type="integer", minimum=1, description="Only the last so many are merged."),
    "evaluation": Param(
        "",
        type="string",
        description="Command that judges the soup, whose folder is appended: exit code 0 lets it pass, and a last"
        " line of JSON is kept beside the result. Empty: no evaluation.",
    ),
    "better": Param(
        {},
        type="object",
        description="What a soup must be better in than that of latest.json, which is evaluated with it, such as"
        " {\"metric\": \"accuracy\", \"direction\": \"max\"}. Empty: every soup that passes is promoted.",
    ),
}
for name, default in json.loads(os.environ.get("STOCKPOT_NIGHTLY_SOUP", "{}")).items():
    PARAMS[name].value = default



def deadline():
    # Not from the logical date: backfills are of old nights
    return DeadlineAlert(DeadlineReference.DAGRUN_QUEUED_AT, DEADLINE, AsyncCallback(alert.late))


with DAG(
    dag_id="nightly_soup",
    description="Merges the checkpoints of the night",
    schedule="0 4 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,  # promotion compares with the latest night
    params=PARAMS,
    dagrun_timeout=timedelta(hours=12),
    deadline=deadline() if DEADLINE else None,
    default_args={
        "retries": 3,
        "retry_delay": RETRY_DELAY,
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(hours=1),
        "on_failure_callback": alert.task_failed,
    },
    tags=["stockpot"],
) as dag:

    def stockpot(*arguments):
        try:
            command.run([*shlex.split(STOCKPOT), *arguments])
        except command.CommandFailed as e:
            if e.code == WRONG_USE:
                raise AirflowFailException(str(e)) from e
            raise

    def judged(merged, params):
        if not params["evaluation"]:
            return None
        last = command.run([*shlex.split(params["evaluation"]), merged["output"]])
        return json.loads(last) if last.startswith("{") else None

    @task
    def find_checkpoints(params=None):
        context = get_current_context()
        pattern = context["task"].render_template(params["checkpoints"], context)
        found = storage.find_checkpoints(pattern)
        if len(found) < params["least"]:
            raise AirflowSkipException(
                f"{len(found)} checkpoints match {pattern}, and {params['least']} are needed: no soup tonight"
            )
        return [checkpoint.as_dict() for checkpoint in found[-params["most"] :]]

    @task
    def write_recipe(checkpoints, params=None):
        return soup.plan(get_current_context()["ds"], checkpoints, params)

    @task(execution_timeout=timedelta(hours=4))
    def merge(plan, params=None):
        """A retry goes on where the attempt before it ended: `--resume` makes no finished shard again, and asks for
        no score that is there."""
        cache = ["--set", f"score-cache={params['score_cache']}"] if params["score_cache"] else []
        if not soup.is_merged(plan):
            stockpot("merge", plan["recipe"], plan["output"], "--resume", *cache)
        if not soup.is_merged(plan):  # spark-submit in cluster mode may end with 0 although its driver failed
            raise RuntimeError(f"the merge ended, but {plan['output']} has no {soup.MANIFEST}; see the driver's log")
        return plan

    @task(execution_timeout=timedelta(hours=2))
    def evaluate(merged, params=None):
        return judged(merged, params)

    @task(execution_timeout=timedelta(hours=2))
    def compare(merged, evaluation, params=None):
        """Whether the soup is better than the latest, by tonight's evaluation of both."""
        latest = soup.latest(params)
        if not params["better"] or not latest or latest["output"] == merged["output"]:
            return True
        try:
            return soup.is_better(evaluation, judged(latest, params), **params["better"])
        except ValueError as e:
            raise AirflowFailException(str(e)) from e

    @task(execution_timeout=timedelta(hours=1))
    def verify(merged):
        stockpot("verify", merged["output"])

    @task
    def promote(merged, evaluation, better, params=None):
        if not better:
            raise AirflowSkipException(f"latest.json stays: its soup is as good as that of {merged['night']}, or better")
        if not soup.promote(merged, evaluation, params):
            raise AirflowSkipException(f"latest.json stays: it points to a night after {merged['night']}")

    merged = merge(write_recipe(find_checkpoints()))
    evaluation = evaluate(merged)
    promoted = promote(merged, evaluation, compare(merged, evaluation))
    evaluation >> verify(merged) >> promoted
