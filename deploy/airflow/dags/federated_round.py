"""Every night: wait for the clients, make the round, verify it, promote it.

Parameters are those of PARAMS below; `STOCKPOT_FEDERATED_ROUND`, a JSON object in the environment, changes their
defaults, and each run can be given its own. The README in the folder above says how to install it.
"""

import os
from datetime import datetime

from airflow.sdk import DAG, Param, PokeReturnValue, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException

from stockpot_airflow import job, rounds, soup, tasks

# How often it is looked for clients, and how long it is waited for more than the quorum
POLL = float(os.environ.get("STOCKPOT_POLL_SECONDS", "60"))
PATIENCE = float(os.environ.get("STOCKPOT_PATIENCE_SECONDS", "3600"))

PARAMS = {
    "model": Param("model", type="string", pattern="^[A-Za-z0-9_-][A-Za-z0-9._-]*$", description="Name of the model."),
    "clients": Param(
        "s3a://federated/in/{{ ds }}/*",
        type="string",
        description="What clients sent for the night: a pattern of folders, each with a model and, written last, a"
        " client.json, such as {\"examples\": 369}; templates are filled in.",
    ),
    "rounds": Param("s3a://federated/rounds", type="string", description="Folder of the rounds and of latest.json."),
    "start": Param("", type="string", description="The model that the first round begins with."),
    "strategy": Param("fedavg", type="string", description="Rule of the rounds, see `stockpot methods`."),
    "numbers": Param({}, type="object", description="Numbers of the rule, such as {\"eta\": 0.1}."),
    "dtype": Param("float32", type="string", description="Type of the model's tensors."),
    "expected": Param(10, type="integer", minimum=1, description="As soon as so many clients are there, it begins."),
    "quorum": Param(2, type="integer", minimum=1, description="With fewer at the end the night is skipped."),
    "keep": Param(
        0,
        type="integer",
        minimum=0,
        description="Rounds of only the last so many nights are kept, in any case the latest and what it went on from."
        " 0: all are.",
    ),
}

with DAG(
    dag_id="federated_round",
    description="Makes the round of the night",
    schedule="0 5 * * *",
    params=job.with_defaults(PARAMS, "STOCKPOT_FEDERATED_ROUND"),
    deadline=job.deadline(),
    **job.NIGHTLY,
) as dag:

    def places(params):
        return {**params, "soups": params["rounds"]}

    @task.sensor(poke_interval=POLL, timeout=PATIENCE + 2 * POLL, mode="poke", soft_fail=True)
    def wait_for_clients(params=None):
        """All that are expected, or, after a while, a quorum of them."""
        context = get_current_context()
        found = rounds.find_clients(context["task"].render_template(params["clients"], context))
        waited = (datetime.now(context["ti"].start_date.tzinfo) - context["ti"].start_date).total_seconds()
        is_late = waited >= PATIENCE
        if is_late and len(found) < params["quorum"]:
            raise AirflowSkipException(f"{len(found)} clients are there, and {params['quorum']} are needed: no round")
        return PokeReturnValue(is_late or len(found) >= params["expected"], found)

    @task
    def write_recipe(clients, params=None):
        try:
            return rounds.plan(get_current_context()["ds"], clients, places(params))
        except rounds.NotNext as e:
            raise AirflowSkipException(str(e)) from e

    @task(outlets=[tasks.LATEST])
    def promote(made, params=None, outlet_events=None):
        """Model and state appeared in one step; from now on they are the latest."""
        if not soup.promote(made, None, places(params)):
            raise AirflowSkipException(f"latest.json stays: it points to a night after {made['night']}")
        tasks.tell(made, places(params), outlet_events)

    made = tasks.merge(write_recipe(wait_for_clients()))
    tasks.verify(made) >> promote(made) >> tasks.retire()
