"""Who is told when something fails: Airflow's own notifier, by a connection, which a secret backend may hold."""

import os

from airflow.providers.http.notifications import HttpNotifier
from airflow.sdk import AsyncCallback

# Of type HTTP; its host is the whole URL of a webhook that takes {"text": …}, as those of chat systems do
CONNECTION = os.environ.get("STOCKPOT_ALERT_CONN_ID")

FAILED = (
    "{{ ti.dag_id }}, night {{ ds | default('unknown') }}: {{ ti.task_id }} failed in attempt {{ ti.try_number }}:"
    " {{ exception }}"
)
LATE = "{{ dag_run.dag_id | default('a DAG') }}: {{ dag_run.run_id | default('a run') }} is not over by its deadline"


def _told(text):
    return {"http_conn_id": CONNECTION, "json": {"text": text}}


def task_failed():
    """Called when a task has failed for good, its retries included."""
    return [HttpNotifier(**_told(FAILED))] if CONNECTION else None


def late():
    """Called by the triggerer when a run is not over by its deadline."""
    return AsyncCallback(HttpNotifier, _told(LATE)) if CONNECTION else None
