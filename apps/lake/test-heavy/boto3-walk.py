"""Walks through the lake with boto3 as a user's script would. Ends with "N checks passed"; an assertion ends it otherwise."""
import base64
import datetime
import hashlib
import json
import time

import boto3

control = boto3.client("cloudtrail")
data = boto3.client("cloudtrail-data")
passed = 0


def check(what, true):
    global passed
    assert true, what
    passed += 1


store = control.create_event_data_store(
    Name="boto3-events",
    MultiRegionEnabled=False,
    AdvancedEventSelectors=[{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["ActivityAuditLog"]}]}],
)
check("default retention", store["RetentionPeriod"] == 366)
check("status", store["Status"] in ("CREATED", "ENABLED"))
got = control.get_event_data_store(EventDataStore=store["EventDataStoreArn"])
check("get", got["Name"] == "boto3-events" and got["CreatedTimestamp"].year >= 2020)
channel = control.create_channel(
    Name="boto3-channel",
    Source="GitHub",
    Destinations=[{"Type": "EVENT_DATA_STORE", "Location": store["EventDataStoreArn"]}],
)
arn = channel["ChannelArn"]
try:
    control.get_channel(Channel=arn[:-4] + "0000")
    check("not found is raised", False)
except control.exceptions.ChannelNotFoundException as error:
    check("not found is 404", error.response["ResponseMetadata"]["HTTPStatusCode"] == 404)
try:
    control.get_resource_policy(ResourceArn=arn)
    check("no policy is raised", False)
except control.exceptions.ResourcePolicyNotFoundException:
    check("no policy", True)
try:
    control.create_channel(Name="x1x", Source="Nowhere", Destinations=channel["Destinations"])
    check("source is refused", False)
except control.exceptions.InvalidSourceException:
    check("source", True)


def entry(n, **more):
    event = {
        "version": "1.0",
        "userIdentity": {"type": "User", "principalId": f"user-{n % 7}", "details": {"big": 2**63}},
        "eventSource": "github.audit.streaming",
        "eventName": "repo.create",
        "eventTime": "2026-11-19T08:00:%02dZ" % (n % 60),
        "UID": f"boto-{n}",
        "recipientAccountId": "111122223333",
        "additionalEventData": {"text": "é 😀 \u2028", "n": n},
    }
    event.update(more)
    text = json.dumps(event, ensure_ascii=n % 2 == 0)
    return {"id": f"boto-{n}", "eventData": text, "eventDataChecksum": base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}


answer = data.put_audit_events(channelArn=arn, auditEvents=[entry(n) for n in range(100)])
check("hundred", len(answer["successful"]) == 100 and answer["failed"] == [])
check("request id", len(answer["ResponseMetadata"]["RequestId"]) > 0)
again = data.put_audit_events(channelArn=arn, auditEvents=[entry(n) for n in range(100)])
check("a resend gets the same ids", again["successful"] == answer["successful"])
mixed = data.put_audit_events(channelArn=arn, auditEvents=[entry(100), entry(101, recipientAccountId="999999999999"), entry(102, eventTime="yesterday")])
check("mixed", [e["errorCode"] for e in mixed["failed"]] == ["InvalidRecipient", "InvalidData"] and mixed["successful"][0]["id"] == "boto-100")
try:
    data.put_audit_events(channelArn=arn, auditEvents=[entry(1), entry(1)])
    check("duplicate is raised", False)
except data.exceptions.DuplicatedAuditEventId:
    check("duplicate", True)
try:
    data.put_audit_events(channelArn=arn[:-4] + "0000", auditEvents=[entry(1)])
    check("no channel is raised", False)
except data.exceptions.ChannelNotFound:
    check("no channel", True)
try:
    data.put_audit_events(channelArn=arn, auditEvents=[entry(n) for n in range(101)])
    check("101 are refused", False)
except data.exceptions.ClientError as error:
    check("101", error.response["Error"]["Code"] == "ValidationException")

store_id = store["EventDataStoreArn"].split("/")[1]


def ask(statement):
    query = control.start_query(QueryStatement=statement)["QueryId"]
    for _ in range(600):
        described = control.describe_query(QueryId=query)
        if described["QueryStatus"] not in ("QUEUED", "RUNNING"):
            break
        time.sleep(0.05)
    assert described["QueryStatus"] == "FINISHED", described
    rows, token = [], None
    while True:
        page = control.get_query_results(QueryId=query, MaxQueryResults=40, **({"NextToken": token} if token else {}))
        rows += page["QueryResultRows"]
        token = page.get("NextToken")
        if not token:
            return rows


rows = ask(f"SELECT eventData.UID, element_at(eventData.additionalEventData, 'text') FROM {store_id} ORDER BY 1")
check("each once", len(rows) == 101 and len({row[0]["UID"] for row in rows}) == 101)
check("text survives", all(list(row[1].values())[0] == "é 😀 \u2028" for row in rows))
check("counts", ask(f"SELECT count(*) FROM {store_id} WHERE eventData.userIdentity.principalId = 'user-3'")[0] == [{"_col0": "14"}])
try:
    control.start_query(QueryStatement="SELECT * FROM read_text('/etc/passwd')")
    check("host files are refused", False)
except control.exceptions.InvalidQueryStatementException:
    check("host files", True)
try:
    control.start_query(QueryStatement="SELECT 1 FROM 00000000-0000-4000-8000-000000000000")
    check("unknown store is refused", False)
except control.exceptions.EventDataStoreNotFoundException:
    check("unknown store", True)

begin = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=1)
listed, token = [], None
while True:
    page = control.list_queries(EventDataStore=store_id, StartTime=begin, QueryStatus="FINISHED", MaxResults=1, **({"NextToken": token} if token else {}))
    listed += page["Queries"]
    token = page.get("NextToken")
    if not token:
        break
check("queries are listed", len(listed) == 2 and all(query["QueryStatus"] == "FINISHED" and query["CreationTime"] > begin for query in listed))
try:
    control.list_queries(EventDataStore=store_id, StartTime=begin, EndTime=begin)
    check("an empty range is refused", False)
except control.exceptions.InvalidDateRangeException:
    check("an empty range", True)
updated = control.update_event_data_store(EventDataStore=store_id, Name="boto3-renamed", RetentionPeriod=30, TerminationProtectionEnabled=False)
check("update", updated["Name"] == "boto3-renamed" and updated["RetentionPeriod"] == 30 and updated["UpdatedTimestamp"] >= updated["CreatedTimestamp"])
try:
    control.update_event_data_store(EventDataStore=store_id, BillingMode="FIXED_RETENTION_PRICING")
    check("the fixed price is refused", False)
except control.exceptions.InvalidParameterException:
    check("the fixed price", True)
try:
    control.update_event_data_store(EventDataStore=store_id, KmsKeyId="alias/key")
    check("a key is refused", False)
except control.exceptions.KmsKeyNotFoundException:
    check("a key", True)
for change in (control.start_event_data_store_ingestion, control.stop_event_data_store_ingestion):
    try:
        change(EventDataStore=store_id)
        check("a change of ingestion is refused", False)
    except control.exceptions.InvalidEventDataStoreCategoryException:
        check("a change of ingestion", True)
try:
    control.register_organization_delegated_admin(MemberAccountId="111122223333")
    check("unsupported is raised", False)
except control.exceptions.ClientError as error:
    check("unsupported", error.response["Error"]["Code"] == "UnsupportedOperationException")

print(f"boto3 {boto3.__version__}: {passed} checks passed")
