"""Every night: find the checkpoints of the night, merge them, evaluate and verify the soup, promote it.

Parameters are those of PARAMS below; `STOCKPOT_NIGHTLY_SOUP`, a JSON object in the environment, changes their
defaults, and each run can be given its own. The README in the folder above says how to install it.
"""

from datetime import timedelta

from airflow.sdk import DAG, Param, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from stockpot_airflow import job, rounds, soup, storage, tasks

PARAMS = {
    "model": Param("model", type="string", pattern="^[A-Za-z0-9_-][A-Za-z0-9._-]*$", description="Name of the soup's folder."),
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
    "ema": Param(
        {},
        type="object",
        description="A running average in the place of soups, such as {\"decay\": 0.9}: each night adds its last"
        " checkpoint to the average of the night before, and reads no earlier one. Empty: soups.",
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
    "keep": Param(
        0,
        type="integer",
        minimum=0,
        description="Soups of only the last so many nights are kept, and the latest in any case. 0: all are.",
    ),
}

with DAG(
    dag_id="nightly_soup",
    description="Merges the checkpoints of the night",
    schedule="0 4 * * *",
    params=job.with_defaults(PARAMS, "STOCKPOT_NIGHTLY_SOUP"),
    deadline=job.deadline(),
    **job.NIGHTLY,
) as dag:

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
        night = get_current_context()["ds"]
        if not params["ema"]:
            return soup.plan(night, checkpoints, params)
        try:
            return soup.running(night, checkpoints[-1], rounds.next_of(night, params), params)
        except rounds.NotNext as e:
            raise AirflowSkipException(str(e)) from e

    @task(execution_timeout=timedelta(hours=2))
    def evaluate(merged, params=None):
        return job.judged(merged["output"], params["evaluation"])

    @task(execution_timeout=timedelta(hours=2))
    def compare(merged, evaluation, params=None):
        """Whether the soup is better than the latest, by tonight's evaluation of both."""
        latest = soup.latest(params)
        if not params["better"] or not latest or latest["output"] == merged["output"]:
            return True
        try:
            return soup.is_better(evaluation, job.judged(latest["output"], params["evaluation"]), **params["better"])
        except ValueError as e:
            raise AirflowFailException(str(e)) from e

    @task(outlets=[tasks.LATEST])
    def promote(merged, evaluation, better, params=None, outlet_events=None):
        if not better:
            raise AirflowSkipException(f"latest.json stays: its soup is as good as that of {merged['night']}, or better")
        if not soup.promote(merged, evaluation, params):
            raise AirflowSkipException(f"latest.json stays: it points to a night after {merged['night']}")
        tasks.tell(merged, params, outlet_events)

    merged = tasks.merge(write_recipe(find_checkpoints()))
    evaluation = evaluate(merged)
    promoted = promote(merged, evaluation, compare(merged, evaluation))
    evaluation >> tasks.verify(merged) >> promoted >> tasks.retire()
