"""Rounds that go on from each other: which one tonight's is, and what clients sent for it."""

from stockpot_airflow import soup, storage

CLIENT = "client.json"


class NotNext(Exception):
    """Tonight's round cannot be made: one after it is there already, which went on from an earlier one."""


def next_of(night, params):
    """The number of the night's round, and the output that it goes on from; none for a first one.

    A night whose round was promoted already is that round again. The state of each lies beside its model.
    """
    tonight = storage.read_json(storage.join(params["soups"], params["model"], night, "soup.json"))
    if tonight and tonight.get("round"):
        return tonight["round"]
    before = soup.latest(params)
    if not before or not before.get("round"):
        return {"number": 1, "base": ""}
    if before["night"] >= night:
        raise NotNext(f"the round of {before['night']} is there, and went on without one of {night}")
    return {"number": before["round"]["number"] + 1, "base": before["output"]}


def find_clients(pattern):
    """Clients whose model and whose client.json are there: the file is what they write last."""
    clients = []
    for checkpoint in storage.find_checkpoints(pattern):
        told = storage.read_json(storage.join(checkpoint.path, CLIENT))
        if told is not None:
            clients.append({**checkpoint.as_dict(), "parameters": told})
    return clients


def plan(night, clients, params):
    """Writes the recipe of the night's round, and says where it will lie."""
    going_on = next_of(night, params)
    recipe = {
        "base_model": going_on["base"] or params["start"],
        "round": {"strategy": params["strategy"], "number": going_on["number"], **params["numbers"]},
        "models": [{"model": client["path"], "parameters": client["parameters"]} for client in clients],
        "dtype": params["dtype"],
    }
    return {**soup.written(night, recipe, clients, params), "round": going_on}
