import { createHmac } from "node:crypto";
import { mapFrame } from "@tributary/adapter-kit";
import type { Received, WebhookRequest } from "@tributary/adapter-kit";
import { webhookSuite } from "@tributary/adapter-kit/suite";
import { secretFrom } from "@tributary/adapter-kit/webhook";
import { expect, test } from "vitest";
import { github } from "../src/index.ts";
import { webhook } from "../src/webhook.ts";

const now = Date.UTC(2026, 0, 31, 12);
const body = JSON.stringify({
  action: "archived",
  repository: { id: 99001, full_name: "example-org/shop", updated_at: "2026-01-31T11:59:58Z" },
  organization: { login: "example-org" },
  sender: { login: "ada", id: 4711002, type: "User" },
});

function delivery(bytes: Uint8Array, secret: string, n = 1, more: Record<string, string> = {}): WebhookRequest {
  const headers = new Headers({
    "Content-Type": "application/json",
    "X-GitHub-Delivery": `72d3162e-cc78-11e3-81ab-${String(n).padStart(12, "0")}`,
    "X-GitHub-Event": "repository",
    "X-GitHub-Hook-ID": "771001",
    "X-GitHub-Hook-Installation-Target-ID": "13371",
    "X-GitHub-Hook-Installation-Target-Type": "organization",
    "X-Hub-Signature-256": `sha256=${createHmac("sha256", secret).update(bytes).digest("hex")}`,
    ...more,
  });
  return { method: "POST", url: new URL("https://receiver.example.com/github"), headers, body: bytes };
}

webhookSuite({
  test,
  adapter: github,
  options: (secrets) => ({ secrets }),
  deliver: (bytes, secret, _at, n) => delivery(bytes, secret, n),
  body,
  proves: "body",
  proofHeaders: ["X-Hub-Signature-256"],
  hasTime: false,
});

const receive = (request: WebhookRequest): Promise<Received> =>
  webhook.receive(request, {
    options: { secrets: [secretFrom("It's a Secret to Everybody")] },
    since: "",
    now: () => now,
    signal: new AbortController().signal,
    fetch: () => Promise.reject(new Error("no request is needed")),
  });
const signed = (text: string, more: Record<string, string> = {}) =>
  delivery(new TextEncoder().encode(text), "It's a Secret to Everybody", 1, more);

test("GitHub's own example of a signature is taken", async () => {
  const { headers } = signed("Hello, World!");
  expect(headers.get("X-Hub-Signature-256")).toBe(
    "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
  );
});

test("a delivery becomes a record with its name, its id and the webhook's own headers", async () => {
  const received = await receive(signed(body));
  if (received.kind !== "records") throw new Error(JSON.stringify(received));
  expect(received.replayKey).toBe("72d3162e-cc78-11e3-81ab-000000000001");
  const [result] = mapFrame(github, received.format, received.body, {
    accountId: "111122223333",
    origin: { receivedAt: "2026-01-31T12:00:00.000Z", occurrence: 0 },
  });
  expect(result).toMatchObject({ kind: "event", id: "72d3162e-cc78-11e3-81ab-000000000001" });
  const event: unknown = result?.kind === "event" ? JSON.parse(result.eventData) : undefined;
  expect(event).toMatchObject({
    eventSource: "github.webhook",
    eventName: "repository.archived",
    eventTime: "2026-01-31T11:59:58Z",
    additionalEventData: {
      event: "repository",
      delivered_at: "2026-01-31T12:00:00.000Z",
      request: {
        headers: {
          "X-GitHub-Hook-ID": "771001",
          "X-GitHub-Hook-Installation-Target-ID": "13371",
          "X-GitHub-Hook-Installation-Target-Type": "organization",
        },
      },
    },
  });
});

test("the body's bytes are handed on as they came: numbers keep their digits", async () => {
  const received = await receive(signed('{"action":"created", "id": 12345678901234567890}'));
  expect(received.kind === "records" && new TextDecoder().decode(received.body)).toContain(
    '"payload":{"action":"created", "id": 12345678901234567890}}}',
  );
});

test("a webhook set to send forms is understood; what is signed is the form", async () => {
  const form = new URLSearchParams({ payload: body }).toString();
  const received = await receive(signed(form, { "Content-Type": "application/x-www-form-urlencoded" }));
  expect(received.kind === "records" && new TextDecoder().decode(received.body)).toContain(`"payload":${body}`);
});

test("a ping is answered and not stored", async () => {
  expect(await receive(signed('{"zen":"Keep it simple.","hook_id":1}', { "X-GitHub-Event": "ping" }))).toEqual({
    kind: "reply",
    status: 200,
    body: "pong",
  });
});

test("what is signed and yet no delivery is refused by name", async () => {
  expect(await receive({ ...signed(body), method: "PUT" })).toMatchObject({ kind: "refused", status: 405 });
  expect(await receive(signed(body, { "X-GitHub-Event": "" }))).toMatchObject({ kind: "refused", status: 400 });
  expect(await receive(signed(body, { "X-GitHub-Event": 'a","b' }))).toMatchObject({ kind: "refused", status: 400 });
  expect(await receive(signed(body, { "X-GitHub-Delivery": "not an id" }))).toMatchObject({
    kind: "refused",
    status: 400,
  });
  for (const text of ["", "[]", "null", '"text"', "{", "payload=%7B%7D"])
    expect(await receive(signed(text))).toMatchObject({ kind: "refused", status: 415 });
});

test("what a person wrote in an issue does not become the payload when the content type, which is not signed, says form", async () => {
  const forged = encodeURIComponent(JSON.stringify({ action: "deleted", repository: { id: 1 }, sender: { id: 2 } }));
  const issue = JSON.stringify({ action: "opened", issue: { title: `a&payload=${forged}&b` }, sender: { id: 3 } });
  const received = await receive(signed(issue, { "Content-Type": "application/x-www-form-urlencoded" }));
  expect(received).toMatchObject({ kind: "records" });
  const text = received.kind === "records" ? new TextDecoder().decode(received.body) : "";
  expect(JSON.parse(text)).toMatchObject({ request: { payload: JSON.parse(issue) as object } });
});
