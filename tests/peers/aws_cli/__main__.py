"""The operator's commands, read by AWS's own command line (`aws`, version 2, of Debian's package awscli).

    python tests/peers/aws_cli cargo test --test cloud

The tests run against a stand-in that looks at no option. It notes what it is asked (ANTEROOM_ASKED),
and each kind of command is run here once more, word for word, with the real one: it must read every
word, ask for the operation that the command names, in our region, and bring there what was given, in
words that the service knows.
Where the operator's program looks for the code of a refusal, that must be found in what is said; and
the stand-in's answers must have the names, types and states that AWS's description of the service has.

AWS is asked nothing: `cloud.py` stands in its place, on loopback. What Debian's version is too old for
is read by the newest that there is of version 1 (PyPI awscli), which knows the same services. The
commands that infra/README.md has somebody type are tried as well.
"""

import concurrent.futures
import contextlib
import functools
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

import yaml

from arrived import what_is_missing
from cloud import REGION, Certificate, Cloud
from command import kinds, noted, typed
from services import odd_answer, unknown_word

ROOT = pathlib.Path(__file__).parents[3]
MANUAL = ROOT / "infra/README.md"
TEMPLATE, PACKAGED = "infra/aws/template.yaml", "target/lambda/packaged.yaml"

# A check that has seen less has not seen what the operator's program asks.
KINDS_MIN = 30

# Of a house with a second secret; nobody's.
SECRETS = f"{'0f' * 32}\nhaven {'a5' * 32}\n"

# What version 2 got after Debian's 2.9.19.
NEWER = ["cloudformation describe-events", "dynamodb update-table"]

# The codes that the operator's program looks for, with the status that they come with.
REFUSALS = [
    ("cloudformation describe-stacks", 400, "ValidationError"),
    ("dynamodb describe-table", 400, "ResourceNotFoundException"),
    ("dynamodb delete-table", 400, "ResourceNotFoundException"),
    ("dynamodb restore-table-to-point-in-time", 400, "TableAlreadyExistsException"),
    ("ssm get-parameter", 400, "ParameterNotFound"),
    ("ssm delete-parameter", 400, "ParameterNotFound"),
    ("sesv2 get-email-identity", 404, "NotFoundException"),
    ("s3api head-bucket", 403, "403"),
    ("s3api head-bucket", 404, "404"),
]


def main(tests):
    second = version_two()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        commands = kinds(asked_by(tests, folder))
        place = Place(folder, second, {command.profile for command in commands} - {None})
        # What the first writes, another copies.
        first = [command for command in commands if command.name == "cloudformation package"]
        tried = [place.packages(command) for command in first]
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as several:
            tried += several.map(place.tries, [one for one in commands if one not in first])
            of_name = {command.name: command for command in commands}
            tried += several.map(lambda one: place.is_refused(of_name.get(one[0]), *one), REFUSALS)
            tried += several.map(lambda one: place.is_typed(*one), typed(MANUAL.read_text()))
    tried += [Tried(f"{len(commands)} kinds of command", too_few(commands)), every_code()]
    for one in tried:
        print(f"{'wrong' if one.wrong else 'ok':5} {one.what}{': ' * bool(one.wrong)}{one.wrong}")
    failed = sum(bool(one.wrong) for one in tried)
    print(f"{len(tried) - failed} passed, {failed} failed")
    return 1 if failed else 0


def version_two():
    """The first command of the PATH that is version 2."""
    for folder in os.get_exec_path():
        aws = pathlib.Path(folder, "aws")
        if os.access(aws, os.X_OK):
            said = subprocess.run([aws, "--version"], capture_output=True, text=True)
            if said.stdout.startswith("aws-cli/2."):
                print(f"{said.stdout.split()[0]}, and aws-cli/{version_one()} for what is newer")
                return [aws]
    raise SystemExit("there is no `aws` of version 2 on the PATH: install it (Debian's package awscli)")


@functools.cache
def version_one():
    said = subprocess.run([*VERSION_ONE, "--version"], capture_output=True, text=True, check=True)
    return said.stdout.removeprefix("aws-cli/").split()[0]


VERSION_ONE = [sys.executable, "-W", "ignore", "-m", "awscli"]


def asked_by(tests, folder):
    """Every command that the tests ask of the stand-in."""
    asked = folder / "asked"
    asked.mkdir()
    ran = subprocess.run(tests, env={**os.environ, "ANTEROOM_ASKED": str(asked)})
    if ran.returncode:
        raise SystemExit("the tests fail")
    return [noted(file.read_bytes()) for file in sorted(asked.iterdir())]


class Tried:
    """What was tried, what is wrong with it (nothing, if it is right), and what it asked for."""

    def __init__(self, what, wrong="", asked=()):
        self.what, self.wrong, self.asked = what, wrong, asked


class Place:
    """Where commands are run: an operator's folder, and an account that exists nowhere."""

    def __init__(self, folder, second, profiles):
        self.folder, self.second = folder, second
        self.certificate = Certificate(folder)
        self.programs = lay_out(folder)
        keys = "aws_access_key_id = AKIDOFPROFILE\naws_secret_access_key = of a profile\n"
        sections = [(f"[profile {name}]\nregion = {REGION}\n", f"[{name}]\n{keys}") for name in profiles]
        (folder / "config").write_text("".join(config for config, _ in sections))
        (folder / "credentials").write_text("".join(keys for _, keys in sections))

    def run(self, aws, words, cloud, given=""):
        """As the operator's program runs it, but for where it leads."""
        surroundings = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "HTTPS_PROXY": cloud.address,
            "AWS_CA_BUNDLE": str(self.certificate.path),
            "AWS_CONFIG_FILE": str(self.folder / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(self.folder / "credentials"),
            "AWS_ACCESS_KEY_ID": "AKIDOFNOBODY",
            "AWS_SECRET_ACCESS_KEY": "of nobody",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_MAX_ATTEMPTS": "1",
            "AWS_PAGER": "",
            "AWS_CLI_ERROR_FORMAT": "legacy",
            "AWS_CLI_AUTO_PROMPT": "off",
        }
        return subprocess.run(
            [*aws, *words], cwd=self.folder, env=surroundings, input=given, capture_output=True,
            text=True, timeout=120,
        )

    def tries(self, command):
        """Whether it is read, and leads where it should."""
        what, given = command.spelled, SECRETS if command.reads_input else ""
        with Cloud(self.certificate) as cloud:
            ran = self.run(self.second, command.words, cloud, given)
            if ran.returncode == 252 and command.name in NEWER:
                what += f" (newer than Debian's: read by version {version_one()})"
                ran = self.run(VERSION_ONE, command.words, cloud, given)
        if ran.returncode:
            return Tried(what, f"ends with {ran.returncode}: {in_a_line(ran.stderr)}")
        wrong = strayed(command, cloud.asked) or answered_oddly(command, ran.stdout)
        wrong = wrong or what_is_missing(command, cloud.asked, given, self.folder)
        if command.is_described:
            wrong = wrong or unknown_word(command) or odd_answer(command)
        return Tried(what, wrong, cloud.asked)

    def is_typed(self, line, command):
        """Whether somebody who types this is understood."""
        with Cloud(self.certificate) as cloud:
            ran = self.run(self.second, [*command.words, "--region", REGION], cloud)
        wrong = f"ends with {ran.returncode}: {in_a_line(ran.stderr)}" if ran.returncode else ""
        return Tried(line, wrong or strayed(command, cloud.asked))

    def is_refused(self, command, name, status, code):
        """Whether the code of a refusal is said where the operator's program looks for it."""
        what = f"{name}, refused with {code}"
        if command is None:
            return Tried(what, "the tests do not ask it")
        with Cloud(self.certificate, (status, code)) as cloud:
            ran = self.run(self.second, command.words, cloud)
        said = rf"\s*An error occurred \({code}\) when calling the {command.operations[0]} operation.*: "
        is_said = ran.returncode and re.match(said, ran.stderr)
        return Tried(what, "" if is_said else f"{ran.returncode}: {in_a_line(ran.stderr)}")

    def packages(self, command):
        """Whether all programs are uploaded, and the template says nothing else than before."""
        tried = self.tries(command)
        if tried.wrong:
            return tried
        before, after = (yaml.safe_load((self.folder / file).read_text()) for file in (TEMPLATE, PACKAGED))
        uploaded = {f"s3:/{one.path}": one.body for one in tried.asked if one.operation == "PutObject"}
        rewritten = 0
        for name, resource in after["Resources"].items():
            place = resource.get("Properties", {}).get("CodeUri")
            if place is None:
                continue
            ours = before["Resources"][name]["Properties"]
            program = (self.folder / TEMPLATE).parent / ours["CodeUri"]
            if uploaded.get(place) != program.read_bytes():
                return Tried(tried.what, f"{name} has {place}, and that is not what was uploaded")
            ours["CodeUri"], rewritten = place, rewritten + 1
        if rewritten != self.programs:
            return Tried(tried.what, f"{rewritten} of {self.programs} programs are uploaded")
        if before != after:
            return Tried(tried.what, "the template says something else than before")
        return Tried(f"{tried.what} ({rewritten} programs)")


def lay_out(folder):
    """A checkout whose programs are built; answers how many there are."""
    for file in (TEMPLATE, PACKAGED):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / TEMPLATE, folder / file)
    programs = re.findall(r"CodeUri: (\S+)", (ROOT / TEMPLATE).read_text())
    for program in programs:
        zipped = (folder / TEMPLATE).parent / program
        zipped.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(zipped, "w") as one:
            one.writestr("bootstrap", program)
    return len(programs)


def strayed(command, asked):
    """What was asked for besides or instead of what the command names, or elsewhere."""
    operations = {one.operation for one in asked}
    if operations != set(command.operations):
        return f"it asks for {operations}, not for {command.operations}"
    elsewhere = [one.host for one in asked if f".{REGION}." not in one.host]
    return f"it asks {elsewhere}" if elsewhere else ""


def answered_oddly(command, said):
    """What is wrong with what a command prints."""
    match command.name:
        case "--version":
            is_so = re.match(r"aws-cli/2\.\d+\.\d+ ", said)
        case "configure get":
            is_so = said.strip() == REGION
        case "configure export-credentials":
            names = ("AccessKeyId", "SecretAccessKey")
            is_so = [json.loads(said)[name] for name in names] == ["AKIDOFPROFILE", "of a profile"]
        case "cloudformation package" | "s3 cp":
            is_so = True
        case _:
            # What is printed is JSON, or nothing.
            with contextlib.suppress(ValueError):
                json.loads(said or "{}")
                return ""
            is_so = False
    return "" if is_so else f"it says {said!r}"


def too_few(commands):
    return "" if KINDS_MIN <= len(commands) else f"the tests ask at least {KINDS_MIN}"


def every_code():
    """That no code is looked for in the operator's program which is not tried here."""
    sources = (ROOT / "infra/operate/src").rglob("*.rs")
    tests = re.compile(r"#\[cfg\(test\)\].*", re.DOTALL)
    looked_for = {code for source in sources
                  for code in re.findall(r'\.is\("(\w+)"\)', tests.sub("", source.read_text()))}
    tried = {code for _, _, code in REFUSALS}
    left = sorted(looked_for - tried)
    return Tried("every code that is looked for", f"{left} are not tried" if left else "")


def in_a_line(said):
    """What is wrong, without how the command is used."""
    return " ".join(said.rpartition("aws: error:")[2].split())[:400]


sys.exit(main(sys.argv[1:] or sys.exit(__doc__)))
