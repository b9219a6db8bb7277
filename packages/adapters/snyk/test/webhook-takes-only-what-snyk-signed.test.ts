import { createHmac } from "node:crypto";
import { mapFrame } from "@tributary/adapter-kit";
import type { Received, WebhookRequest } from "@tributary/adapter-kit";
import { webhookSuite } from "@tributary/adapter-kit/suite";
import { secretFrom } from "@tributary/adapter-kit/webhook";
import { expect, test } from "vitest";
import { snyk } from "../src/index.ts";
import { webhook } from "../src/webhook.ts";

const now = Date.UTC(2026, 0, 31, 12);
const secret = "not-a-real-secret";
const body = JSON.stringify({
  project: {
    id: "0f0e0d0c-4444-4444-8444-0000000000d1",
    name: "example/shop",
    lastTestedDate: "2026-01-31T11:59:58.704Z",
  },
  org: { id: "0f0e0d0c-1111-4111-8111-0000000000a1" },
  group: { id: "0f0e0d0c-2222-4222-8222-0000000000b1" },
  newIssues: [],
  removedIssues: [],
});

function delivery(bytes: Uint8Array, key: string, n = 1, more: Record<string, string> = {}): WebhookRequest {
  const headers = new Headers({
    "Content-Type": "application/json",
    "X-Snyk-Event": "project_snapshot/v0",
    "X-Snyk-Transport-ID": `0f0e0d0c-cccc-4ccc-8ccc-${String(n).padStart(12, "0")}`,
    "X-Snyk-Timestamp": "2026-01-31T11:59:59Z",
    "X-Hub-Signature": `sha256=${createHmac("sha256", key).update(bytes).digest("hex")}`,
    ...more,
  });
  return { method: "POST", url: new URL("https://receiver.example.com/snyk"), headers, body: bytes };
}

webhookSuite({
  test,
  adapter: snyk,
  options: (secrets) => ({ secrets }),
  deliver: (bytes, key, _at, n) => delivery(bytes, key, n),
  body,
  proves: "body",
  proofHeaders: ["X-Hub-Signature"],
  hasTime: false,
});

const receive = (request: WebhookRequest): Promise<Received> =>
  webhook.receive(request, {
    options: { secrets: [secretFrom(secret)] },
    since: "",
    now: () => now,
    signal: new AbortController().signal,
    fetch: () => Promise.reject(new Error("no request is needed")),
  });
const signed = (text: string, more: Record<string, string> = {}) =>
  delivery(new TextEncoder().encode(text), secret, 1, more);

test("a delivery becomes a record with its name, its id and its time", async () => {
  const received = await receive(signed(body));
  if (received.kind !== "records") throw new Error(JSON.stringify(received));
  expect(received.replayKey).toBe("0f0e0d0c-cccc-4ccc-8ccc-000000000001");
  const [result] = mapFrame(snyk, received.format, received.body, {
    accountId: "111122223333",
    origin: { receivedAt: "2026-01-31T12:00:00.000Z", occurrence: 0 },
  });
  const event: unknown = result?.kind === "event" ? JSON.parse(result.eventData) : result;
  expect(event).toMatchObject({
    eventSource: "snyk.webhook",
    eventName: "project_snapshot",
    eventTime: "2026-01-31T11:59:59Z",
    version: "v0",
    UID: "0f0e0d0c-cccc-4ccc-8ccc-000000000001",
  });
});

test("a delivery without a timestamp is dated by the project's last test", async () => {
  const { headers, ...rest } = signed(body);
  headers.delete("X-Snyk-Timestamp");
  const received = await receive({ ...rest, headers });
  expect(received.kind === "records" && new TextDecoder().decode(received.body)).toBe(
    `{"event":"project_snapshot/v0","transportId":"0f0e0d0c-cccc-4ccc-8ccc-000000000001","payload":${body}}`,
  );
});

test("spaces and digits of the body are handed on as they came, and are what is signed", async () => {
  const received = await receive(signed('{ "project": {"id": 12345678901234567890} }'));
  expect(received.kind === "records" && new TextDecoder().decode(received.body)).toContain(
    '"payload":{ "project": {"id": 12345678901234567890} }}',
  );
});

test("a ping is answered and not stored", async () => {
  expect(await receive(signed('{"webhookId":"example"}', { "X-Snyk-Event": "ping/v0" }))).toEqual({
    kind: "reply",
    status: 200,
    body: "pong",
  });
});

test("what is signed and yet no delivery is refused by name", async () => {
  expect(await receive({ ...signed(body), method: "GET" })).toMatchObject({ kind: "refused", status: 405 });
  for (const event of ["", 'a","b', "a/b/c"])
    expect(await receive(signed(body, { "X-Snyk-Event": event }))).toMatchObject({ kind: "refused", status: 400 });
  expect(await receive(signed(body, { "X-Snyk-Transport-ID": "no id" }))).toMatchObject({
    kind: "refused",
    status: 400,
  });
  for (const text of ["", "[]", "null", '"text"', "{"])
    expect(await receive(signed(text))).toMatchObject({ kind: "refused", status: 415 });
});

test("a SHA-1 digest, as the vendor's page shows one, proves nothing", async () => {
  const bytes = new TextEncoder().encode(body);
  const sha1 = createHmac("sha1", secret).update(bytes).digest("hex");
  for (const signature of [`sha256=${sha1}`, `sha1=${sha1}`])
    expect(await receive(delivery(bytes, secret, 1, { "X-Hub-Signature": signature }))).toMatchObject({ status: 401 });
});
