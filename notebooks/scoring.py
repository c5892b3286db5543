"""A service that tells Stockpot how many digits a candidate recognises: what a soup or a search asks."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from digits import load


class Judge:
    """Scores models by a function of their tensors, as long as it is open: `with Judge(score) as judge`."""

    def __init__(self, score):
        judge = self
        self.asked = 0

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                judge.asked += 1
                answer = json.dumps({"score": score(load(question["model"]))}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
