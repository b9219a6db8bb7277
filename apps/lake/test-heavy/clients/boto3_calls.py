"""Calls boto3 as told: a line of JSON {service, operation, input, credentials} in, a line {output} or {error} out."""
import json
import sys

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError


def perform(call):
    credentials = call["credentials"]
    client = boto3.client(
        call["service"],
        aws_access_key_id=credentials["accessKeyId"],
        aws_secret_access_key=credentials["secretAccessKey"],
        config=Config(parameter_validation=False, retries={"total_max_attempts": 1}),
    )
    try:
        return {"output": getattr(client, xform_name(call["operation"]))(**call["input"])}
    except ClientError as error:
        response = error.response
        return {
            "error": {
                "class": type(error).__name__,
                "code": response["Error"]["Code"],
                "status": response["ResponseMetadata"]["HTTPStatusCode"],
                "message": response["Error"]["Message"],
            }
        }


for line in sys.stdin:
    print(json.dumps(perform(json.loads(line)), default=str), flush=True)
