import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SignatureV4 } from "@smithy/signature-v4";
import * as fc from "fast-check";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { parseCommand } from "../src/cli/command.ts";
import { deliveryOptions } from "../src/cli/delivery-options.ts";
import { parseDeliveryBuckets } from "../src/delivery/delivery-buckets.ts";
import type { DeliveryTarget } from "../src/delivery/delivery-target.ts";
import { openS3Target } from "../src/delivery/s3-target.ts";
import { uriEncode } from "../src/sigv4/canonical-request.ts";
import { signRequest } from "../src/sigv4/sign-request.ts";
import { NodeSha256 } from "./node-sha256.ts";
import { ScriptedS3, credentials } from "./scripted-s3.ts";

const account = "111122223333";
const folder = mkdtempSync(join(tmpdir(), "tributary-s3-"));
const spoolFile = join(folder, "delivery.part");
const region = "eu-central-1";
const buckets = new Map([[account, new Set(["results", "absent"])]]);
const place = { bucket: "results", folders: ["team"] };
const never = new AbortController().signal;
const servers: ScriptedS3[] = [];
let s3: ScriptedS3;
let target: DeliveryTarget;

const open = (options: Partial<Parameters<typeof openS3Target>[0]> = {}): DeliveryTarget =>
  openS3Target({
    endpoint: s3.url,
    region,
    credentials,
    buckets,
    spoolFile,
    now: () => Date.now(),
    backoffMs: 1,
    ...options,
  });

async function* content(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function* broken(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("half");
  throw new Error("the result is damaged");
}

beforeEach(async () => {
  s3 = await ScriptedS3.start(region);
  servers.push(s3);
  target = open();
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  rmSync(folder, { recursive: true, force: true });
});

const segment = fc.string({
  unit: fc.constantFrom("A", "z", "0", "9", "!", "_", ".", "*", "'", "(", ")", "=", "-"),
  minLength: 1,
  maxLength: 8,
});

test("every request is signed as AWS's own signer signs it", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(segment, { minLength: 1, maxLength: 4 }),
      fc.constantFrom("HEAD", "PUT"),
      fc.option(fc.stringMatching(/^[A-Za-z0-9/+=]{1,40}$/), { nil: undefined }),
      fc.constantFrom("s3.example.com", "127.0.0.1:9000"),
      fc.string(),
      fc.date({ min: new Date("2020-01-01"), max: new Date("2040-01-01"), noInvalidDate: true }),
      async (segments, method, sessionToken, host, body, at) => {
        const path = `/${segments.map(uriEncode).join("/")}`;
        const payloadHash = createHash("sha256").update(body).digest("hex");
        const key = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret", sessionToken };
        const ours = signRequest({ method, path, host, payloadHash }, key, { region, service: "s3", now: +at });
        const signer = new SignatureV4({
          service: "s3",
          region,
          credentials: {
            accessKeyId: "AKIAEXAMPLE",
            secretAccessKey: "secret",
            ...(sessionToken !== undefined && { sessionToken }),
          },
          sha256: NodeSha256,
          uriEscapePath: false,
        });
        const theirs = await signer.sign(
          { method, protocol: "https:", hostname: host, path, query: {}, headers: { host }, body },
          { signingDate: at },
        );
        expect(ours).toEqual(theirs.headers);
      },
    ),
    { numRuns: 200 },
  );
});

test("a file arrives whole, signed, with its length, and nothing is left behind here", async () => {
  const folders = ["a=1", "o'k!(*)", "x.y_z"];
  await target.write(account, { bucket: "results", folders }, "result_1.csv.gz", content("one", "two"), never);
  expect(s3.wrong).toEqual([]);
  expect(s3.stored.get("/results/a=1/o'k!(*)/x.y_z/result_1.csv.gz")?.toString()).toBe("onetwo");
  expect(existsSync(spoolFile)).toBe(false);
});

test("a file larger than any buffer arrives whole after a connection that broke", async () => {
  const large = "0123456789abcdef".repeat(4096);
  s3.play("PUT", "reset");
  const chunks = Array.from({ length: 64 }, () => large);
  await target.write(account, place, "f", content(...chunks), never);
  expect(s3.wrong).toEqual([]);
  expect(s3.stored.get("/results/team/f")?.equals(Buffer.from(large.repeat(64)))).toBe(true);
});

test("5xx, 429, a broken connection and a server that hangs are tried again, with the same bytes", async () => {
  s3.play("PUT", 500, 503, 429, "reset", "hang");
  await open({ idleMs: 200 }).write(account, place, "f", content("whole"), never);
  expect(s3.seen.map(({ status }) => status)).toEqual([500, 503, 429, "reset", "hang", 200]);
  expect(s3.wrong).toEqual([]);
  expect(s3.stored.get("/results/team/f")?.toString()).toBe("whole");
});

test("tries end", async () => {
  s3.play("PUT", ...Array.from({ length: 20 }, () => 500));
  const failed = target.write(account, place, "f", content("x"), never);
  await expect(failed).rejects.toMatchObject({ code: "DELIVERY_S3_UNAVAILABLE", retryable: true });
  expect(s3.seen).toHaveLength(8);
  await s3.close();
  servers.splice(servers.indexOf(s3), 1);
  await expect(target.hasBucket(account, "results", never)).rejects.toMatchObject({ code: "DELIVERY_S3_UNAVAILABLE" });
});

test.each([
  [404, "DELIVERY_BUCKET_MISSING"],
  [403, "DELIVERY_NOT_ALLOWED"],
  [400, "DELIVERY_S3_REFUSED"],
  ["redirect", "DELIVERY_S3_REFUSED"],
] as const)("an answer %s is final: %s", async (play, code) => {
  s3.play("PUT", play);
  await expect(target.write(account, place, "f", content("x"), never)).rejects.toMatchObject({ code });
  expect(s3.seen).toHaveLength(1);
  expect(s3.stored.size).toBe(0);
});

test("a bucket is there, missing, or not to be seen", async () => {
  expect(await target.hasBucket(account, "results", never)).toBe(true);
  expect(await target.hasBucket(account, "absent", never)).toBe(false);
  s3.play("HEAD", 403);
  await expect(target.hasBucket(account, "results", never)).rejects.toMatchObject({ code: "DELIVERY_NOT_ALLOWED" });
  expect(s3.wrong).toEqual([]);
});

test("for a bucket that is not the account's the server is not even asked", async () => {
  for (const [who, bucket] of [
    [account, "other"],
    ["444455556666", "results"],
  ] as const) {
    const denied = { code: "DELIVERY_NOT_ALLOWED" };
    await expect(target.hasBucket(who, bucket, never)).rejects.toMatchObject(denied);
    await expect(target.write(who, { bucket, folders: [] }, "f", content("x"), never)).rejects.toMatchObject(denied);
  }
  expect(s3.seen).toEqual([]);
});

test("a stop ends an exchange that hangs and a wait for the next try", async () => {
  for (const [play, options] of [
    ["hang", {}],
    [500, { backoffMs: 60_000 }],
  ] as const) {
    const stop = new AbortController();
    s3.play("PUT", play);
    const before = s3.seen.length;
    const written = open(options).write(account, place, "f", content("x"), stop.signal);
    written.catch(() => {});
    await expect.poll(() => s3.seen.length).toBe(before + 1);
    stop.abort();
    await expect(written).rejects.toThrow("operation was aborted");
  }
  expect(s3.stored.size).toBe(0);
});

test("content that fails is not sent", async () => {
  await expect(target.write(account, place, "f", broken(), never)).rejects.toThrow("the result is damaged");
  expect(s3.seen).toEqual([]);
  expect(existsSync(spoolFile)).toBe(false);
});

describe("the endpoint", () => {
  test.each([
    "ftp://s3.example.com",
    "s3.example.com",
    "https://user:hidden@s3.example.com",
    "https://s3.example.com/path",
    "https://s3.example.com/?x=1",
    "http://s3.example.com",
    "http://127.0.0.1.example.com",
  ])("%s is refused", (endpoint) => {
    expect(() => open({ endpoint })).toThrow(expect.objectContaining({ code: "DELIVERY_ENDPOINT_NOT_VALID" }));
    expect(() => open({ endpoint })).not.toThrow("hidden");
  });
  test.each([["https://s3.example.com"], ["http://[::1]:9000"], ["http://localhost:9000"]])("%s is taken", (endpoint) =>
    expect(open({ endpoint })).toBeDefined(),
  );
  test("plain HTTP may be said to be trusted", () =>
    expect(open({ endpoint: "http://s3.example.com", insecure: true })).toBeDefined());
});

describe("the command line", () => {
  const file = join(folder, "buckets.json");
  writeFileSync(file, JSON.stringify({ [account]: ["results"] }));
  const env = { AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "s", AWS_SESSION_TOKEN: "t" };
  const endpoint = ["--delivery-s3-endpoint", "https://s3.example.com"];
  const given = (args: readonly string[], environment: object = env) =>
    deliveryOptions(parseCommand(args).values, { ...environment });

  test("names endpoint, region and buckets; the environment has the credentials", () =>
    expect(given([...endpoint, "--delivery-s3-region", "garage", "--delivery-buckets", file])).toEqual({
      deliveryS3: {
        endpoint: "https://s3.example.com",
        region: "garage",
        credentials: { accessKeyId: "AKIA", secretAccessKey: "s", sessionToken: "t" },
        buckets: new Map([[account, new Set(["results"])]]),
      },
    }));
  test.each([
    ["no buckets", endpoint, env],
    ["no endpoint", ["--delivery-buckets", file], env],
    ["a region alone", ["--delivery-s3-region", "x"], env],
    ["a directory too", [...endpoint, "--delivery-buckets", file, "--delivery-directory", "."], env],
    ["no credentials", [...endpoint, "--delivery-buckets", file], {}],
    ["a region that is none", [...endpoint, "--delivery-buckets", file, "--delivery-s3-region", "a/b"], env],
  ])("with %s is refused", (_, args, environment) =>
    expect(() => given(args, environment)).toThrow(expect.objectContaining({ code: "USAGE" })),
  );
  test.each([["{"], ["[]"], ['{"1":["results"]}'], [`{"${account}":"results"}`], [`{"${account}":["A/B"]}`]])(
    "buckets %s are refused",
    (text) =>
      expect(() => parseDeliveryBuckets(text, "f")).toThrow(
        expect.objectContaining({ code: "DELIVERY_BUCKETS_NOT_VALID" }),
      ),
  );
});
