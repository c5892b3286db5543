"""The parts of nightly_soup on local folders and on S3, without Airflow. Run by check.sh."""

import asyncio
import json
import logging
import os
import signal
import sys
import tempfile
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).parent / "dags"))
os.environ.update(AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_DEFAULT_REGION="us-east-1")

import boto3
from moto.server import ThreadedMotoServer

from stockpot_airflow import alert, command, soup, storage

logging.getLogger("werkzeug").setLevel(logging.ERROR)
logging.getLogger("stockpot_airflow").setLevel(logging.CRITICAL)


class StorageContract:
    """What holds wherever checkpoints lie; subclasses give `root` and `put`."""

    def checkpoint(self, name, weights="model.safetensors", content="weights"):
        self.put(f"runs/{name}/config.json", "{}")
        self.put(f"runs/{name}/{weights}", content)

    def find(self):
        return storage.find_checkpoints(f"{self.root}/runs/checkpoint-*")

    def test_finds_whole_checkpoints_in_natural_order_under_the_names_that_stockpot_takes(self):
        self.checkpoint("checkpoint-1000")
        self.checkpoint("checkpoint-900", weights="model.safetensors.index.json")
        self.checkpoint("other-1")
        self.put("runs/checkpoint-1100/config.json", "still being written")
        self.put("runs/checkpoint-notes", "a file")
        paths = [checkpoint.path for checkpoint in self.find()]
        self.assertEqual(paths, [f"{self.root}/runs/checkpoint-{step}" for step in (900, 1000)])

    def test_finds_nothing_where_there_is_nothing(self):
        self.assertEqual(self.find(), [])

    def test_the_version_changes_with_the_content_alone(self):
        self.checkpoint("checkpoint-1")
        before = self.find()
        self.assertEqual(self.find(), before)
        time.sleep(0.01)
        self.checkpoint("checkpoint-1", content="changed")
        self.assertNotEqual(self.find(), before)

    def params(self, **changes):
        return {
            "soups": f"{self.root}/soups",
            "model": "chat",
            "method": "uniform_soup",
            "base_model": "",
            "parameters": {},
            "soup": {},
            "evaluate": {},
            "dtype": "bfloat16",
            **changes,
        }

    def test_the_folder_of_a_soup_follows_from_what_goes_into_it(self):
        models = [{"path": "a", "version": "1"}, {"path": "b", "version": "1"}]
        first = soup.plan("2026-11-20", models, self.params())
        self.assertEqual(soup.plan("2026-11-20", models, self.params()), first)
        self.assertTrue(first["output"].startswith(f"{self.root}/soups/chat/2026-11-20/"))
        self.assertEqual(storage.read_json(first["recipe"])["models"], [{"model": "a"}, {"model": "b"}])
        others = [
            soup.plan("2026-11-20", [models[0], {"path": "b", "version": "2"}], self.params()),
            soup.plan("2026-11-20", models[:1], self.params()),
            soup.plan("2026-11-20", models, self.params(method="ties", base_model="base")),
        ]
        self.assertEqual(len({first["output"], *(other["output"] for other in others)}), 4)

    def test_a_soup_that_is_chosen_is_a_recipe_of_its_own(self):
        chosen = {"soup": {"kind": "greedy"}, "evaluate": {"command": ["score", "{model}"], "direction": "max"}}
        recipe = soup.recipe_of(["a", "b"], self.params(**chosen))
        self.assertEqual(recipe["soup"], chosen["soup"])
        self.assertEqual(recipe["evaluate"], chosen["evaluate"])
        self.assertNotIn("merge_method", recipe)

    def test_better_is_strict_and_wants_two_numbers(self):
        def better(new, old, direction="max"):
            return soup.is_better({"acc": new}, {"acc": old}, "acc", direction)

        self.assertTrue(better(0.6, 0.5))
        self.assertFalse(better(0.5, 0.5))
        self.assertTrue(better(0.5, 0.6, "min"))
        for new, old, why in ((None, 0.5, "tonight's"), (0.5, "high", "latest"), (True, 0.5, "tonight's"), (float("nan"), 0.5, "tonight's")):
            with self.assertRaisesRegex(ValueError, why):
                better(new, old)
        with self.assertRaisesRegex(ValueError, "must be max or min"):
            better(0.6, 0.5, "up")
        with self.assertRaisesRegex(ValueError, "no number `acc`"):
            soup.is_better(None, {"acc": 1}, "acc", "max")

    def test_latest_is_the_soup_of_the_latest_night(self):
        def promote(night):
            plan = soup.plan(night, [{"path": "a", "version": "1"}], self.params())
            return soup.promote(plan, {"score": 1}, self.params())

        latest = f"{self.root}/soups/chat/latest.json"
        self.assertTrue(promote("2026-11-20"))
        self.assertFalse(promote("2026-11-19"))
        self.assertEqual(storage.read_json(latest)["night"], "2026-11-20")
        self.assertEqual(storage.read_json(f"{self.root}/soups/chat/2026-11-19/soup.json")["night"], "2026-11-19")
        self.assertTrue(promote("2026-11-20"))
        self.assertTrue(promote("2026-11-21"))
        self.assertEqual(storage.read_json(latest)["night"], "2026-11-21")
        self.assertEqual(storage.read_json(latest)["evaluation"], {"score": 1})

    def test_a_soup_is_merged_once_its_manifest_is_there(self):
        plan = {"output": f"{self.root}/soups/x"}
        self.put("soups/x/model.safetensors", "")
        self.assertFalse(soup.is_merged(plan))
        self.put("soups/x/stockpot-manifest.json", "{}")
        self.assertTrue(soup.is_merged(plan))


class LocalStorage(StorageContract, unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = folder.name

    def put(self, path, text):
        file = Path(self.root, path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def test_a_write_that_fails_leaves_what_was_there(self):
        path = f"{self.root}/latest.json"
        storage.write_text(path, "before")
        with mock.patch("os.replace", side_effect=OSError("disk")), self.assertRaises(OSError):
            storage.write_text(path, "after")
        self.assertEqual(os.listdir(self.root), ["latest.json"])
        self.assertEqual(Path(path).read_text(), "before")


class S3Storage(StorageContract, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = ThreadedMotoServer("127.0.0.1", port=0)
        cls.server.start()
        host, port = cls.server.get_host_and_port()
        os.environ["AWS_ENDPOINT_URL"] = f"http://{host}:{port}"
        cls.client = boto3.client("s3")

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        del os.environ["AWS_ENDPOINT_URL"]

    def setUp(self):
        bucket = f"bucket-{time.time_ns()}"
        self.client.create_bucket(Bucket=bucket)
        self.bucket, self.root = bucket, f"s3a://{bucket}"

    def put(self, path, text):
        self.client.put_object(Bucket=self.bucket, Key=path, Body=text.encode())


class Commands(unittest.TestCase):
    def test_gives_the_last_line(self):
        self.assertEqual(command.run(["sh", "-c", "echo first; echo; echo last >&2; echo"]), "last")

    def test_a_failure_tells_the_exit_code(self):
        with self.assertRaises(command.CommandFailed) as failure:
            command.run(["sh", "-c", "exit 3"])
        self.assertEqual(failure.exception.code, 3)

    def test_a_task_that_is_stopped_stops_its_command_and_lets_it_clean_up(self):
        with tempfile.TemporaryDirectory() as folder:
            ready, mark = Path(folder, "ready"), Path(folder, "cleaned")
            script = f"trap 'touch {mark}; exit 1' TERM; touch {ready}; while :; do sleep 0.1; done"

            def cancel():
                while not ready.exists():
                    time.sleep(0.05)
                os.kill(os.getpid(), signal.SIGALRM)

            # as Airflow does: the signal raises an exception in the task
            before = signal.signal(signal.SIGALRM, mock.Mock(side_effect=KeyboardInterrupt))
            threading.Thread(target=cancel, daemon=True).start()
            try:
                with self.assertRaises(KeyboardInterrupt):
                    command.run(["sh", "-c", script])
            finally:
                signal.signal(signal.SIGALRM, before)
            self.assertTrue(mark.exists())


class Alerts(unittest.TestCase):
    def setUp(self):
        posts = self.posts = []

        class Webhook(BaseHTTPRequestHandler):
            def do_POST(self):
                posts.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        server = HTTPServer(("127.0.0.1", 0), Webhook)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        url = f"http://127.0.0.1:{server.server_port}/"
        patch = mock.patch.dict(os.environ, {alert.WEBHOOK: url})
        patch.start()
        self.addCleanup(patch.stop)

    def test_a_failed_task_is_told(self):
        task = mock.Mock(dag_id="nightly_soup", task_id="merge", try_number=4)
        alert.task_failed({"ti": task, "ds": "2026-11-20", "exception": ValueError("no space")})
        text = "nightly_soup, night 2026-11-20: merge failed in attempt 4: no space"
        self.assertEqual(self.posts, [{"text": text}])

    def test_a_late_run_is_told(self):
        asyncio.run(alert.late(context={"dag_run": {"dag_run_id": "scheduled__2026-11-20"}}))
        self.assertEqual(self.posts, [{"text": "nightly_soup: scheduled__2026-11-20 is not over by its deadline"}])

    def test_a_webhook_that_does_not_answer_fails_nothing(self):
        with mock.patch.dict(os.environ, {alert.WEBHOOK: "http://127.0.0.1:9/"}):
            alert.send("text")


if __name__ == "__main__":
    unittest.main()
