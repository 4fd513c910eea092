"""What stands in AWS's place for one command: every host of it, over TLS, on loopback.

The command goes there as through a proxy, so that it is run as it is, and with the hosts that it
chooses itself. Each request is noted; it is answered with the least that a success consists of, or
with a refusal. What AWS would say is not its business.
"""

import json
import re
import ssl
import subprocess
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

REGION = "eu-central-1"
HOSTS = ["*.amazonaws.com", f"*.{REGION}.amazonaws.com", f"*.s3.{REGION}.amazonaws.com"]

# How the services ask that have a method and a path for each operation.
PATHS = [
    ("apigateway", "GET", r"/v2/apis", "GetApis"),
    ("apigateway", "PATCH", r"/v2/apis/[^/]+/stages/[^/]+", "UpdateStage"),
    ("email", "GET", r"/v2/email/account", "GetAccount"),
    ("email", "GET", r"/v2/email/identities/[^/]+", "GetEmailIdentity"),
    ("lambda", "POST", r"/2015-03-31/functions/[^/]+/invocations", "Invoke"),
    ("s3", "HEAD", r"/[^/]+/.+", "HeadObject"),
    ("s3", "PUT", r"/[^/]+/.+", "PutObject"),
    ("s3", "HEAD", r"/[^/]+", "HeadBucket"),
    ("s3", "PUT", r"/[^/]+", "CreateBucket"),
]

# What somebody waits for, or cannot do without.
STACK = """<Stacks><member><StackName>anteroom</StackName><CreationTime>2026-11-22T10:00:00Z</CreationTime>
<StackStatus>UPDATE_COMPLETE</StackStatus></member></Stacks>"""
ANSWERS = {"DescribeTable": {"Table": {"TableStatus": "ACTIVE"}}, "FilterLogEvents": {"events": []}}


class Certificate:
    """Of all hosts, and of whoever vouches for them; in a folder, for as long as that is there."""

    def __init__(self, folder):
        self.path, key = folder / "certificate.pem", folder / "key.pem"
        names = ",".join(f"DNS:{host}" for host in HOSTS)
        words = ["-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=anteroom"]
        make = ["openssl", "req", "-x509", *words, "-addext", f"subjectAltName={names}"]
        subprocess.run([*make, "-keyout", key, "-out", self.path], check=True, capture_output=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.path, key)


class Asked:
    """One request: of which service, which of its operations, and what it brought."""

    def __init__(self, host, method, target, headers, body):
        self.host, self.headers, self.body = host, headers, body
        self.service, self.path = host.split(".")[0], urllib.parse.unquote(target.partition("?")[0])
        bucket, _, _ = host.rpartition(".s3.")
        if bucket:
            # It may be named by the host: `BUCKET.s3.REGION.amazonaws.com`.
            self.service, self.path = "s3", f"/{bucket}{self.path}".rstrip("/")
        self.text = body.decode(errors="replace")
        is_form = "form-urlencoded" in headers.get("Content-Type", "")
        self.form = dict(urllib.parse.parse_qsl(self.text if is_form else "", keep_blank_values=True))
        action, target = self.form.get("Action"), headers.get("X-Amz-Target", "").rpartition(".")[2]
        # Elsewhere most of what is given has its place in the path or a header.
        self.has_names = bool(action or target)
        self.operation = action or target or self._by_path(method)

    def _by_path(self, method):
        for service, verb, path, operation in PATHS:
            if (service, verb) == (self.service, method) and re.fullmatch(path, self.path):
                return operation
        return f"{method} {self.path} of {self.host}"

    def json(self):
        """What its JSON says; nothing, if it is none."""
        return json.loads(self.text) if self.text.startswith("{") else {}


class Cloud(ThreadingHTTPServer):
    """Open while it is entered; `refusal` is the status and the code of what it answers, if not yes."""

    def __init__(self, certificate, refusal=None):
        super().__init__(("127.0.0.1", 0), Proxy)
        self.certificate, self.refusal, self.asked = certificate, refusal, []
        self.address = f"http://127.0.0.1:{self.server_port}"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def handle_error(self, *_):
        """A command that hangs up says why itself."""

    def answer(self, asked):
        """The status and the text of an answer."""
        self.asked.append(asked)
        name, is_query = asked.operation, "Action" in asked.form
        if self.refusal:
            status, code = self.refusal
            error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>It is so</Message></Error>"
            text = json.dumps({"__type": code, "message": "It is so"})
            return status, f"<ErrorResponse>{error}</ErrorResponse>" if is_query else text
        if is_query:
            result = STACK if name == "DescribeStacks" else ""
            return 200, f"<{name}Response><{name}Result>{result}</{name}Result></{name}Response>"
        if asked.service == "s3":
            # No object is there before it is put there.
            return (404 if name == "HeadObject" else 200), ""
        return 200, json.dumps(ANSWERS.get(name, {}))


class Proxy(BaseHTTPRequestHandler):
    """One connection: to a host of AWS's, and then what is asked of it."""

    protocol_version = "HTTP/1.1"
    host = ""

    def do_CONNECT(self):
        self.host = self.path.rpartition(":")[0]
        self.send_response(200)
        self.end_headers()
        self.connection = self.server.certificate.context.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
        # Who asks for a way in the old manner (HTTP/1.0) means to go on behind it.
        self.close_connection = False

    def do_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, text = self.server.answer(Asked(self.host, self.command, self.path, self.headers, body))
        self.send_response(status)
        if self.server.refusal:
            self.send_header("x-amzn-ErrorType", self.server.refusal[1])
        self.send_header("ETag", '"e"')
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text.encode())

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_any

    def log_message(self, *_):
        pass
