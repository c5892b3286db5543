"""A Hugging Face hub on this machine, for what is pushed to it; its large files come from another server, as the real
one's do."""

import hashlib
import http.server
import json
import re
import threading
from urllib.parse import unquote, urlsplit

WEIGHTS = "model.safetensors"


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
