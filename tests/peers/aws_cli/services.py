"""What AWS itself writes of its services, in the descriptions that its command line brings along.

They say which words an option may have, which the command line leaves to the service; and which names,
types and states an answer has. The operator's program reads what the stand-in answers, so what it
reads is looked at here as well.
"""

import json
import pathlib
import re
import shutil
import subprocess
import tempfile

import awscli.botocore
import awscli.botocore.session

STAND_IN = pathlib.Path(__file__).parents[3] / "infra/local/tests/data/stand-in/aws"

# What the stand-in remembers, files beside it; and what it looks for there besides.
KEPT = {"address": "http://127.0.0.1\n", "secret": "0f\\n", "secrets": "one more\n", "first": ""}
STATES = sorted(set(re.findall(r'-e "\$here/(\w+)"', STAND_IN.read_text())) - set(KEPT))

# What is in those of them that are not empty.
WORDS = {"status": "UPDATE_IN_PROGRESS\n"}

# How a type is printed; moments are texts in version 2.
TYPES = {"string": str, "timestamp": str, "boolean": bool, "integer": int, "long": int, "double": float}


def described(command):
    """The operation that a command asks for."""
    service = command.name.split()[0]
    session = awscli.botocore.session.get_session()
    model = session.get_service_model({"s3api": "s3"}.get(service, service))
    return model.operation_model(command.operations[0])


def unknown_word(command):
    """The first word that an option may not have, of those that are listed."""
    for name, shape in described(command).input_shape.members.items():
        words = command.options.get(f"--{awscli.botocore.xform_name(name, '-')}", [])
        known = getattr(shape.member if shape.type_name == "list" else shape, "enum", [])
        unknown = [word for word in words if known and word not in known]
        if unknown:
            return f"{unknown} is not one of {known}"
    return ""


def odd_answer(command):
    """What is odd in the stand-in's answers to this command."""
    shape = described(command).output_shape
    answers = stood_in(command)
    if answers and shape is None:
        return "the stand-in answers where the service does not"
    return first(odd_in(answer, shape) for answer in answers)


def stood_in(command):
    """Every answer that the stand-in has for this command."""
    answers = []
    for state in STATES:
        with tempfile.TemporaryDirectory() as folder:
            tool = pathlib.Path(shutil.copy(STAND_IN, folder))
            for name, text in {**KEPT, state: WORDS.get(state, "")}.items():
                tool.with_name(name).write_text(text)
            ran = subprocess.run(["sh", tool, *command.words], input="0f\n", capture_output=True, text=True)
        if ran.returncode == 0 and ran.stdout.strip():
            answers.append(json.loads(ran.stdout))
    return answers


def odd_in(answer, shape, place=""):
    """The first name, type or word in an answer that its service does not have."""
    if isinstance(answer, dict) and shape.type_name == "map":
        return first(odd_in(inner, shape.value, f"{place}.{name}") for name, inner in answer.items())
    if isinstance(answer, dict) and shape.type_name == "structure":
        unknown = [f"{place}.{name} is unknown" for name in answer if name not in shape.members]
        return unknown[0] if unknown else first(
            odd_in(inner, shape.members[name], f"{place}.{name}") for name, inner in answer.items())
    if isinstance(answer, list) and shape.type_name == "list":
        return first(odd_in(inner, shape.member, f"{place}[]") for inner in answer)
    if TYPES.get(shape.type_name) is not type(answer):
        return f"{place} is {answer!r}, not of the type {shape.type_name}"
    words = getattr(shape, "enum", [])
    return f"{place} is {answer!r}, not one of {words}" if words and answer not in words else ""


def first(odd):
    return next(filter(None, odd), "")
