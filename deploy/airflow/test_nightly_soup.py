"""The DAG in a real Airflow: `airflow dags test` makes small soups in local folders. Run by check.sh.

STOCKPOT names the ./stockpot to use.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HERE = Path(__file__).parent
STOCKPOT = os.environ["STOCKPOT"]

# Notes how it was called; fails once where a file named `fail-once` asks for it
WRAPPER = """#!/bin/sh
echo "$*" >>{folder}/calls
if [ "$1" = merge ] && rm {folder}/fail-once 2>/dev/null; then
  echo "the cluster went away" >&2
  exit 1
fi
exec {stockpot} "$@"
"""


class Webhook:
    """What a chat system would be told."""

    def __init__(self):
        told = self.told = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["text"])
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def connection(self):
        return json.dumps({"conn_type": "http", "host": f"http://127.0.0.1:{self.server.server_port}/"})

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Nights:
    """An Airflow in a folder of its own, and small models."""

    DAG = "nightly_soup"
    VARIABLES = {}

    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.scratch.cleanup)
        cls.folder = Path(cls.scratch.name)
        wrapper = cls.folder / "stockpot"
        wrapper.write_text(WRAPPER.format(folder=cls.folder, stockpot=STOCKPOT))
        wrapper.chmod(0o755)
        cls.webhook = Webhook()
        cls.addClassCleanup(cls.webhook.close)
        cls.environment = {
            **os.environ,
            "AIRFLOW_CONN_ALERTS": cls.webhook.connection(),
            "STOCKPOT_ALERT_CONN_ID": "alerts",
            "AIRFLOW_HOME": str(cls.folder / "airflow"),
            "AIRFLOW__CORE__DAGS_FOLDER": str(HERE / "dags"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT": "300",  # a busy machine is no fault of a DAG
            "STOCKPOT_COMMAND": str(wrapper),
            "STOCKPOT_RETRY_SECONDS": "1",
            "STOCKPOT_DEADLINE_HOURS": "0",
            **cls.VARIABLES,
            **{name: json.dumps(value) for name, value in cls.defaults().items()},
        }
        subprocess.run(
            [STOCKPOT, "quickstart", "--folder", cls.folder / "models"], check=True, stdout=subprocess.DEVNULL
        )
        cls.server = subprocess.Popen(
            [sys.executable, str(HERE / "forked.py")],
            env=cls.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        cls.addClassCleanup(cls.server.communicate)
        cls.airflow("db", "migrate")

    @classmethod
    def airflow(cls, *arguments, fails=False, **environment):
        output = cls.folder / "output"
        call = {"arguments": arguments, "environment": environment, "output": str(output)}
        print(json.dumps(call), file=cls.server.stdin, flush=True)
        code = int(cls.server.stdout.readline())
        said = output.read_text()
        if (code != 0) != fails:
            raise AssertionError(f"airflow {arguments} ended with {code}:\n{said[-6000:]}")
        return said

    def database(self, query):
        with sqlite3.connect(self.folder / "airflow" / "airflow.db") as database:
            return database.execute(query).fetchall()

    def night(self, date, fails=False, dag=None, environment=None, **params):
        words = ("dags", "test", dag or self.DAG, date, "--conf", json.dumps(params))
        return self.airflow(*words, fails=fails, **(environment or {}))

    def calls(self, command):
        return [line for line in (self.folder / "calls").read_text().splitlines() if line.startswith(command)]


class NightlySoup(Nights, unittest.TestCase):
    """One story, told in order: each test needs the nights before it."""

    @classmethod
    def defaults(cls):
        cls.soups = cls.folder / "soups" / "chat"
        return {
            "STOCKPOT_NIGHTLY_SOUP": {
                "model": "chat",
                "checkpoints": f"{cls.folder}/runs/{{{{ ds }}}}/checkpoint-*",
                "soups": str(cls.folder / "soups"),
                "least": 3,
                "most": 3,
            }
        }

    def train(self, date, *steps):
        for number, step in enumerate(steps):
            source = self.folder / "models" / ("math", "code", "chat", "base")[number % 4]
            shutil.copytree(source, self.folder / "runs" / date / f"checkpoint-{step}")

    def latest(self):
        return json.loads((self.soups / "latest.json").read_text())

    def test_1_is_imported_without_errors_and_has_its_deadline(self):
        self.assertIn("No data found", self.airflow("dags", "list-import-errors"))
        self.airflow("dags", "reserialize", STOCKPOT_DEADLINE_HOURS="5")
        self.airflow("dags", "trigger", "nightly_soup", "--run-id", "late", STOCKPOT_DEADLINE_HOURS="5")
        ((hours,),) = self.database(
            "select (julianday(deadline.deadline_time) - julianday(dag_run.queued_at)) * 24"
            " from deadline join dag_run on dag_run.id = deadline.dagrun_id"
        )
        self.assertAlmostEqual(hours, 5, places=3)

    def test_2_a_night_is_merged_evaluated_verified_and_promoted_and_a_retry_resumes(self):
        self.train("2026-11-20", 90, 100, 9, 110)
        (self.folder / "fail-once").touch()
        script = self.folder / "evaluate"
        script.write_text('#!/bin/sh\ntest -f "$1/model.safetensors" && echo scoring && echo \'{"score": 0.5}\'\n')
        script.chmod(0o755)
        self.night("2026-11-20", evaluation=str(script))

        latest = self.latest()
        self.assertEqual(latest["night"], "2026-11-20")
        self.assertEqual(latest["evaluation"], {"score": 0.5})
        self.assertEqual([Path(path).name for path in latest["checkpoints"]], [f"checkpoint-{i}" for i in (90, 100, 110)])
        merges = self.calls("merge")
        self.assertEqual(len(merges), 2)
        self.assertEqual(merges[0], merges[1])
        self.assertTrue(merges[0].endswith(" --resume"))
        manifest = json.loads(Path(latest["output"], "stockpot-manifest.json").read_text())
        self.assertIn("uniform_soup", json.dumps(manifest))
        ((uri, extra),) = self.database(
            "select asset.uri, asset_event.extra from asset_event join asset on asset.id = asset_event.asset_id"
        )
        self.assertEqual(uri, f"file://{self.soups}/latest.json")
        self.assertEqual(json.loads(extra), {"night": "2026-11-20", "output": latest["output"]})

    def test_3_the_same_night_again_changes_nothing(self):
        before = {path: path.stat().st_mtime_ns for path in self.soups.rglob("*") if path.suffix != ".yml"}
        merges = self.calls("merge")
        latest = self.latest()
        self.night("2026-11-20")
        # without its evaluation this time, so the pointers are written anew and nothing else is
        self.assertEqual(self.latest(), {**latest, "evaluation": None})
        after = {path: path.stat().st_mtime_ns for path in self.soups.rglob("*") if path.suffix != ".yml"}
        changed = {path.name for path in after if path.is_file() and after[path] != before.get(path)}
        self.assertEqual(changed, {"latest.json", "soup.json"})
        self.assertEqual(self.calls("merge"), merges)

    def test_4_too_few_checkpoints_skip_the_night(self):
        self.train("2026-11-21", 10, 20)
        calls = self.calls("")
        output = self.night("2026-11-21")
        self.assertIn("2 checkpoints match", output)
        self.assertIn("no soup tonight", output)
        self.assertEqual(self.latest()["night"], "2026-11-20")
        self.assertEqual(self.calls(""), calls)

    def test_5_a_backfill_makes_its_soup_and_leaves_latest_alone(self):
        self.train("2026-11-19", 10, 20, 30)
        output = self.night("2026-11-19", method="linear", parameters={"weight": 1})
        self.assertIn("latest.json stays", output)
        self.assertEqual(self.latest()["night"], "2026-11-20")
        soup = json.loads((self.soups / "2026-11-19" / "soup.json").read_text())
        self.assertTrue(Path(soup["output"], "stockpot-manifest.json").exists())

    def test_6_a_soup_that_its_evaluation_rejects_is_not_promoted(self):
        self.train("2026-11-22", 10, 20, 30)
        self.night("2026-11-22", fails=True, evaluation="false")
        (told,) = self.webhook.told
        self.assertIn("nightly_soup, night 2026-11-22: evaluate failed in attempt", told)
        self.assertIn("false", told)
        self.assertEqual(self.latest()["night"], "2026-11-20")

    def test_7_a_recipe_with_problems_is_not_tried_again(self):
        merges = len(self.calls("merge"))
        output = self.night("2026-11-22", fails=True, method="tise")
        self.assertIn("`tise` is not a merge method", output)
        self.assertEqual(len(self.calls("merge")), merges + 1)

    def test_8_a_greedy_soup_chooses_and_a_retry_pays_for_no_score_twice(self):
        self.train("2026-11-23", 10, 20, 30)
        evaluator = self.folder / "score"
        # the second checkpoint is the best, and no mean with it is better
        evaluator.write_text(
            f'#!/bin/sh\necho "$1" >>{self.folder}/scored\n'
            'case "$1" in *checkpoint-20) echo 0.9;; *checkpoint-*) echo 0.5;; *) echo 0.7;; esac\n'
        )
        evaluator.chmod(0o755)
        (self.folder / "fail-once").touch()
        greedy = {
            "soup": {"kind": "greedy"},
            "evaluate": {"command": [str(evaluator), "{model}"], "direction": "max"},
            "score_cache": str(self.folder / "scores"),
        }
        self.night("2026-11-23", **greedy)
        latest = self.latest()
        self.assertEqual(latest["night"], "2026-11-23")
        manifest = json.loads(Path(latest["output"], "stockpot-manifest.json").read_text())
        self.assertIn("checkpoint-20", manifest["recipe"])
        self.assertNotIn("checkpoint-10", manifest["recipe"])
        self.assertEqual(len(manifest["chosen"]["trials"]), 5)
        scored = (self.folder / "scored").read_text().split()
        self.assertEqual(len(scored), 5)
        # the same checkpoints with another type of soup: singles are known
        self.night("2026-11-23", **{**greedy, "soup": {"kind": "restricted"}})
        again = (self.folder / "scored").read_text().split()[5:]
        self.assertFalse([path for path in again if "checkpoint-10" in path])

    def test_9_a_soup_that_is_no_better_than_yesterdays_is_not_promoted(self):
        script = self.folder / "accuracy"
        script.write_text('#!/bin/sh\ncase "$1" in */2026-11-25/*) n=0.8;; *) n=0.6;; esac\necho "{\\"accuracy\\": $n}"\n')
        script.chmod(0o755)
        judged = {"evaluation": str(script), "better": {"metric": "accuracy", "direction": "max"}}
        self.train("2026-11-24", 10, 20, 30)
        output = self.night("2026-11-24", **judged)
        self.assertIn("as good as that of 2026-11-24, or better", output)
        self.assertEqual(self.latest()["night"], "2026-11-23")
        self.train("2026-11-25", 10, 20, 30)
        self.night("2026-11-25", **judged, keep=2)
        self.assertEqual(self.latest()["night"], "2026-11-25")
        kept = sorted({path.parent.parent.name for path in self.soups.glob("*/*/stockpot-manifest.json")})
        self.assertEqual(kept, ["2026-11-24", "2026-11-25"])
        self.assertTrue((self.soups / "2026-11-20" / "soup.json").exists())
        self.assertEqual(self.latest()["evaluation"], {"accuracy": 0.8})
        self.train("2026-11-26", 10, 20, 30)
        output = self.night("2026-11-26", fails=True, evaluation=str(script), better={"metric": "f1", "direction": "max"})
        self.assertIn("has no number `f1`", output)
        self.assertEqual(self.latest()["night"], "2026-11-25")


if __name__ == "__main__":
    unittest.main()
