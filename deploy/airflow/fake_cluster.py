"""As much of a Kubernetes API server as Airflow's SparkKubernetesOperator asks for. A SparkApplication is a process of
this machine: Stockpot with the arguments of its specification."""

import json
import re
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

APPLICATIONS = "/apis/sparkoperator.k8s.io/v1beta2/namespaces/stockpot/sparkapplications"
PODS = "/api/v1/namespaces/stockpot/pods"


class FakeCluster:
    """`created` has the applications that were asked for, `deleted` the names of those that were taken away."""

    def __init__(self, stockpot):
        self.stockpot = stockpot
        self.created, self.deleted, self.asked = {}, [], []
        self.drivers = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def connection(self):
        """As Airflow takes it from the environment or a secret backend."""
        cluster = {"name": "fake", "cluster": {"server": f"http://127.0.0.1:{self.server.server_port}"}}
        context = {"name": "fake", "context": {"cluster": "fake", "user": "fake"}}
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [cluster],
            "contexts": [context],
            "users": [{"name": "fake", "user": {"token": "token"}}],
            "current-context": "fake",
        }
        return json.dumps({"conn_type": "kubernetes", "extra": {"kube_config": json.dumps(config)}})

    def create(self, application):
        name = application["metadata"]["name"]
        self.created[name] = application
        self.drivers[name] = subprocess.Popen(
            [self.stockpot, *application["spec"]["arguments"]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return application

    def pod(self, name):
        code = self.drivers[name].poll()
        phase = "Running" if code is None else "Succeeded" if code == 0 else "Failed"
        began = {"startedAt": "2026-11-20T04:00:00Z"}
        ended = {**began, "finishedAt": "2026-11-20T04:01:00Z", "exitCode": code, "reason": "Completed"}
        container = "spark-kubernetes-driver"
        status = {
            "name": container,
            "image": "stockpot",
            "imageID": "stockpot",
            "ready": code is None,
            "restartCount": 0,
            "state": {"running": began} if code is None else {"terminated": ended},
        }
        labels = self.created[name]["spec"]["driver"]["labels"]
        return {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": f"{name}-driver", "namespace": "stockpot", "labels": labels, "uid": name},
            "spec": {"containers": [{"name": container, "image": "stockpot"}]},
            "status": {"phase": phase, "containerStatuses": [status]},
        }

    def answer(self, method, path, body):
        """An object, or text; None where there is nothing."""
        if (method, path) == ("POST", APPLICATIONS):
            return self.create(body)
        if (method, path) == ("GET", PODS):
            return {"apiVersion": "v1", "kind": "PodList", "metadata": {}, "items": []}
        of_pod = re.fullmatch(rf"{PODS}/(.+)-driver(/log)?", path)
        if of_pod and of_pod[1] in self.created:
            if of_pod[2]:
                return "2026-11-20T04:00:00.000000000Z " + self.drivers[of_pod[1]].stdout.read()
            return self.pod(of_pod[1])
        of_application = re.fullmatch(rf"{APPLICATIONS}/([^/]+)(/status)?", path)
        if of_application and of_application[1] in self.created:
            if method == "DELETE":
                self.deleted.append(of_application[1])
            return {**self.created[of_application[1]], "status": {"applicationState": {"state": "RUNNING"}}}
        if path.endswith("/events"):
            return {"apiVersion": "v1", "kind": "EventList", "metadata": {}, "items": []}
        return None

    def _handler(cluster):
        class Handler(BaseHTTPRequestHandler):
            def answer(self):
                path = self.path.split("?")[0]
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length)) if length else None
                cluster.asked.append(f"{self.command} {path}")
                found = cluster.answer(self.command, path, body)
                if found is None:
                    found = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 404, "message": path}
                content = found if isinstance(found, str) else json.dumps(found)
                is_missing = isinstance(found, dict) and found.get("code") == 404
                self.send_response(404 if is_missing else 201 if self.command == "POST" else 200)
                self.send_header("Content-Type", "text/plain" if isinstance(found, str) else "application/json")
                self.send_header("Content-Length", str(len(content.encode())))
                self.end_headers()
                self.wfile.write(content.encode())

            do_GET = do_POST = do_DELETE = do_PATCH = answer  # noqa: N815

            def log_message(self, *_):
                pass

        return Handler
