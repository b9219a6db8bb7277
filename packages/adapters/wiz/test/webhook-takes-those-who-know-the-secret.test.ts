import { webhookSuite } from "@tributary/adapter-kit/suite";
import { secretFrom } from "@tributary/adapter-kit/webhook";
import { describe, expect, test } from "vitest";
import { wiz } from "../src/index.ts";
import { webhook } from "../src/webhook.ts";

const body = JSON.stringify({
  trigger: { source: "ISSUE", type: "Open", ruleName: "issues" },
  issue: {
    id: "66666666-0000-4000-8000-000000000001",
    status: "OPEN",
    severity: "HIGH",
    created: "2026-01-03T00:00:01Z",
  },
});
const deliver = (authorization: string, bytes: Uint8Array) => ({
  method: "POST",
  url: new URL("https://collector.example.com/hooks/wiz"),
  headers: new Headers({ "content-type": "application/json", authorization }),
  body: bytes,
});
const suite = {
  test,
  adapter: wiz,
  options: (secrets: readonly unknown[]) => ({ secrets }),
  body,
  proves: "secret",
  proofHeaders: ["authorization"],
  hasTime: false,
} as const;

describe("bearer", () => {
  webhookSuite({ ...suite, deliver: (bytes, secret) => deliver(`Bearer ${secret}`, bytes) });
});

describe("basic", () => {
  webhookSuite({ ...suite, deliver: (bytes, secret) => deliver(`Basic ${btoa(secret)}`, bytes) });
});

const host = {
  options: { secrets: [secretFrom("wiz:the-secret")] },
  fetch: () => Promise.reject(new Error("nothing is asked for")),
  since: "2026-01-31T12:00:00Z",
  now: () => 0,
  signal: new AbortController().signal,
};

test.each([
  ["POST", `Basic ${btoa("wiz:the-secret")}`, "records"],
  ["POST", `basic ${btoa("wiz:the-secret")}`, "records"],
  ["POST", "Digest wiz:the-secret", "refused"],
  ["POST", "wiz:the-secret", "refused"],
  ["GET", `Basic ${btoa("wiz:the-secret")}`, "refused"],
])("%s with the authorization %s is %s", async (method, authorization, kind) => {
  const request = { ...deliver(authorization, new TextEncoder().encode(body)), method };
  expect(await webhook.receive(request, host)).toMatchObject({ kind });
});
