"""Whether what a command was given has arrived: each value, each name, each flag."""

import datetime
import json
import re

from command import named, names_in

# What is for the command itself, and goes nowhere.
OF_THE_COMMAND = {
    "--region", "--output", "--profile", "--cli-read-timeout", "--cli-binary-format", "--max-items",
    "--template-file", "--output-template-file", "--no-progress",
}


def what_is_missing(command, requests, given, folder):
    """The first thing that did not arrive, in words; `given` is what stood on its standard input."""
    if not requests:
        return ""
    names = {name for one in requests for name in names_of(one)}
    values = {value for one in requests for value in values_of(one)}
    for option, words in command.options.items():
        if option in OF_THE_COMMAND:
            continue
        if not words and not any(is_set(option, one) for one in requests):
            return f"{option} did not arrive"
        if requests[0].has_names and key(option) not in names:
            return f"{option} did not arrive"
        for word in words:
            said = given if word == "file:///dev/stdin" else word
            lost = [piece for piece in pieces(said) if piece not in values]
            lost += [name for name in names_within(said) if key(name) not in names]
            if lost:
                return f"of {option} {lost} did not arrive"
    return lost_file(command, requests, folder)


def lost_file(command, requests, folder):
    if command.name == "s3 cp":
        file, place = command.rest
        is_there = (f"s3:/{requests[0].path}", requests[0].body) == (place, (folder / file).read_bytes())
        return "" if is_there else f"{file} is not at {place}"
    lost = [file for file in command.rest if not (folder / file).exists()]
    return f"{lost} is not written" if lost else ""


def pieces(word):
    """The values within a word: of JSON, of `Name=value,…`, of a moment; else the word itself."""
    if word[:1] in "[{":
        return set(values_in(json.loads(word)))
    if is_shorthand(word):
        return {pair.partition("=")[2] for pair in word.split(",")}
    if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", word):
        return {str(int(datetime.datetime.fromisoformat(word.replace("Z", "+00:00")).timestamp()))}
    return {word}


def names_within(word):
    if word[:1] in "[{":
        return set(names_in(json.loads(word)))
    return {pair.partition("=")[0] for pair in word.split(",")} if is_shorthand(word) else set()


def is_shorthand(word):
    """Whether it is `Name=value`, or several with commas between."""
    return all(re.fullmatch(r"[A-Z]\w+=[^=]+", pair) for pair in word.split(","))


def is_set(option, request):
    """Whether a flag arrived, as yes or as no."""
    name, says = named(option.removeprefix("--").removeprefix("no-")), not option.startswith("--no-")
    return request.json().get(name) is says or request.form.get(name) == str(says).lower()


def key(name):
    """How a name is compared: services write it otherwise, and a list of them in the singular."""
    return re.sub(r"^--(no-)?|-", "", name).lower().rstrip("s")


def names_of(request):
    within = [part for name in request.form for part in name.split(".")]
    xml = re.findall(r"<(\w+)", request.text)
    return {key(name) for name in [*within, *xml, *names_in(request.json())]}


def values_of(request):
    xml = re.findall(r">([^<]+)<", request.text)
    return {*request.path.split("/"), *request.headers.values(), *request.form.values(), *xml,
            *values_in(request.json())}


def values_in(value):
    """The values at the ends of JSON, as texts."""
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from values_in(inner)
    else:
        is_whole = isinstance(value, float) and value.is_integer()
        yield value if isinstance(value, str) else json.dumps(int(value) if is_whole else value)
