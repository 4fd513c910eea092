"""Every address, asked of the functions as `cargo lambda watch` runs them (cargo-lambda, of others' making).

    python tests/peers/watch.py

The house's tables and its mail peer stand beside them, as functions/README.md has it. Each address of
the router's table in the root Cargo.toml is asked once, and must be answered by its own function, over
its own route: so says the line that each function logs. Then somebody asks for a session, and the
questions, the desk, the post and the clock are tried over the network.
"""

import contextlib
import email
import email.policy
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).parents[2]
HOUSE = ROOT / "target/debug/anteroom"

# A function may be linked when it is first asked.
PATIENCE = 400


class Unmoved(urllib.request.HTTPRedirectHandler):
    """Follows no redirect."""

    def redirect_request(self, *_):
        return None


# Whatever proxy this machine has for the internet.
DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}), Unmoved)


def main():
    manifest = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["metadata"]["lambda"]
    build_programs()
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as ends:
        data, log = pathlib.Path(folder) / "data", pathlib.Path(folder) / "log"
        port, tables = free_ports(1), free_ports(2)
        origin = f"http://127.0.0.1:{port}"
        words = ["tables", "--data", data, "--tables-port", str(tables), "--origin", origin]
        ends.enter_context(running([HOUSE, *words], pathlib.Path(folder) / "house.log"))
        until(lambda: (data / "lambda.env").exists(), "the tables do not open")
        words = ["--invoke-address", "127.0.0.1", "--invoke-port", str(port), "--ignore-changes"]
        watch = ["cargo", "lambda", "watch", "--env-file", data / "lambda.env", *words]
        watching = ends.enter_context(running(watch, log))
        until(lambda: is_open(port) or watching.poll() is not None, "cargo lambda watch does not open")
        expect(watching.poll() is None, log.read_text())
        try:
            every_address(manifest["watch"]["router"], origin, log)
            story(origin, port, data)
        except Exception:
            print(log.read_text()[-6000:], file=sys.stderr)
            raise


def build_programs():
    """All at once, as watch asks for them; and then the house, whose program has the same name."""
    for features in (["--features", "lambda"], []):
        subprocess.run(["cargo", "build", "--quiet", "--bins", *features], cwd=ROOT, check=True)


def every_address(router, origin, log):
    """Asks each address once; what the functions log says who has answered."""
    for route in router:
        path = re.sub(r"{(\w+)}", lambda place: "harbour" if place[1] == "practice" else "x", route["path"])
        status, _, _ = ask(origin + path)
        if status >= 500:
            raise SystemExit(f"{path} is answered with {status}")
    functions = {route["function"] for route in router}
    lines = lambda: re.findall(r"([a-z-]+) answered GET (/\S*)", log.read_text())
    until(lambda: len(lines()) >= len(router), f"not all is answered: {lines()}")
    answered = {path: function for function, path in lines()}
    expected = {route["path"]: route["function"] for route in router}
    if answered != expected:
        odd = {path: answered.get(path) for path in expected if answered.get(path) != expected[path]}
        raise SystemExit(f"answered by others than the table says: {odd}, or more: {answered.keys() - expected}")
    print(f"{len(router)} addresses, each answered by its own of {len(functions)} functions")


def story(origin, port, data):
    """From the form to the questions; the desk's door; the post and the clock, asked as a schedule does."""
    form = {"name": "Ana Moura", "email": "ana@example.org", "consent": "yes"}
    status, where, _ = ask(f"{origin}/harbour", form)
    expect(status == 303 and where.endswith("/harbour/thanks"), f"the form: {status} {where}")
    link = link_in(letter(data, "ana@example.org"), "/questionnaire/")
    expect(link.startswith(origin), f"the letter leads to {link}")
    status, _, page = ask(link)
    expect(status == 200 and 'name="what-brings-you"' in page, f"the questions: {status}")
    door = f"{origin}/harbour/desk/sign-in"
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', ask(door)[2]))
    status, _, _ = ask(door, {**hidden, "email": "tomas@harbour.example"})
    expect(status in (200, 303), f"the desk's door: {status}")
    link_in(letter(data, "tomas@harbour.example"), "/desk/sign-in/")
    for function, event in [("reminders", "minute"), ("reminders", "night"), ("post", "retry"), ("post", "stream")]:
        example = ROOT / f"functions/{function}/events/{event}.json"
        invoke = ["cargo", "lambda", "invoke", function, "--data-file", example]
        at = ["--invoke-address", "127.0.0.1", "--invoke-port", str(port)]
        said = subprocess.run([*invoke, *at], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)
        expect(said.returncode == 0, f"{function} {event}: {said.stdout}{said.stderr}")
        answer = json.loads(said.stdout)
        expect("errorMessage" not in str(answer), f"{function} {event}: {answer}")
        print(f"{function}, {event}: {said.stdout.strip()}")
    print("from the form to the questions, the desk's door, the post and the clock: as it should be")


def ask(address, form=None):
    """The status, where it leads, and the page."""
    body = urllib.parse.urlencode(form).encode() if form else None
    request = urllib.request.Request(address, data=body)
    try:
        with DIRECTLY.open(request, timeout=PATIENCE) as answer:
            return answer.status, "", answer.read().decode(errors="replace")
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers.get("location", ""), answer.read().decode(errors="replace")


def letter(data, to):
    """The letter to somebody that is in the mailbox, or comes soon."""
    def found():
        for path in sorted((data / "mailbox").glob("*.eml")):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if to in message["to"]:
                return message.get_body(("plain",)).get_content()
        return None

    until(found, f"no letter to {to} has come")
    return found()


def link_in(text, part):
    links = [link for link in re.findall(r"https?://\S+", text) if part in link]
    expect(len(links) > 0, f"no link with {part} in the letter:\n{text}")
    return links[0]


def expect(is_so, words):
    if not is_so:
        raise SystemExit(words)


def until(is_so, words):
    end = time.monotonic() + PATIENCE
    while not is_so():
        expect(time.monotonic() < end, words)
        time.sleep(0.2)


def free_ports(count):
    """So many ports in a row that nobody has, a moment ago; answers the first."""
    for _ in range(100):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            first = probe.getsockname()[1]
        if first + count < 65_536 and not any(is_open(first + more) for more in range(count)):
            return first
    raise SystemExit("there is no free port")


def is_open(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def running(command, log):
    """A process and those it starts, which all end with this."""
    with open(log, "wb") as said:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=said, stderr=said, stdin=subprocess.DEVNULL,
            start_new_session=True, env={**os.environ, "NO_COLOR": "1"},
        )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


main()
