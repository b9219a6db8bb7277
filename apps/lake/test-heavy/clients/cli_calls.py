"""Runs the AWS CLI's own command line in this process as told: a line of JSON {service, operation, input, credentials} in, a line out."""
import contextlib
import io
import json
import os
import re
import sys

from awscli.clidriver import create_clidriver
from botocore import xform_name


def perform(call):
    os.environ["AWS_ACCESS_KEY_ID"] = call["credentials"]["accessKeyId"]
    os.environ["AWS_SECRET_ACCESS_KEY"] = call["credentials"]["secretAccessKey"]
    out, err = io.StringIO(), io.StringIO()
    arguments = [call["service"], xform_name(call["operation"], "-"), "--cli-input-json", json.dumps(call["input"]), "--output", "json"]
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = create_clidriver().main(arguments)
    if status == 0:
        return {"output": json.loads(out.getvalue() or "{}")}
    told = re.search(r"An error occurred \((\w+)\) when calling the (\w+) operation.*?: (.*)", err.getvalue(), re.DOTALL)
    if told is None:
        return {"error": {"class": "none", "code": "none", "message": err.getvalue()}}
    return {"error": {"class": told[1], "code": told[1], "message": told[3].strip()}}


for line in sys.stdin:
    print(json.dumps(perform(json.loads(line))), flush=True)
