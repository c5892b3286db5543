"""Tells people, through a webhook that takes {"text": …}, as those of chat systems do."""

import asyncio
import json
import logging
import os
import urllib.request

log = logging.getLogger(__name__)

WEBHOOK = "STOCKPOT_ALERT_WEBHOOK"
TIMEOUT_SECONDS = 20


def task_failed(context):
    """Airflow calls it when a task has failed for good, its retries included."""
    task = context["ti"]
    send(
        f"{task.dag_id}, night {context.get('ds', 'unknown')}: {task.task_id} failed"
        f" in attempt {task.try_number}: {context.get('exception')}"
    )


async def late(context=None, **kwargs):
    """Airflow's triggerer calls it when a run is not over by its deadline."""
    run = (context or {}).get("dag_run") or {}
    name = run.get("dag_run_id") or run.get("run_id") if isinstance(run, dict) else run.run_id
    await asyncio.to_thread(send, f"nightly_soup: {name or 'a run'} is not over by its deadline")


def send(text):
    """Logs the text, and posts it to the webhook in the environment if there is one. Never fails a task."""
    log.error("%s", text)
    url = os.environ.get(WEBHOOK)
    if not url:
        log.warning("Nobody is told: %s is not set", WEBHOOK)
        return
    body = json.dumps({"text": text}).encode()
    request = urllib.request.Request(url, data=body, headers={"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):
            pass
    except (OSError, ValueError) as e:
        log.error("The alert could not be sent: %s", e)
