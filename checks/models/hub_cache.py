"""Lets huggingface_hub fill caches from a hub of its own, and Stockpot read them; hub_cache.sh runs it."""

import hashlib
import http.server
import json
import os
import pathlib
import re
import random
import struct
import subprocess
import sys
import threading
from urllib.parse import unquote, urlsplit

WORK = pathlib.Path(sys.argv[1])
STOCKPOT = os.environ["STOCKPOT"]
SAME = ("model.safetensors", "config.json", "tokenizer.json", "generation_config.json")
MODELS = ("org/base", "org/math")
WEIGHTS = "model.safetensors"


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


class Hub:
    """A hub, and on another port the server of its large files, as the real one has it."""

    def __init__(self):
        self.commits, self.refs, self.asked, self.broken = {}, {}, [], set()
        self.endpoint, self.large = self.start(), self.start()

    def start(self):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        server.hub = self
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    def push(self, model, content, *refs):
        commit = hashlib.sha1(repr(sorted(content.items())).encode()).hexdigest()
        self.commits[model, commit] = content
        for ref in ("main", *refs):
            self.refs[model, ref] = commit
        return commit


def blob(path, content):
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def send(self, status, body, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", headers.get("length_of", len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def json(self, tree, **headers):
        self.send(200, json.dumps(tree).encode(), Content_Type="application/json", **headers)

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        path = unquote(urlsplit(self.path).path)
        self.server.hub.asked.append((self.command, path, self.headers.get("Range")))
        api = re.fullmatch(r"/api/models/([^/]+/[^/]+)(?:/(revision|tree)/(.+))?", path)
        resolve = re.fullmatch(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path)
        large = re.fullmatch(r"/large/(.+)/([0-9a-f]{40})/(.+)", path)
        if api:
            self.api(*api.groups())
        elif large:
            content = self.server.hub.commits[large.group(1), large.group(2)][large.group(3)]
            self.content(content, hashlib.sha256(content).hexdigest(), large.group(3))
        elif resolve:
            self.resolve(*resolve.groups())
        else:
            self.send(404, b"")

    def commit(self, model, revision):
        known = self.server.hub.refs.get((model, revision or "main"), revision)
        return known if (model, known) in self.server.hub.commits else None

    def api(self, model, what, revision):
        commit = self.commit(model, revision)
        if commit is None:
            return self.send(404, b"", X_Error_Code="RepoNotFound")
        content = self.server.hub.commits[model, commit]
        if what == "tree":
            listed = []
            for path, body in sorted(content.items()):
                entry = {"type": "file", "path": path, "size": len(body), "oid": blob(path, body)}
                if path == WEIGHTS:
                    entry["lfs"] = {"oid": hashlib.sha256(body).hexdigest(), "size": len(body), "pointerSize": 134}
                listed.append(entry)
            return self.json(listed)
        self.json({"_id": "1", "id": model, "modelId": model, "sha": commit, "private": False, "gated": False, "disabled": False,
                   "tags": [], "downloads": 0, "likes": 0, "siblings": [{"rfilename": path} for path in sorted(content)]})

    def resolve(self, model, revision, path):
        commit = self.commit(model, revision)
        content = self.server.hub.commits[model, commit].get(path) if commit else None
        if content is None:
            return self.send(404, b"", X_Error_Code="EntryNotFound", X_Repo_Commit=commit or "")
        if path != WEIGHTS:
            return self.content(content, blob(path, content), path, X_Repo_Commit=commit)
        self.send(302, b"", Location=f"{self.server.hub.large}/large/{model}/{commit}/{path}", X_Repo_Commit=commit,
                  X_Linked_Etag=f'"{hashlib.sha256(content).hexdigest()}"', X_Linked_Size=str(len(content)))

    def content(self, content, digest, path, **headers):
        headers.update(ETag=f'"{digest}"', Accept_Ranges="bytes")
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or "")
        if wanted:
            first, last = int(wanted.group(1)), int(wanted.group(2) or len(content) - 1)
            last = min(last, len(content) - 1)
            return self.send(206, content[first:last + 1], Content_Range=f"bytes {first}-{last}/{len(content)}", **headers)
        if path in self.server.hub.broken and self.command == "GET":
            self.send(200, content[:len(content) // 2], length_of=len(content), **headers)
            self.close_connection = True
            return None
        self.send(200, content, **headers)


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
