"""Takes on a role with boto3 as a user's script would. Ends with "N checks passed"; an assertion ends it otherwise."""
import json
import os
import time

import boto3
import botocore.exceptions

role_arn, channel_arn = (os.environ[name] for name in ("ROLE_ARN", "CHANNEL_ARN"))
passed = 0


def check(what, true):
    global passed
    assert true, what
    passed += 1


def code_of(call, **parameters):
    try:
        call(**parameters)
    except botocore.exceptions.ClientError as error:
        return error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]
    return "accepted"


def event(uid):
    return {
        "id": uid,
        "eventData": json.dumps(
            {
                "version": "1.0",
                "userIdentity": {"type": "CustomUser", "principalId": "alice"},
                "eventSource": "custom.example.com",
                "eventName": "Login",
                "eventTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                "UID": uid,
                "recipientAccountId": "111122223333",
            }
        ),
    }


sts = boto3.client("sts")
asked = {"RoleArn": role_arn, "RoleSessionName": "boto3", "ExternalId": "ext-1"}
answer = sts.assume_role(**asked, DurationSeconds=900)
credentials = answer["Credentials"]
left = (credentials["Expiration"].timestamp() - time.time())
check("expiration", 840 < left <= 901)
check("assumed role user", answer["AssumedRoleUser"]["Arn"].endswith(":assumed-role/shipper/boto3"))


def session_of(credentials):
    return boto3.Session(
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )


session = session_of(credentials)
check("who", session.client("sts").get_caller_identity()["Arn"] == answer["AssumedRoleUser"]["Arn"])
check("id", session.client("sts").get_caller_identity()["UserId"] == answer["AssumedRoleUser"]["AssumedRoleId"])
put = session.client("cloudtrail-data").put_audit_events(channelArn=channel_arn, auditEvents=[event("b1")])
check("put", [one["id"] for one in put["successful"]] == ["b1"] and put["failed"] == [])
check("list", session.client("cloudtrail").list_channels()["Channels"] == [])
check("what the role may not", code_of(session.client("cloudtrail").list_event_data_stores) == ("AccessDeniedException", 403))

# A session policy can only take away.
narrow = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "cloudtrail:*", "Resource": "*"}})
narrowed = session_of(sts.assume_role(**asked, Policy=narrow)["Credentials"])
check("still not", code_of(narrowed.client("cloudtrail").list_event_data_stores) == ("AccessDeniedException", 403))
check(
    "no longer",
    code_of(narrowed.client("cloudtrail-data").put_audit_events, channelArn=channel_arn, auditEvents=[event("b2")])[0]
    == "AccessDeniedException",
)

check("external id", code_of(sts.assume_role, **{**asked, "ExternalId": "ext-2"}) == ("AccessDenied", 403))
check("no such role", code_of(sts.assume_role, **{**asked, "RoleArn": f"{role_arn}x"}) == ("AccessDenied", 403))
check("too long", code_of(sts.assume_role, **asked, DurationSeconds=7200) == ("ValidationError", 400))
check("a policy that is none", code_of(sts.assume_role, **asked, Policy="{}") == ("MalformedPolicyDocument", 400))
wrong = boto3.Session(aws_access_key_id="TRIBAAAAAAAAAAAAAAAA", aws_secret_access_key="wrong")
check("unknown key", code_of(wrong.client("sts").get_caller_identity) == ("SignatureDoesNotMatch", 403))

own = session_of(sts.get_session_token(DurationSeconds=900)["Credentials"])
check("a user's own session", own.client("sts").get_caller_identity()["Arn"].endswith(":user/partner"))
check("makes no other", code_of(own.client("sts").get_session_token) == ("AccessDenied", 403))
check("chained", own.client("sts").assume_role(**asked)["AssumedRoleUser"]["Arn"].endswith("/boto3"))

# A profile: boto3 takes on the role by itself, and asks a process again before the session ends.
chain = boto3.Session(profile_name="shipper")
check("role_arn and source_profile", ":assumed-role/shipper/" in chain.client("sts").get_caller_identity()["Arn"])
process = boto3.Session(profile_name="process")
client = process.client("sts")
ids = set()
end = time.monotonic() + 3
while time.monotonic() < end:
    check("credential_process", client.get_caller_identity()["Arn"].endswith("/shipper/process"))
    ids.add(process.get_credentials().get_frozen_credentials().access_key)
check("sessions of two seconds are renewed in time", len(ids) > 1)

# One that has ended.
old = boto3.Session(
    aws_access_key_id=os.environ["OLD_KEY"],
    aws_secret_access_key=os.environ["OLD_SECRET"],
    aws_session_token=os.environ["OLD_TOKEN"],
)
until = time.monotonic() + 30
while code_of(old.client("sts").get_caller_identity) == "accepted" and time.monotonic() < until:
    pass
check("sts", code_of(old.client("sts").get_caller_identity) == ("ExpiredToken", 403))
control = old.client("cloudtrail")
check("control plane", code_of(control.list_channels)[0] == "ExpiredTokenException")
data = old.client("cloudtrail-data")
check(
    "data plane",
    code_of(data.put_audit_events, channelArn=channel_arn, auditEvents=[event("b3")]) == ("ExpiredTokenException", 403),
)

print(f"boto3 {boto3.__version__}: {passed} checks passed")
