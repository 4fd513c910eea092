"""One command: as the stand-in noted it, or as somebody is told to type it."""

import json
import re
import shlex

# What every command ends with.
EVERYWHERE = ["--region", "--output"]

# Commands that are more than one operation of their name, or other than it.
OPERATIONS = {
    "cloudformation package": ["HeadObject", "PutObject"],
    "cloudformation wait stack-update-complete": ["DescribeStacks"],
    "dynamodb wait table-exists": ["DescribeTable"],
    "s3 cp": ["PutObject"],
    "logs tail": ["FilterLogEvents"],
    "configure get": [],
    "configure export-credentials": [],
    "--version": [],
}

# What stands for what, in commands that are told.
PLACES = {
    "ARN": "arn:aws:acm:eu-central-1:111122223333:certificate/1a-2b",
    "URL": "https://sqs.eu-central-1.amazonaws.com/111122223333/anteroom-post",
}


class Command:
    """Its name, such as `dynamodb delete-table`; its options, each with its values; and the rest."""

    def __init__(self, words):
        self.words = words
        heads = []
        for word in self.words:
            if word.startswith("-") or len(heads) == (3 if "wait" in heads else 2):
                break
            heads.append(word)
        self.name = " ".join(heads) or self.words[0]
        self.options, self.rest = self._options(self.words[len(heads):])

    def _options(self, words):
        """Each option has one value, but for flags and one list."""
        options, rest = {}, []
        for at, word in enumerate(words):
            if word.startswith("--"):
                options[word] = []
            elif re.match("--(?!no-)", words[at - 1]) or list(options)[-1:] == ["--capabilities"]:
                options[list(options)[-1]].append(word)
            else:
                rest.append(word)
        return options, rest

    @property
    def profile(self):
        return next(iter(self.options.get("--profile", [])), None)

    @property
    def reads_input(self):
        return "file:///dev/stdin" in self.words

    @property
    def is_described(self):
        """Whether it is one operation of a service, with its words, and prints what that answers."""
        return self.name not in OPERATIONS

    @property
    def operations(self):
        """What it must ask for, in the words of the service."""
        return OPERATIONS[self.name] if self.name in OPERATIONS else [named(self.name.split()[1])]

    @property
    def spelled(self):
        """Its kind, as one would say it."""
        name, options, names = self.kind
        shown = [option for option in options if option not in (*EVERYWHERE, name)]
        return " ".join([name, *shown]) + (f" (of {', '.join(names)})" if names else "")

    @property
    def kind(self):
        """Commands of one kind have the same options, and the same names in what is JSON of them."""
        texts = (value for values in self.options.values() for value in values if value[:1] in "[{")
        names = {name for text in texts for name in names_in(json.loads(text))}
        return self.name, tuple(self.options), tuple(sorted(names))


def noted(words):
    """A command of the stand-in's notes: a zero byte is behind every word."""
    return Command(words.decode().split("\0")[:-1])


def typed(page):
    """The commands that a page has somebody type, each with the words of the page."""
    lines = re.findall(r"^(aws [^#\n]+)|`(aws [^`\n]+ --[^`\n]+)`", page, re.MULTILINE)
    for line in (first.strip() or second for first, second in lines):
        words = [PLACES.get(word, word) for word in shlex.split(line)[1:]]
        yield line, Command(words)


def kinds(commands):
    """One command of each kind, by name."""
    return sorted({command.kind: command for command in commands}.values(), key=lambda one: one.kind)


def named(words):
    """`describe-stacks` as `DescribeStacks`."""
    return re.sub(r"-?\b([a-z])", lambda first: first[1].upper(), words)


def names_in(value):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from names_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from names_in(inner)
