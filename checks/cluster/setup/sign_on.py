"""The part of AWS's single sign-on that gives a role's keys for a token: PORT HOME KEY SECRET SESSION. Leaves in HOME what
`aws sso login` leaves there."""

import hashlib
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

port, home, key, secret, session = sys.argv[1:]
TOKEN = "token-of-the-check"  # noqa: S105

start = f"http://127.0.0.1:{port}/start"
Path(home, ".aws/sso/cache", hashlib.sha1(start.encode()).hexdigest() + ".json").write_text(
    json.dumps({"startUrl": start, "region": "us-east-1", "accessToken": TOKEN, "expiresAt": "2099-01-01T00:00:00Z"})
)


class Portal(BaseHTTPRequestHandler):
    def do_GET(self):
        keys = {
            "accessKeyId": key,
            "secretAccessKey": secret,
            "sessionToken": session,
            "expiration": int(time.time() + 3600) * 1000,
        }
        is_known = self.headers.get("x-amz-sso_bearer_token") == TOKEN and self.path.startswith("/federation/credentials?")
        body = json.dumps({"roleCredentials": keys} if is_known else {"message": "no"}).encode()
        self.send_response(200 if is_known else 401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


HTTPServer(("127.0.0.1", int(port)), Portal).serve_forever()
