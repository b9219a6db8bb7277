import { createHmac } from "node:crypto";
import { webhookSuite } from "@tributary/adapter-kit/suite";
import { secretFrom } from "@tributary/adapter-kit/webhook";
import { expect, test } from "vitest";
import { launchdarkly } from "../src/index.ts";
import { webhook } from "../src/webhook.ts";

const body = JSON.stringify({
  _id: "65c000000000000000000001",
  date: 1_767_225_600_987,
  kind: "flag",
  accesses: [{ action: "updateOn", resource: "proj/storefront:env/production:flag/new-checkout" }],
});
const sign = (bytes: Uint8Array, secret: string) => createHmac("sha256", secret).update(bytes).digest("hex");
const deliver = (bytes: Uint8Array, secret: string) => ({
  method: "POST",
  url: new URL("https://collector.example.com/hooks/launchdarkly"),
  headers: new Headers({ "content-type": "application/json", "x-ld-signature": sign(bytes, secret) }),
  body: bytes,
});

webhookSuite({
  test,
  adapter: launchdarkly,
  options: (secrets) => ({ secrets }),
  deliver,
  body,
  proves: "body",
  proofHeaders: ["x-ld-signature"],
  hasTime: false,
});

test("a delivery that is no POST is refused", async () => {
  const host = {
    options: { secrets: [secretFrom("the-secret")] },
    fetch: () => Promise.reject(new Error("nothing is asked for")),
    since: "2026-01-31T12:00:00Z",
    now: () => 0,
    signal: new AbortController().signal,
  };
  const bytes = new TextEncoder().encode(body);
  const received = await webhook.receive({ ...deliver(bytes, "the-secret"), method: "PUT" }, host);
  expect(received).toMatchObject({ kind: "refused", status: 405 });
});
