"""Calls plan, merge and verify from Python, as try.sh tells: QUICKSTART LARGE, folders of models."""

import os
import signal
import sys
from pathlib import Path

import stockpot

quickstart, large = Path(sys.argv[1]), Path(sys.argv[2])
output = f"{quickstart}-merged"
recipe = {
    "merge_method": "ties",
    "base_model": quickstart / "base",
    "models": [
        {"model": quickstart / name, "parameters": {"weight": 1.0, "density": 0.5}} for name in ("math", "code")
    ],
}
plan = stockpot.plan(recipe)
assert plan.method == "ties" and len(plan.models) == 3, plan
assert plan.tensors > 0 and plan.bytes_written > 0, plan

heard: list[tuple[int, int]] = []
merged = stockpot.merge(
    recipe, output, settings={"report": False, "seed": 7}, on_progress=lambda made, of: heard.append((made, of))
)
assert (merged.tensors, merged.models, merged.already_there) == (plan.tensors, 3, False), merged
assert all(made <= of for made, of in heard), heard
assert stockpot.merge(recipe, output, resume=True, settings={"report": False, "seed": 7}).already_there

verified = stockpot.verify(output, sha256=True)
assert verified.is_intact and verified.tensors == merged.tensors, verified
assert any(name.endswith(".safetensors") for name in verified.sha256), verified
assert {tensor.name for tensor in stockpot.inspect(output).tensors}

for wrong, kind in (({"merge_method": "linaer", "models": []}, "RECIPE"), ("nowhere.yml", "STORAGE")):
    try:
        stockpot.plan(wrong)
    except stockpot.StockpotError as failure:
        assert failure.kind == kind and "Exception" not in str(failure), failure
    else:
        raise AssertionError(f"{wrong} is planned")
try:
    stockpot.merge(recipe, output)
except stockpot.StockpotError as failure:
    assert failure.kind == "OUTPUT_TAKEN", failure

signal.signal(signal.SIGINT, signal.default_int_handler)  # what starts in the background of a script ignores it


def interrupt(made: int, of: int) -> None:
    os.kill(os.getpid(), signal.SIGINT)


# Ctrl-C in Python: the merge stops, and what it had begun is gone
try:
    stockpot.merge(large / "recipe.yml", large / "out", settings={"report": False, "model-root": large}, on_progress=interrupt)
except KeyboardInterrupt:
    left = sorted(path.name for path in large.iterdir() if "out" in path.name)
    assert not left, left
else:
    raise AssertionError("the merge was not stopped")
for _ in range(5):  # on whichever connection of the JVM
    assert stockpot.verify(output).is_intact, "the JVM is not what it was"
print("plan, merge and verify from Python: passed")
