# The peer of `throughput`: a plain loop that sends ready events, 100 a call. Usage: python boto3-loop.py URL CHANNEL_ARN FILE
import json
import sys

import boto3

url, channel, path = sys.argv[1:]
client = boto3.client(
    "cloudtrail-data",
    region_name="us-east-1",
    endpoint_url=url,
    aws_access_key_id="AKIDEXAMPLE",
    aws_secret_access_key="an-example-secret",
)


def send(events):
    answer = client.put_audit_events(channelArn=channel, auditEvents=events)
    if answer["failed"]:
        sys.exit(f"{len(answer['failed'])} events failed")


batch = []
with open(path, encoding="utf-8") as lines:
    for line in lines:
        event = json.loads(line)
        json.loads(event["eventData"])
        batch.append({"id": event["id"], "eventData": event["eventData"]})
        if len(batch) == 100:
            send(batch)
            batch = []
if batch:
    send(batch)
