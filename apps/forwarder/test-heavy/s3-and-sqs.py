"""Calls of a real S3 and SQS client: prepare, put, event, count. S3_URL is the server's address."""
import gzip
import json
import os
import sys

import boto3

url = os.environ["S3_URL"]
s3 = boto3.client("s3", endpoint_url=url, region_name="us-east-1")
sqs = boto3.client("sqs", endpoint_url=url, region_name="us-east-1")
bucket, name = "audit-logs", "audit-notices"


def lines(first, count):
    record = {"at": "2026-01-01T00:00:00Z", "what": "Test"}
    return "".join(json.dumps({**record, "id": f"m-{first + n}"}) + "\n" for n in range(count)).encode()


def queue_url():
    return sqs.get_queue_url(QueueName=name)["QueueUrl"]


def prepare():
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    told = {"QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}
    s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"QueueConfigurations": [told]}
    )
    return {"queue": queue}


def put(key, first, count, packed):
    body = lines(int(first), int(count))
    made = s3.put_object(Bucket=bucket, Key=key, Body=gzip.compress(body) if packed == "gzip" else body)
    return {"key": key, "eTag": made["ETag"].strip('"'), "versionId": made["VersionId"]}


def many(prefix, first, number):
    """Objects of 10 lines each, every second one packed; another version of the first, and a notice that names the older one, as S3's do."""
    made = [
        put(f"{prefix}{n}.jsonl", int(first) + n * 10, 10, "gzip" if n % 2 == 0 else "plain") for n in range(int(number))
    ]
    put(f"{prefix}0.jsonl", int(first) + int(number) * 10, 10, "plain")
    told = {"bucket": {"name": bucket}, "object": made[0]}
    return send(json.dumps({"Records": [{"eventName": "ObjectCreated:Put", "s3": told}]}))


def delete(key):
    s3.delete_object(Bucket=bucket, Key=key)
    return {}


def send(body):
    sqs.send_message(QueueUrl=queue_url(), MessageBody=body)
    return {}


def count():
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = sqs.get_queue_attributes(QueueUrl=queue_url(), AttributeNames=names)["Attributes"]
    return {"left": sum(int(found[one]) for one in names)}


print(json.dumps({"prepare": prepare, "put": put, "many": many, "delete": delete, "send": send, "count": count}[sys.argv[1]](*sys.argv[2:])))
