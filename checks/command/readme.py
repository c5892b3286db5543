"""Runs what README.md and docs/quickstart.md say, word by word; run by readme.sh: CLONE EMPTY [--verify]."""

import json
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import time
from pathlib import Path

import boto3
import pyarrow
import pyarrow.parquet
from botocore.config import Config

sys.path.insert(0, str(Path(__file__).parents[1] / "models/setup"))
from small_hub import Hub

clone, empty = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
is_whole = "--verify" in sys.argv[3:]
draw = random.Random(7)
hub = Hub()
s3 = boto3.client("s3", endpoint_url=os.environ["S3_ENDPOINT"], config=Config(s3={"addressing_style": "path"}))
ran = []


def blocks(page):
    """Language and lines of each piece of code; a command that goes on in the next line is one."""
    for language, text in re.findall(r"^```(\w+)\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL):
        yield language, text.replace("\\\n", " ").splitlines()


def run(command, folder):
    if command.startswith("./mvnw verify") and not is_whole:
        print(f"  left out  {command}")
        return
    began = time.monotonic()
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "HF_ENDPOINT": hub.endpoint},
    )
    if done.returncode != 0:
        sys.exit(f"FAILED with {done.returncode}: {command}\n{done.stdout}")
    if re.search(r"Exception in thread|^\s+at [\w.]+\(", done.stdout, re.MULTILINE):
        sys.exit(f"FAILED: {command} shows a trace:\n{done.stdout}")
    ran.append(command)
    print(f"{time.monotonic() - began:6.1f} s  {command}", flush=True)


def safetensors(tensors):
    header, body = {}, b""
    for name, shape in tensors.items():
        count = shape[0] * (shape[1] if len(shape) > 1 else 1)
        begin, body = len(body), body + struct.pack(f"<{count}f", *(draw.gauss(0, 0.1) for _ in range(count)))
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [begin, len(body)]}
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


def table(file, is_sharp):
    labels = [draw.randrange(3) for _ in range(200)]
    rows = [[draw.gauss(is_sharp * (label == place), 1) for place in range(3)] for label in labels]
    columns = {"id": list(range(200)), "label": [index % 3 for index in range(200)], "logits": rows}
    pyarrow.parquet.write_table(pyarrow.table(columns), file)


def take_for_granted():
    """What the README's commands read: models, tables of predictions, a model of the hub, one on S3."""
    for name in ("base", "math", "code"):
        shutil.copytree(clone / "quickstart" / name, clone / "models" / name)
    (clone / "models/a").mkdir()
    tensors = {"vit.layernorm.weight": [8], "classifier.weight": [3, 8], "classifier.bias": [3]}
    (clone / "models/a/model.safetensors").write_bytes(safetensors(tensors))
    (clone / "models/a/config.json").write_text('{"model_type": "vit", "architectures": ["ViTForImageClassification"]}')
    for name in ("a", "b", "logits"):
        table(clone / f"{name}.parquet", is_sharp=2)
    hub.push("org/name", {file.name: file.read_bytes() for file in (clone / "models/math").iterdir() if file.is_file()})
    s3.create_bucket(Bucket="bucket")
    for file in (clone / "models").rglob("*"):
        if file.is_file():
            s3.upload_file(str(file), "bucket", file.relative_to(clone).as_posix())


def on_s3():
    """Each piece of code about S3 begins with the recipe there, and no output."""
    recipe = (clone / "ties.yml").read_text().replace("models/", "s3a://bucket/models/")
    s3.put_object(Bucket="bucket", Key="ties.yml", Body=recipe.encode())
    for there in s3.list_objects_v2(Bucket="bucket", Prefix="merged").get("Contents", []):
        s3.delete_object(Bucket="bucket", Key=there["Key"])


def follow(page, folder, granted=None):
    print(f"{page.name}:")
    for language, lines in blocks(page):
        if language == "sh":
            if any("s3a://" in line for line in lines):
                on_s3()
            for line in lines:
                run(line, folder)
            if granted:
                granted()
                granted = None
        elif language == "yaml" and lines[0].startswith("# "):
            (folder / lines[0][2:]).write_text("\n".join(lines) + "\n")
        elif language == "yaml":
            whose = re.search(r"`([\w/]+\.yml)` says what to merge", page.read_text()).group(1)
            if not (folder / whose).read_text().strip().endswith("\n".join(lines).strip()):
                sys.exit(f"FAILED: {page.name} shows another {whose}:\n{(folder / whose).read_text()}")


def numbers():
    """The README's line on mergekit is that of the table it comes from; and it has as many rules of rounds as there are."""
    readme = (clone / "README.md").read_text()
    rows = re.findall(r"^\| `\w+` \| [\d.]+ s \| ([\d.]+) s \| ([\d.]+) s \| ([\d.]+) x \|$",
                      (clone / "benchmarks/README.md").read_text(), re.MULTILINE)
    ours, theirs, times = zip(*([float(cell) for cell in row] for row in rows))
    told = f"| {min(theirs):.0f} to {max(theirs):.0f} s | {min(ours):.0f} to {max(ours):.0f} s |"
    for claim in (told, f"is of {len(rows)} methods"):
        if claim not in readme:
            sys.exit(f"FAILED: by benchmarks/README.md, README.md should say: {claim}")
    if (round(min(times)), round(max(times))) != (2, 18):
        sys.exit(f"FAILED: between a half and an eighteenth, says README.md; mergekit takes {min(times)} to {max(times)} times")
    rules = int(re.search(r"with state: (\d+) rules", readme).group(1))
    table = re.search(r"^\| `fedavg`.*?(?=^\| `ema`)", (clone / "docs/rounds.md").read_text(), re.MULTILINE | re.DOTALL)
    listed = [name for row in table.group().splitlines() for name in re.findall(r"`(\w+)`", row.split("|")[1])]
    if len(listed) != rules:
        sys.exit(f"FAILED: README.md tells of {rules} rules of rounds, docs/rounds.md of {len(listed)}: {listed}")
    print(f"  {len(rows)} methods beside mergekit, from a half to an eighteenth of the time; {rules} rules of rounds")


follow(clone / "README.md", clone, take_for_granted)
follow(clone / "docs/quickstart.md", empty)
numbers()
print(f"Passed: {len(ran)} commands of README.md and docs/quickstart.md, as they stand there")
