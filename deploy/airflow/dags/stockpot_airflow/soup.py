"""The soup of one night: its recipe, where it lies, and what becomes the latest."""

import hashlib
import json
import math

from stockpot_airflow import storage

MANIFEST = "stockpot-manifest.json"


def plan(night, checkpoints, params):
    """Writes the recipe and says where the soup will lie.

    The folder is named by what goes into it. So a repetition finds the soup that is there already, and one with
    other checkpoints or parameters makes another soup and leaves the first untouched.
    """
    return written(night, recipe_of([checkpoint["path"] for checkpoint in checkpoints], params), checkpoints, params)


def running(night, checkpoint, going_on, params):
    """The same for the night's step of a running average: its last checkpoint, on top of the night before."""
    recipe = {
        "round": {"strategy": "ema", "number": going_on["number"], **params["ema"]},
        "models": [{"model": checkpoint["path"]}],
        "dtype": params["dtype"],
    }
    if going_on["base"]:
        recipe["base_model"] = going_on["base"]
    return {**written(night, recipe, [checkpoint], params), "round": going_on}


def written(night, recipe, checkpoints, params):
    """A recipe that is written, by the names and versions of what goes into it."""
    content = json.dumps([recipe, [checkpoint["version"] for checkpoint in checkpoints]], sort_keys=True)
    name = hashlib.sha256(content.encode()).hexdigest()[:12]
    folder = storage.join(params["soups"], params["model"], night)
    soup = {
        "night": night,
        "recipe": storage.join(folder, f"{name}.yml"),
        "output": storage.join(folder, name),
        "checkpoints": [checkpoint["path"] for checkpoint in checkpoints],
    }
    storage.write_text(soup["recipe"], json.dumps(recipe, indent=2) + "\n")  # JSON is YAML
    return soup


def recipe_of(models, params):
    recipe = {"models": [{"model": model} for model in models]}
    if params["soup"]:
        recipe["soup"] = params["soup"]
        recipe["evaluate"] = params["evaluate"]
    else:
        recipe["merge_method"] = params["method"]
        if params["base_model"]:
            recipe["base_model"] = params["base_model"]
        if params["parameters"]:
            recipe["parameters"] = params["parameters"]
    recipe["dtype"] = params["dtype"]
    return recipe


def is_merged(soup):
    """The manifest is written last: where it is, the checkpoint is whole."""
    return storage.exists(storage.join(soup["output"], MANIFEST))


def latest(params):
    """What `latest.json` points to, or None before the first night."""
    return storage.read_json(storage.join(params["soups"], params["model"], "latest.json"))


def is_better(evaluation, before, metric, direction):
    """Whether a metric of one evaluation is better than that of another: neither as good nor worse.

    Raises ValueError if one lacks the metric: nothing is promoted for want of a number.
    """
    if direction not in ("max", "min"):
        raise ValueError(f"`better`: direction is {direction!r}, must be max or min")
    numbers = [(found or {}).get(metric) for found in (evaluation, before)]
    for number, whose in zip(numbers, ("tonight's soup", "the latest soup")):
        if not isinstance(number, (int, float)) or isinstance(number, bool) or not math.isfinite(number):
            raise ValueError(f"`better`: the evaluation of {whose} has no number `{metric}`, but {number!r}")
    return numbers[0] > numbers[1] if direction == "max" else numbers[0] < numbers[1]


def promote(soup, evaluation, params):
    """Points `latest.json` to the soup, unless it points to that of a later night already.

    Returns whether it does now. Nights must be promoted one after the other.
    """
    pointer = {**soup, "evaluation": evaluation}
    folder = storage.join(params["soups"], params["model"])
    storage.write_json(storage.join(folder, soup["night"], "soup.json"), pointer)
    latest = storage.join(folder, "latest.json")
    before = storage.read_json(latest)
    if before and before["night"] > soup["night"]:
        return False
    if before != pointer:
        storage.write_json(latest, pointer)
    return True
