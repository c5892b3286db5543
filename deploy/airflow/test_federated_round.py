"""The DAG federated_round, and running averages by nightly_soup, in a real Airflow. Run by check.sh.

STOCKPOT names the ./stockpot to use.
"""

import json
import shutil
import subprocess
import unittest
from pathlib import Path

from fake_cluster import FakeCluster
from test_nightly_soup import HERE, STOCKPOT, Nights


class FederatedRound(Nights, unittest.TestCase):
    """One story, told in order: each test needs the rounds before it."""

    DAG = "federated_round"
    VARIABLES = {"STOCKPOT_POLL_SECONDS": "1", "STOCKPOT_PATIENCE_SECONDS": "3"}

    @classmethod
    def defaults(cls):
        return {
            "STOCKPOT_FEDERATED_ROUND": {
                "model": "chat",
                "clients": f"{cls.folder}/in/{{{{ ds }}}}/*",
                "rounds": str(cls.folder / "rounds"),
                "start": str(cls.folder / "models" / "base"),
                "strategy": "fedadam",
                "expected": 3,
                "quorum": 2,
            },
            "STOCKPOT_NIGHTLY_SOUP": {
                "model": "mean",
                "checkpoints": f"{cls.folder}/runs/{{{{ ds }}}}/*",
                "soups": str(cls.folder / "soups"),
                "least": 1,
                "ema": {"decay": 0.9},
            },
        }

    def send(self, date, *clients):
        for client in clients:
            folder = self.folder / "in" / date / client
            shutil.copytree(self.folder / "models" / client, folder)
            (folder / "client.json").write_text(json.dumps({"examples": len(client)}))

    def latest(self, folder="rounds/chat"):
        return json.loads((self.folder / folder / "latest.json").read_text())

    def state(self):
        return json.loads(Path(self.latest()["output"], "state/state.json").read_text())

    def test_1_is_imported_without_errors(self):
        self.assertIn("No data found", self.airflow("dags", "list-import-errors"))

    def test_2_a_round_of_all_clients_begins_at_the_start_and_a_retry_resumes(self):
        self.send("2026-11-20", "math", "code", "chat")
        (self.folder / "fail-once").touch()
        self.night("2026-11-20")
        self.assertEqual(self.latest()["round"], {"number": 1, "base": ""})
        self.assertEqual(self.state()["round"], 1)
        self.assertEqual([client["examples"] for client in self.state()["clients"]], [4, 4, 4])
        self.assertEqual(len(self.calls("merge")), 2)

    def test_3_the_next_night_goes_on_with_a_quorum_by_the_spark_operator(self):
        before = self.latest()["output"]
        cluster = FakeCluster(str(self.folder / "stockpot"))
        self.addCleanup(cluster.close)
        manifest = HERE.parent / "kubernetes/base/merge/merge.yaml"
        kubernetes = {"STOCKPOT_APPLICATION": str(manifest), "AIRFLOW_CONN_KUBERNETES_DEFAULT": cluster.connection()}
        self.send("2026-11-21", "math", "code")
        late = self.folder / "in" / "2026-11-21" / "chat"
        shutil.copytree(self.folder / "models" / "chat", late)  # still being sent: it has no client.json
        self.night("2026-11-21", environment=kubernetes)
        ((name, application),) = cluster.created.items()
        self.assertRegex(name, "^stockpot-merge-")
        self.assertEqual(application["spec"]["arguments"], self.calls("merge")[-1].split())
        self.assertEqual(application["spec"]["restartPolicy"], {"type": "Never"})
        self.assertEqual(cluster.deleted, [name])
        self.assertEqual(self.latest()["round"], {"number": 2, "base": before})
        self.assertEqual(len(self.state()["clients"]), 2)
        self.assertEqual(self.state()["parents"][0]["round"], 1)

    def test_4_the_same_night_again_changes_nothing(self):
        calls, latest = self.calls("merge"), self.latest()
        self.night("2026-11-21")
        self.assertEqual(self.calls("merge"), calls)
        self.assertEqual(self.latest(), latest)

    def test_5_too_few_clients_skip_the_night(self):
        self.send("2026-11-22", "math")
        output = self.night("2026-11-22")
        self.assertIn("1 clients are there, and 2 are needed", output)
        self.assertEqual(self.latest()["night"], "2026-11-21")

    def test_6_a_backfill_of_a_night_that_was_left_out_makes_no_fork(self):
        self.send("2026-11-19", "math", "code", "chat")
        output = self.night("2026-11-19")
        self.assertIn("went on without one of 2026-11-19", output)
        self.assertEqual(self.latest()["night"], "2026-11-21")

    def test_7_a_running_average_goes_on_from_night_to_night(self):
        for date, model in (("2026-11-20", "math"), ("2026-11-21", "code")):
            shutil.copytree(self.folder / "models" / model, self.folder / "runs" / date / "checkpoint-1")
            self.night(date, dag="nightly_soup")
        latest = self.latest("soups/mean")
        self.assertEqual(latest["round"]["number"], 2)
        self.assertTrue(Path(latest["output"], "state/ema").is_dir())
        manifest = json.loads(Path(latest["output"], "stockpot-manifest.json").read_text())
        self.assertNotIn("2026-11-20/checkpoint-1", json.dumps(manifest["inputs"]))
        subprocess.run([STOCKPOT, "verify", latest["output"]], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    unittest.main()
