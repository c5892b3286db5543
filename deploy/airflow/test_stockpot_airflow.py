"""The parts of the DAGs in local folders and on S3, with Airflow's hooks and connections, outside of its tasks. Run by
check.sh."""

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
home = tempfile.TemporaryDirectory()
os.environ.update(AIRFLOW_HOME=home.name, AIRFLOW__CORE__LOAD_EXAMPLES="False", AIRFLOW__LOGGING__LOGGING_LEVEL="CRITICAL")
# credentials are those of a connection, or there are none
for name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[name]

import boto3
from airflow.sdk._shared.module_loading import import_string
from moto.server import ThreadedMotoServer

from stockpot_airflow import alert, command, credentials, retention, soup, storage, tasks

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

    def made(self, night, **pointer):
        """A soup that is there, and latest."""
        plan = soup.plan(night, [{"path": "a", "version": night}], self.params())
        files = {"model.safetensors": "weights", "state/model.safetensors": "state", "report/report.html": "a page"}
        shard, state, page = ({"file": name, "size": len(text)} for name, text in files.items())
        manifest = {"shards": [shard], "sides": [{"name": "state", "shards": [state]}], "files": [page]}
        for name, text in {**files, soup.MANIFEST: json.dumps(manifest)}.items():
            self.put(self.below(plan["output"], name), text)
        soup.promote({**plan, **pointer}, None, self.params())
        return plan["output"]

    def below(self, folder, name):
        return f"{folder}/{name}".removeprefix(f"{self.root}/")

    def there(self, outputs):
        return [storage.exists(storage.join(output, "model.safetensors")) for output in outputs]

    def test_soups_of_old_nights_go_and_their_records_stay(self):
        made = [self.made(f"2026-11-{day}") for day in (18, 19, 20, 21)]
        self.assertEqual(retention.retire(self.params(keep=0)), [])
        self.assertEqual(retention.retire(self.params(keep=2)), made[:2])
        self.assertEqual(self.there(made), [False, False, True, True])
        self.assertFalse(soup.is_merged({"output": made[0]}))
        self.assertEqual(storage.names(made[0]), [])
        self.assertNotIn(Path(made[0]).name, storage.names(f"{self.root}/soups/chat/2026-11-18"))
        self.assertEqual(storage.read_json(f"{self.root}/soups/chat/2026-11-18/soup.json")["output"], made[0])
        self.assertEqual(retention.retire(self.params(keep=2)), [])

    def test_what_the_latest_went_on_from_and_what_is_not_ours_is_never_retired(self):
        base = self.made("2026-11-18")
        other = self.made("2026-11-19")
        self.put("soups/chat/2026-11-19/aaaaaaaaaaaa/model.safetensors", "without a recipe beside it")
        self.put("soups/chat/2026-11-19/notes/model.safetensors", "somebody's")
        self.put("soups/chat/other/bbbbbbbbbbbb/model.safetensors", "no night")
        latest = self.made("2026-11-20", round={"number": 3, "base": base})
        later = self.made("2026-11-21")
        soup.promote({"night": "2026-11-20", "output": latest, "round": {"base": base}}, None, self.params())
        storage.write_json(f"{self.root}/soups/chat/latest.json", {"night": "2026-11-20", "output": latest, "round": {"base": base}})
        self.assertEqual(retention.retire(self.params(keep=1)), [other])
        self.assertEqual(self.there([base, latest, later]), [True] * 3)
        for kept in ("2026-11-19/aaaaaaaaaaaa", "2026-11-19/notes", "other/bbbbbbbbbbbb"):
            self.assertEqual(self.there([f"{self.root}/soups/chat/{kept}"]), [True], kept)

    def test_a_soup_stays_whole_while_something_lies_in_it_that_its_manifest_does_not_list(self):
        made = [self.made(f"2026-11-{day}") for day in (15, 16, 17, 18, 19, 20)]
        foreign = [
            self.below(made[0], "notes.txt"),
            self.below(made[1], "report/mine/picture.png"),
            self.below(made[2], "model.safetensors"),  # of another size than was written: trained further
        ]
        for name in foreign:
            self.put(name, "somebody's own work")
        storage.remove(made[3], [soup.MANIFEST])  # what is in it, nobody knows
        with self.assertLogs(retention.log) as told:
            self.assertEqual(retention.retire(self.params(keep=1)), [made[4]])
        self.assertEqual(self.there(made), [True] * 4 + [False, True])
        self.assertEqual([soup.is_merged({"output": output}) for output in made[:3]], [True] * 3)
        for kept, name in zip(foreign, ("notes.txt", "report/mine/picture.png", "model.safetensors")):
            self.assertTrue(storage.exists(f"{self.root}/{kept}"), kept)
            self.assertTrue(any(name in line for line in told.output), told.output)
        storage.remove(made[0], ["notes.txt"])
        self.assertEqual(retention.retire(self.params(keep=1)), [made[0]])

    def test_a_removal_that_was_stopped_goes_on(self):
        old, _ = self.made("2026-11-19"), self.made("2026-11-20")
        removed = storage.remove
        with mock.patch.object(storage, "remove", side_effect=lambda folder, names: removed(folder, names[:2])):
            retention.retire(self.params(keep=1))
        self.assertFalse(soup.is_merged({"output": old}))
        self.assertNotEqual(storage.names(old), [])
        self.assertEqual(retention.retire(self.params(keep=1)), [old])
        self.assertEqual(storage.names(old), [])

    def test_nothing_is_retired_before_there_is_a_latest(self):
        self.assertEqual(retention.retire(self.params(keep=1)), [])

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
        keys = {"aws_access_key_id": "known", "aws_secret_access_key": "secret"}
        endpoint = f"http://{host}:{port}"
        cls.client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", **keys)
        cls.connection = {
            "conn_type": "aws",
            "login": "known",
            "password": "secret",
            "extra": {
                "endpoint_url": endpoint,
                "region_name": "us-east-1",
                "config_kwargs": {"s3": {"addressing_style": "path"}},
            },
        }
        os.environ["AIRFLOW_CONN_STORE"] = json.dumps(cls.connection)
        cls.enterClassContext(mock.patch.object(storage, "CONNECTION", "store"))

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        del os.environ["AIRFLOW_CONN_STORE"]

    def setUp(self):
        bucket = f"bucket-{time.time_ns()}"
        self.client.create_bucket(Bucket=bucket)
        self.bucket, self.root = bucket, f"s3a://{bucket}"

    def put(self, path, text):
        self.client.put_object(Bucket=self.bucket, Key=path, Body=text.encode())


    def test_stockpot_is_told_of_the_connection(self):
        endpoint = self.connection["extra"]["endpoint_url"]
        with mock.patch.dict(os.environ, STOCKPOT_JAVA_OPTS="-Xss2m"):
            self.assertEqual(
                credentials.environment(),
                {
                    "AWS_ACCESS_KEY_ID": "known",
                    "AWS_SECRET_ACCESS_KEY": "secret",
                    "AWS_REGION": "us-east-1",
                    "STOCKPOT_JAVA_OPTS": "-Xss2m -Dspark.hadoop.fs.s3a.endpoint.region=us-east-1"
                    f" -Dspark.hadoop.fs.s3a.endpoint={endpoint} -Dspark.hadoop.fs.s3a.path.style.access=true",
                },
            )


class WithoutConnection(unittest.TestCase):
    def test_stockpot_finds_credentials_by_itself(self):
        self.assertIsNone(storage.CONNECTION)
        self.assertEqual(credentials.environment(), {})


class Applications(unittest.TestCase):
    def test_of_several_manifests_the_application_gets_the_words_of_the_night(self):
        manifests = "kind: ServiceAccount\n---\nkind: SparkApplication\nspec: {image: a, arguments: [old]}\n"
        made = tasks.application(manifests, ["merge", "a.yml", "out"])
        self.assertEqual(made["spec"]["arguments"], ["merge", "a.yml", "out"])
        self.assertEqual(made["spec"]["image"], "a")
        self.assertEqual(made["spec"]["restartPolicy"], {"type": "Never"})

    def test_none_or_two_are_refused(self):
        for manifests in ("kind: ConfigMap\n", "kind: SparkApplication\n---\nkind: SparkApplication\n"):
            with self.assertRaisesRegex(ValueError, "must have one"):
                tasks.application(manifests, [])


class Commands(unittest.TestCase):
    def test_gives_the_last_line(self):
        self.assertEqual(command.run(["sh", "-c", "echo first; echo; echo last >&2; echo"]), "last")

    def test_a_command_that_is_not_there_is_a_failure(self):
        with self.assertRaises(command.CommandFailed) as failure:
            command.run(["no-such-command"])
        self.assertEqual(failure.exception.code, 127)

    def test_a_command_is_told_its_environment_and_reads_nothing(self):
        self.assertEqual(command.run(["sh", "-c", "cat; echo $GIVEN"], {"GIVEN": "this"}), "this")

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
                posts.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        server = HTTPServer(("127.0.0.1", 0), Webhook)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        hook = {"conn_type": "http", "host": f"http://127.0.0.1:{server.server_port}/services/T/B/secret"}
        self.enterContext(mock.patch.dict(os.environ, AIRFLOW_CONN_CHAT=json.dumps(hook)))
        self.enterContext(mock.patch.object(alert, "CONNECTION", "chat"))

    def test_a_failed_task_is_told_at_the_path_of_the_connection(self):
        task = mock.Mock(dag_id="nightly_soup", task_id="merge", try_number=4)
        (notifier,) = alert.task_failed()
        notifier({"ti": task, "ds": "2026-11-20", "exception": ValueError("no space")})
        text = "nightly_soup, night 2026-11-20: merge failed in attempt 4: no space"
        self.assertEqual(self.posts, [("/services/T/B/secret", {"text": text})])

    def test_a_late_run_is_told(self):
        late = alert.late()
        run = {"dag_id": "nightly_soup", "run_id": "scheduled__2026-11-20"}

        async def told():
            await import_string(late.path)(context={"dag_run": run}, **late.kwargs)

        asyncio.run(told())
        text = "nightly_soup: scheduled__2026-11-20 is not over by its deadline"
        self.assertEqual([post for _, post in self.posts], [{"text": text}])

    def test_without_a_connection_nobody_is_told(self):
        with mock.patch.object(alert, "CONNECTION", None):
            self.assertIsNone(alert.task_failed())
            self.assertIsNone(alert.late())


if __name__ == "__main__":
    unittest.main()
