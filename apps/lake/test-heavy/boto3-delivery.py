"""What the owner of an S3 server does around a delivery, with boto3: "prepare" makes a user with a key and a bucket, "check" reads
what was delivered and checks it as the format says. Each prints JSON."""
import gzip
import hashlib
import json
import os
import sys

import boto3

bucket = "audit-results"


def prepare(s3_url):
    iam = boto3.client("iam", endpoint_url=s3_url)
    iam.create_user(UserName="lake")
    # All of S3: moto has an action of its own for heading a bucket.
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    iam.put_user_policy(UserName="lake", PolicyName="deliver", PolicyDocument=json.dumps(policy))
    boto3.client("s3", endpoint_url=s3_url).create_bucket(Bucket=bucket)
    key = iam.create_access_key(UserName="lake")["AccessKey"]
    return {"accessKeyId": key["AccessKeyId"], "secretAccessKey": key["SecretAccessKey"]}


def check(s3_url, prefix, lake_url, lake_key, lake_secret):
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    s3 = boto3.client("s3", endpoint_url=s3_url)
    listed = s3.list_objects_v2(Bucket=bucket, Prefix=prefix)["Contents"]
    files = {item["Key"]: s3.get_object(Bucket=bucket, Key=item["Key"])["Body"].read() for item in listed}
    [sign_key] = [key for key in files if key.endswith("/result_sign.json")]
    sign = json.loads(files[sign_key])
    folder = sign_key[: -len("result_sign.json")]
    for entry in sign["files"]:
        assert hashlib.sha256(files[folder + entry["fileName"]]).hexdigest() == entry["fileHashValue"], entry
    lake = boto3.client(
        "cloudtrail", endpoint_url=lake_url, aws_access_key_id=lake_key, aws_secret_access_key=lake_secret
    )
    at = sign["queryCompleteTime"]
    keys = lake.list_public_keys(StartTime=at, EndTime=at)["PublicKeyList"]
    [value] = [key["Value"] for key in keys if key["Fingerprint"] == sign["publicKeyFingerprint"]]
    signed = " ".join(entry["fileHashValue"] for entry in sign["files"]).encode()
    # Throws for a signature that is not the key's.
    load_der_public_key(value).verify(
        bytes.fromhex(sign["hashSignature"]), signed, padding.PKCS1v15(), hashes.SHA256()
    )
    return {
        "keys": sorted(files),
        "text": "".join(gzip.decompress(files[folder + entry["fileName"]]).decode() for entry in sign["files"]),
    }


command, *given = sys.argv[1:]
print(json.dumps({"prepare": prepare, "check": check}[command](os.environ["S3_URL"], *given)))
