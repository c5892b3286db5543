"""Tasks that several DAGs have."""

import os
from datetime import timedelta
from pathlib import Path

import yaml
from airflow.sdk import Asset, AssetAlias, task

from stockpot_airflow import job, retention, soup, storage

# A file of manifests, as `kustomize build deploy/kubernetes/overlays/cpu` makes them: with it the Spark operator of a
# cluster merges, in place of STOCKPOT_COMMAND
APPLICATION = os.environ.get("STOCKPOT_APPLICATION")
KUBERNETES = os.environ.get("STOCKPOT_KUBERNETES_CONN_ID", "kubernetes_default")
LONGEST = timedelta(hours=4)

# What serving waits for: DAGs that name it, or the asset of a latest.json, begin when that has changed
LATEST = AssetAlias("stockpot_latest")


def merge(plan):
    """Makes what a plan says; gives the plan once that is there."""
    if not APPLICATION:
        return _merge(plan)
    submitted = _submit(_arguments(plan))
    whole = _whole(plan)
    submitted >> whole
    return whole


@task(task_id="merge", execution_timeout=LONGEST)
def _merge(plan, params=None):
    return job.merge(plan, params)


@task(task_id="arguments")
def _arguments(plan, params=None):
    return job.words(plan, params)


@task(task_id="whole")
def _whole(plan):
    return job.whole(plan)


def _submit(arguments):
    """Holds no worker while the cluster merges: the triggerer looks after the driver."""
    from airflow.providers.cncf.kubernetes.operators.spark_kubernetes import SparkKubernetesOperator

    manifest = application(Path(APPLICATION).read_text(), arguments)
    return SparkKubernetesOperator(
        task_id="merge",
        deferrable=True,
        kubernetes_conn_id=KUBERNETES,
        namespace=manifest["metadata"]["namespace"],
        name=manifest["metadata"]["name"],
        template_spec={"spark": manifest},
        execution_timeout=LONGEST,
        poll_interval=float(os.environ.get("STOCKPOT_POLL_SECONDS", "15")),
    )


def application(manifests, arguments):
    """The one SparkApplication of several manifests, with other words. Airflow tries again, so Spark's operator does
    not."""
    found = [it for it in yaml.safe_load_all(manifests) if it and it.get("kind") == "SparkApplication"]
    if len(found) != 1:
        raise ValueError(f"{APPLICATION} has {len(found)} SparkApplications, and must have one")
    return {**found[0], "spec": {**found[0]["spec"], "arguments": arguments, "restartPolicy": {"type": "Never"}}}


@task(execution_timeout=timedelta(hours=1))
def verify(made):
    job.stockpot("verify", made["output"])


def tell(pointer, params, outlet_events):
    """That latest.json has changed, for whom it concerns."""
    changed = storage.join(params["soups"], params["model"], "latest.json")
    uri = changed if "://" in changed else f"file://{changed}"
    told = {"night": pointer["night"], "output": pointer["output"]}
    outlet_events[LATEST].add(Asset(uri), extra=told)


@task
def retire(params=None):
    """Old soups go once a new one is promoted."""
    return retention.retire({**params, "soups": params.get("soups") or params["rounds"]})
