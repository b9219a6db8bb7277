import { createHash, createPublicKey, verify } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { CloudTrailClient, ListPublicKeysCommand } from "@aws-sdk/client-cloudtrail";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseCsv } from "./parse-csv.ts";
import { type Answer, type Key, TestLake, account, entry, otherAccount, run } from "./test-lake.ts";

interface SignFile {
  readonly files: readonly { readonly fileHashValue: string; readonly fileName: string }[];
  readonly queryCompleteTime: string;
  readonly hashSignature: string;
  readonly publicKeyFingerprint: string;
}

const folder = mkdtempSync(join(tmpdir(), "tributary-delivery-"));
const buckets = join(folder, "buckets");
let lake: TestLake;
let store: string;
let partner: Key;

const start = (statement: string, DeliveryS3Uri: string, key?: Key): Promise<Answer> =>
  lake.control("StartQuery", { QueryStatement: statement, DeliveryS3Uri }, { key });

/** The first answer of DescribeQuery whose delivery has ended. */
async function delivered(queryId: unknown): Promise<Answer["json"]> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const { json } = await lake.control("DescribeQuery", { QueryId: queryId });
    if (json["DeliveryStatus"] !== "PENDING") return json;
    if (performance.now() > deadline) throw new Error(`The delivery stayed PENDING: ${JSON.stringify(json)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Where the one query under a prefix was delivered. */
function deliveredTo(queryId: unknown, ...prefix: readonly string[]): string {
  const at = join(buckets, account, ...prefix, "AWSLogs", account, "CloudTrail-Lake", "Query");
  const found = readdirSync(at, { recursive: true, encoding: "utf8" }).find((path) => path.endsWith(String(queryId)));
  expect(found).toMatch(/^\d{4}\/\d\d\/\d\d\//);
  return join(at, found!);
}

const signFileIn = (path: string): SignFile =>
  JSON.parse(readFileSync(join(path, "result_sign.json"), "utf8")) as SignFile;

/** As `aws cloudtrail verify-query-results` does it: hashes, key by time and fingerprint, signature. */
async function verified(path: string): Promise<boolean> {
  const signFile = signFileIn(path);
  const intact = signFile.files.every(
    ({ fileName, fileHashValue }) =>
      createHash("sha256")
        .update(readFileSync(join(path, fileName)))
        .digest("hex") === fileHashValue,
  );
  const client = new CloudTrailClient({ region: "us-east-1", endpoint: lake.url, credentials: lake.admin });
  const at = new Date(signFile.queryCompleteTime);
  const { PublicKeyList = [] } = await client.send(new ListPublicKeysCommand({ StartTime: at, EndTime: at }));
  client.destroy();
  const listed = PublicKeyList.find(({ Fingerprint }) => Fingerprint === signFile.publicKeyFingerprint);
  const key = createPublicKey({ key: Buffer.from(listed!.Value!), format: "der", type: "pkcs1" });
  const text = signFile.files.map(({ fileHashValue }) => fileHashValue).join(" ");
  return intact && verify("sha256", Buffer.from(text), key, Buffer.from(signFile.hashSignature, "hex"));
}

beforeAll(async () => {
  mkdirSync(join(buckets, account, "results"), { recursive: true });
  mkdirSync(join(buckets, account, "going"), { recursive: true });
  mkdirSync(join(folder, "outside"));
  symlinkSync(join(folder, "outside"), join(buckets, account, "linked"));
  symlinkSync(join(folder, "outside"), join(buckets, account, "results", "away"));
  lake = await TestLake.start({ deliveryDirectory: buckets, queryTimeoutMs: 20_000 });
  partner = await lake.identity(otherAccount, "partner");
  const storeArn = await lake.store();
  store = storeArn.split("/")[1]!;
  await lake.put(await lake.channel([storeArn]), [
    entry("a", { eventName: 'say "hi", twice\r\nor not' }),
    entry("b", { errorCode: "" }),
  ]);
});
afterAll(async () => {
  await lake.close();
  rmSync(folder, { recursive: true, force: true });
});

test("a result is delivered as AWS lays it out, with the rows that GetQueryResults shows, and its signature verifies", async () => {
  const statement = `SELECT eventData.UID AS uid, eventData.eventName AS name, eventData.errorCode AS "error, code" FROM ${store} ORDER BY 1`;
  const { json } = await start(statement, "s3://results/team/daily/");
  const { QueryId } = json;
  expect(await delivered(QueryId)).toMatchObject({
    QueryStatus: "FINISHED",
    DeliveryStatus: "SUCCESS",
    DeliveryS3Uri: "s3://results/team/daily/",
  });
  const path = deliveredTo(QueryId, "results", "team", "daily");
  expect(readdirSync(path).toSorted()).toEqual(["result_1.csv.gz", "result_sign.json"]);
  const [header, ...rows] = parseCsv(gunzipSync(readFileSync(join(path, "result_1.csv.gz"))).toString("utf8"));
  const shown = (await lake.control("GetQueryResults", { QueryId })).json["QueryResultRows"] as Record<
    string,
    string
  >[][];
  expect(header).toEqual(["uid", "name", "error, code"]);
  expect(rows.map((row) => row.map((value, at) => ({ [header![at]!]: value ?? "" })))).toEqual(shown);
  expect(rows[0]![1]).toBe('say "hi", twice\r\nor not');
  expect(rows).toHaveLength(2);
  expect(signFileIn(path)).toMatchObject({
    version: "1.0",
    region: "us-east-1",
    hashAlgorithm: "SHA-256",
    signatureAlgorithm: "SHA256withRSA",
    queryCompleteTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
    hashSignature: expect.stringMatching(/^[0-9a-f]{512}$/) as string,
    publicKeyFingerprint: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
  });
  expect(await verified(path)).toBe(true);
});

test("no rows are a file with the header alone", async () => {
  const { QueryId } = (await start(`SELECT eventData.UID AS uid FROM ${store} WHERE 1 = 0`, "s3://results")).json;
  expect((await delivered(QueryId))["DeliveryStatus"]).toBe("SUCCESS");
  const path = deliveredTo(QueryId, "results");
  expect(gunzipSync(readFileSync(join(path, "result_1.csv.gz"))).toString()).toBe("uid\r\n");
  expect(await verified(path)).toBe(true);
});

/** Of the key that signs a new delivery. */
const fingerprint = async (): Promise<string> => {
  const { QueryId } = (await start(`SELECT 1 FROM ${store}`, "s3://results/key")).json;
  await delivered(QueryId);
  const path = deliveredTo(QueryId, "results", "key");
  expect(await verified(path)).toBe(true);
  return signFileIn(path).publicKeyFingerprint;
};

test("the key stays the same over a restart and a change of what secrets are sealed with", async () => {
  const before = await fingerprint();
  const rotated = await run(["identity", "master-key", "rotate", "--data", lake.data, "--new-data-key"]);
  expect(rotated).toMatchObject({ code: 0 });
  await lake.lake.close();
  await lake.serve();
  expect(await fingerprint()).toBe(before);
});

describe("StartQuery refuses", () => {
  test.each([
    ["a bucket that nobody made", "s3://absent/x", "S3BucketDoesNotExistException", 404],
    ["a bucket that is a link", "s3://linked/x", "S3BucketDoesNotExistException", 404],
    ["a prefix that leads out", "s3://results/../../../etc", "InvalidS3PrefixException", 400],
    ["a prefix with a hidden folder", "s3://results/.ssh", "InvalidS3PrefixException", 400],
    ["a prefix with an empty folder", "s3://results//x", "InvalidS3PrefixException", 400],
    ["a prefix with a byte of zero", "s3://results/x\0y", "InvalidS3PrefixException", 400],
    ["a prefix with a backslash", "s3://results/..\\x", "InvalidS3PrefixException", 400],
    ["no S3 address", "file:///etc", "InvalidS3PrefixException", 400],
    ["nothing", "", "InvalidS3PrefixException", 400],
  ])("%s", async (_, uri, code, status) => {
    expect(await start(`SELECT 1 FROM ${store}`, uri)).toMatchObject({ status, json: { __type: code } });
  });

  test("the bucket of another account", async () => {
    const theirs = await lake.store("theirs", partner);
    const answer = await start(`SELECT 1 FROM ${theirs.split("/")[1]}`, "s3://results/x", partner);
    expect(answer).toMatchObject({ status: 404, json: { __type: "S3BucketDoesNotExistException" } });
  });
});

test("a folder that is a link is not followed", async () => {
  const { QueryId } = (await start(`SELECT 1 FROM ${store}`, "s3://results/away")).json;
  expect((await delivered(QueryId))["DeliveryStatus"]).toBe("ACCESS_DENIED");
  expect(readdirSync(join(folder, "outside"))).toEqual([]);
});

test("a bucket that is gone by the time of the delivery is RESOURCE_NOT_FOUND, and the result stays readable", async () => {
  const slow = `SELECT count(*) FROM ${store} CROSS JOIN UNNEST(sequence(1, 3000)) AS t(x) CROSS JOIN UNNEST(sequence(1, 10000)) AS u(y) WHERE x * y % 7 = 3`;
  const { QueryId } = (await start(slow, "s3://going")).json;
  rmSync(join(buckets, account, "going"), { recursive: true });
  expect((await delivered(QueryId))["DeliveryStatus"]).toBe("RESOURCE_NOT_FOUND");
  expect(existsSync(join(buckets, account, "going"))).toBe(false);
  expect((await lake.control("GetQueryResults", { QueryId })).json["QueryResultRows"]).toHaveLength(1);
});

const slowOver = (id: string): string =>
  `SELECT count(*) AS n FROM ${id} CROSS JOIN UNNEST(sequence(1, 3000)) AS t(x) CROSS JOIN UNNEST(sequence(1, 10000)) AS u(y) WHERE x * y % 7 = 3`;

test("a result over a store that is shared no more is not delivered", async () => {
  const ResourceArn = `arn:aws:cloudtrail:us-east-1:${account}:eventdatastore/${store}`;
  const share = {
    Effect: "Allow",
    Principal: { AWS: otherAccount },
    Action: ["cloudtrail:StartQuery", "cloudtrail:DescribeQuery"],
    Resource: ResourceArn,
  };
  const put = async (): Promise<void> => {
    const ResourcePolicy = JSON.stringify({ Version: "2012-10-17", Statement: [share] });
    expect((await lake.control("PutResourcePolicy", { ResourceArn, ResourcePolicy })).status).toBe(200);
  };
  const statusOf = async (QueryId: unknown): Promise<unknown> =>
    (await lake.control("DescribeQuery", { QueryId }, { key: partner })).json["DeliveryStatus"];
  mkdirSync(join(buckets, otherAccount, "mine"), { recursive: true });
  await put();
  const shared = (await start(`SELECT count(*) AS n FROM ${store}`, "s3://mine/shared", partner)).json["QueryId"];
  await expect.poll(() => statusOf(shared), { timeout: 60_000 }).toBe("SUCCESS");
  const { QueryId } = (await start(slowOver(store), "s3://mine/unshared", partner)).json;
  expect((await lake.control("DeleteResourcePolicy", { ResourceArn })).status).toBe(200);
  const logged = (): unknown => lake.faults.find((fault) => fault["queryId"] === QueryId);
  await expect.poll(logged, { timeout: 60_000 }).toMatchObject({ event: "delivery-refused" });
  await put();
  await expect.poll(() => statusOf(QueryId)).toBe("ACCESS_DENIED");
  expect(existsSync(join(buckets, otherAccount, "mine", "unshared"))).toBe(false);
  await lake.control("DeleteResourcePolicy", { ResourceArn });
});

test("who may not query does not learn which buckets there are", async () => {
  const nobody = await lake.identity(account, "nobody");
  const there = await start(`SELECT 1 FROM ${store}`, "s3://results", nobody);
  expect(there).toMatchObject({ status: 403, json: { __type: "AccessDeniedException" } });
  expect((await start(`SELECT 1 FROM ${store}`, "s3://nowhere", nobody)).text).toBe(there.text);
});

test("the result of a query that was cancelled or failed is not delivered", async () => {
  const endless = `SELECT x FROM ${store} CROSS JOIN UNNEST(sequence(1, 100000)) AS t(x) CROSS JOIN UNNEST(sequence(1, 100000)) AS u(y)`;
  const cancelled = (await start(`SELECT count(*) FROM (${endless}) WHERE x % 7 = 8`, "s3://results/none")).json[
    "QueryId"
  ];
  await lake.control("CancelQuery", { QueryId: cancelled });
  expect((await delivered(cancelled))["DeliveryStatus"]).toBe("CANCELLED");
  const broken = (await start(`SELECT CAST(eventData.UID AS bigint) FROM ${store}`, "s3://results/broken")).json[
    "QueryId"
  ];
  const status = async (): Promise<unknown> =>
    (await lake.control("DescribeQuery", { QueryId: broken })).json["QueryStatus"];
  await expect.poll(status, { timeout: 30_000 }).toBe("FAILED");
  expect((await delivered(broken))["DeliveryStatus"]).toBe("FAILED");
  expect(existsSync(join(buckets, account, "results", "broken"))).toBe(false);
});

test("a lake without a delivery directory answers UnsupportedOperationException", async () => {
  const { options } = lake;
  await lake.lake.close();
  Object.assign(options, { deliveryDirectory: undefined });
  await lake.serve();
  expect(await start(`SELECT 1 FROM ${store}`, "s3://results/x")).toMatchObject({
    status: 400,
    json: { __type: "UnsupportedOperationException" },
  });
});
