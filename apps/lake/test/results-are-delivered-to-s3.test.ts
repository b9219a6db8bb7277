import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ScriptedS3, credentials } from "./scripted-s3.ts";
import { type Answer, TestLake, account, entry } from "./test-lake.ts";

let s3: ScriptedS3;
let lake: TestLake;
let store: string;

const start = (DeliveryS3Uri: string): Promise<Answer> =>
  lake.control("StartQuery", { QueryStatement: `SELECT eventData.UID AS uid FROM ${store} ORDER BY 1`, DeliveryS3Uri });

async function delivered(uri: string): Promise<{ readonly queryId: string; readonly status: unknown }> {
  const queryId = String((await start(uri)).json["QueryId"]);
  const status = async (): Promise<unknown> =>
    (await lake.control("DescribeQuery", { QueryId: queryId })).json["DeliveryStatus"];
  await expect.poll(status, { timeout: 60_000 }).not.toBe("PENDING");
  return { queryId, status: await status() };
}

beforeAll(async () => {
  s3 = await ScriptedS3.start("us-east-1");
  const buckets = new Map([[account, new Set(["results", "absent"])]]);
  lake = await TestLake.start({ deliveryS3: { endpoint: s3.url, credentials, buckets } });
  const storeArn = await lake.store();
  store = storeArn.split("/")[1]!;
  await lake.put(await lake.channel([storeArn]), [entry("a"), entry("b")]);
});
afterAll(async () => {
  await lake.close();
  await s3.close();
});

test("a result is put as AWS lays it out, its sign file last, after a fault of the server", async () => {
  s3.play("PUT", 503);
  const { queryId, status } = await delivered("s3://results/team/daily");
  expect(status).toBe("SUCCESS");
  const puts = s3.seen.filter(({ method }) => method === "PUT");
  const at = puts[0]!.key.slice(0, -"result_1.csv.gz".length);
  expect(at).toMatch(
    new RegExp(`^/results/team/daily/AWSLogs/${account}/CloudTrail-Lake/Query/\\d{4}/\\d\\d/\\d\\d/${queryId}/$`),
  );
  expect(puts).toEqual([
    { method: "PUT", key: `${at}result_1.csv.gz`, status: 503 },
    { method: "PUT", key: `${at}result_1.csv.gz`, status: 200 },
    { method: "PUT", key: `${at}result_sign.json`, status: 200 },
  ]);
  const file = s3.stored.get(`${at}result_1.csv.gz`)!;
  expect(gunzipSync(file).toString()).toBe("uid\r\na\r\nb\r\n");
  const sign = JSON.parse(s3.stored.get(`${at}result_sign.json`)!.toString()) as {
    readonly files: readonly object[];
  };
  expect(sign.files).toEqual([
    { fileHashValue: createHash("sha256").update(file).digest("hex"), fileName: "result_1.csv.gz" },
  ]);
  expect(s3.wrong).toEqual([]);
  expect(existsSync(join(lake.data, "delivery.part"))).toBe(false);
});

test.each([
  [404, "RESOURCE_NOT_FOUND"],
  [403, "ACCESS_DENIED"],
  [400, "FAILED"],
])("a put that is answered %d is %s, and no sign file is put", async (play, status) => {
  s3.play("PUT", play);
  const before = s3.stored.size;
  expect((await delivered("s3://results")).status).toBe(status);
  expect(s3.stored.size).toBe(before);
});

test("StartQuery refuses a bucket that is missing, that the lake or the server does not allow, and a server that fails", async () => {
  expect(await start("s3://absent")).toMatchObject({ status: 404, json: { __type: "S3BucketDoesNotExistException" } });
  const denied = { status: 403, json: { __type: "InsufficientS3BucketPolicyException" } };
  expect(await start("s3://another")).toMatchObject(denied);
  s3.play("HEAD", 403);
  expect(await start("s3://results")).toMatchObject(denied);
  s3.play("HEAD", 500, 500);
  expect(await start("s3://results")).toMatchObject({ status: 503, json: { __type: "ServiceUnavailable" } });
});

test("the log has the faults and no secret", () => {
  const log = JSON.stringify(lake.faults);
  expect(log).toContain("answered 403 Played");
  expect(log).not.toContain(credentials.secretAccessKey);
  expect(log).not.toContain(credentials.sessionToken);
});
