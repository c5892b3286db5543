"""Lets huggingface_hub fill caches from a hub of its own, and Stockpot read them; hub_cache.sh runs it."""

import json
import os
import pathlib
import random
import struct
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "setup"))
from small_hub import WEIGHTS, Hub

WORK = pathlib.Path(sys.argv[1])
STOCKPOT = os.environ["STOCKPOT"]
SAME = ("model.safetensors", "config.json", "tokenizer.json", "generation_config.json")
MODELS = ("org/base", "org/math")


def safetensors(seed):
    draw, shape = random.Random(seed), (64, 256)
    names = [f"model.layers.{layer}.mlp.up_proj.weight" for layer in range(2)]
    header, bodies, at = {}, [], 0
    for name in names:
        body = struct.pack("<%df" % (64 * 256), *(draw.gauss(0, 1) for _ in range(64 * 256)))
        header[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [at, at + len(body)]}
        bodies.append(body)
        at += len(body)
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + b"".join(bodies)


def files(seed):
    return {
        WEIGHTS: safetensors(seed),
        "config.json": json.dumps({"model_type": "llama", "num_hidden_layers": 2}).encode(),
        "tokenizer.json": b'{"model": {"type": "WordLevel", "vocab": {"a": 0}, "unk_token": "a"}}',
        "generation_config.json": b'{"do_sample": true}',
    }


def fetch(hub, cache, model, **options):
    """As a program of the hub does it, in a process of its own: the library reads its variables once."""
    code = ("import sys, json, huggingface_hub as h\nfrom unittest import mock\n"
            "what, model, options, links = json.loads(sys.argv[1])\n"
            "patched = mock.patch('huggingface_hub.file_download.are_symlinks_supported', lambda *a, **k: links)\n"
            "with patched:\n    getattr(h, what)(model, **options)\n")
    what, links = options.pop("what", "snapshot_download"), options.pop("links", True)
    return subprocess.run([sys.executable, "-W", "ignore", "-c", code, json.dumps([what, model, options, links])], capture_output=True,
                          text=True, env={**os.environ, "HF_ENDPOINT": hub.endpoint, "HF_HUB_CACHE": str(cache)})


def stockpot(output, base, model, **variables):
    recipe = WORK / f"{output}.yml"
    recipe.write_text(f"merge_method: task_arithmetic\nbase_model: {base}\nmodels:\n- model: {model}\n  parameters: {{weight: 0.5}}\n")
    words = [STOCKPOT, "merge", str(recipe), str(WORK / output), "--set", "report=false"]
    environment = {key: value for key, value in os.environ.items() if key != "HF_HOME"}
    return subprocess.run(words, cwd=WORK, capture_output=True, text=True, stdin=subprocess.DEVNULL, env={**environment, **variables})


def offline(cache):
    return {"HF_HUB_CACHE": str(cache), "HF_HUB_OFFLINE": "1", "HF_ENDPOINT": "http://127.0.0.1:9"}


passed = []


def check(what, is_so, otherwise=""):
    if not is_so:
        sys.exit(f"FAILED: {what}\n{otherwise}")
    passed.append(what)
    print(f"ok: {what}", flush=True)


def is_merged(what, output, run, expected):
    check(f"{what}: merged", run.returncode == 0, run.stderr)
    for file in SAME:
        found = (WORK / output / file).read_bytes()
        check(f"{what}: {file} is that of plain folders", found == (WORK / expected / file).read_bytes())


def main():
    import huggingface_hub

    print(f"huggingface_hub {huggingface_hub.__version__}")
    hub = Hub()
    for seed, model in enumerate(MODELS):
        hub.push(model, files(seed), "v1")
        for path, content in files(seed).items():
            (WORK / "plain" / model).mkdir(parents=True, exist_ok=True)
            (WORK / "plain" / model / path).write_bytes(content)
    plain = stockpot("expected", "plain/org/base", "plain/org/math")
    check("plain folders are merged", plain.returncode == 0, plain.stderr)

    whole = WORK / "whole"
    for model in MODELS:
        done = fetch(hub, whole, model)
        check(f"huggingface_hub downloads {model}", done.returncode == 0, done.stderr)
    links = list(whole.glob("models--*/snapshots/*/*"))
    check("its cache is made of links", links and all(link.is_symlink() for link in links))
    is_merged("a whole cache", "from-whole", stockpot("from-whole", *MODELS, **offline(whole)), "expected")
    home = WORK / "home"
    (home / "huggingface").mkdir(parents=True)
    (home / "huggingface" / "hub").symlink_to(whole)
    for name, value in (("HF_HOME", home / "huggingface"), ("XDG_CACHE_HOME", home), ("HUGGINGFACE_HUB_CACHE", whole)):
        run = stockpot(f"by-{name}", *MODELS, **{name: str(value), "HF_HUB_OFFLINE": "1"})
        check(f"a cache that {name} names is found", run.returncode == 0, run.stderr)

    tagged = WORK / "tagged"
    for model in MODELS:
        fetch(hub, tagged, model, revision="v1")
    run = stockpot("from-tagged", "org/base@v1", "org/math@v1", **offline(tagged))
    is_merged("a tag", "from-tagged", run, "expected")
    run = stockpot("without-tag", *MODELS, **offline(tagged))
    check("main is not there where a tag alone was downloaded", run.returncode != 0 and "is not in the cache" in run.stderr, run.stderr)

    copied = WORK / "copied"
    for model in MODELS:
        fetch(hub, copied, model, links=False)
    check("a cache without links has files", not any(file.is_symlink() for file in copied.glob("models--*/snapshots/*/*")))
    is_merged("a cache without links", "from-copied", stockpot("from-copied", *MODELS, **offline(copied)), "expected")

    part = WORK / "part"
    fetch(hub, part, MODELS[0])
    for file in SAME[1:]:
        fetch(hub, part, MODELS[1], what="hf_hub_download", filename=file)
    run = stockpot("from-part-offline", *MODELS, **offline(part))
    check("weights that are not there are named", run.returncode != 0 and WEIGHTS in run.stderr and "org/math" in run.stderr, run.stderr)
    hub.asked.clear()
    run = stockpot("from-part", *MODELS, HF_HUB_CACHE=str(part), HF_ENDPOINT=hub.endpoint)
    is_merged("a cache that has a part", "from-part", run, "expected")
    read = {path for command, path, _ in hub.asked if command == "GET" and "/api/" not in path}
    large = f"/large/org/math/{hub.refs['org/math', 'main']}/{WEIGHTS}"
    check("what the cache lacks alone is asked for", read and all(path in (large, large.replace("/large/", "/").replace(
        hub.refs["org/math", "main"], f"resolve/{hub.refs['org/math', 'main']}")) for path in read), str(sorted(read)))
    check("it is read by ranges", all(wanted for command, path, wanted in hub.asked if path == large and command == "GET"))

    broken = WORK / "broken"
    fetch(hub, broken, MODELS[0])
    hub.broken.add(WEIGHTS)
    done = fetch(hub, broken, MODELS[1])
    hub.broken.clear()
    check("a download breaks off", done.returncode != 0)
    run = stockpot("from-broken", *MODELS, **offline(broken))
    check("a download that broke off is no model", run.returncode != 0 and WEIGHTS in run.stderr, run.stderr)
    print("    " + run.stderr.strip().splitlines()[-1][:160])

    before = hub.refs["org/math", "main"]
    hub.push("org/math", files(7))
    is_merged("a cache that is behind the hub", "from-behind",
              stockpot("from-behind", *MODELS, HF_HUB_CACHE=str(whole), HF_ENDPOINT=hub.endpoint), "expected")
    check("its manifest has the old commit", before in (WORK / "from-behind/stockpot-manifest.json").read_text())
    fetch(hub, whole, MODELS[1])
    run = stockpot("from-newer", *MODELS, **offline(whole))
    check("a newer download is taken", run.returncode == 0 and hub.refs["org/math", "main"] in (
        WORK / "from-newer/stockpot-manifest.json").read_text(), run.stderr)
    print(f"Passed: {len(passed)} checks of caches of huggingface_hub {huggingface_hub.__version__}")


if __name__ == "__main__":
    main()
