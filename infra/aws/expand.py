"""Prints what CloudFormation is given: the template as SAM expands it, in JSON.

cfn-lint reads the template itself without the resources that SAM adds, and so does not see a circle
that leads through them, from a function's environment to the API and back to the function.

    python infra/aws/expand.py infra/aws/template.yaml
"""

import json
import pathlib
import sys

import yaml
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator


def main(path: pathlib.Path) -> None:
    template = yaml.safe_load(path.read_text())
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            # Deploying puts the programs into a bucket first.
            resource["Properties"]["CodeUri"] = "s3://bucket/bootstrap.zip"
    parameters = template["Parameters"].items()
    defaults = {name: parameter["Default"] for name, parameter in parameters if "Default" in parameter}
    expanded = Translator({}, Parser()).translate(template, defaults)
    json.dump(expanded, sys.stdout, indent=1)


main(pathlib.Path(sys.argv[1]))
