import type { Received } from "@tributary/adapter-kit";
import { webhookSuite } from "@tributary/adapter-kit/suite";
import { readOptions, secretFrom } from "@tributary/adapter-kit/webhook";
import { describe, expect, test } from "vitest";
import { okta } from "../src/index.ts";

const url = new URL("https://hooks.example.com/okta");
const body = JSON.stringify({
  eventType: "com.okta.event_hook",
  eventTypeVersion: "1.0",
  cloudEventsVersion: "0.1",
  source: "https://example.okta.com/api/v1/eventHooks/who0",
  eventId: "00000000-0000-4000-8000-000000000001",
  data: {
    events: [
      {
        uuid: "00000000-0000-4000-8000-000000000002",
        eventType: "user.session.start",
        published: "2026-01-10T08:09:10.987Z",
      },
    ],
  },
  eventTime: "2026-01-10T08:09:11.000Z",
  contentType: "application/json",
});

describe.each(["Authorization", "X-Okta-Hook-Key"])("by the header %s", (header) => {
  webhookSuite({
    test,
    adapter: okta,
    options: (secrets) => ({ secrets, header }),
    deliver: (bytes, secret) => ({
      method: "POST",
      url,
      headers: new Headers({ [header]: secret, "content-type": "application/json" }),
      body: bytes,
    }),
    body,
    proves: "secret",
    proofHeaders: [header],
    hasTime: false,
    // Administrators write any text there, often one that looks like HTTP's own.
    secretOf: (text) => `Basic ${text}`,
  });
});

async function receive(method: string, headers: Record<string, string>, bytes = new Uint8Array()): Promise<Received> {
  const webhook = await okta.webhook!();
  const host = {
    options: readOptions(webhook.options, { secrets: [secretFrom("the-secret-of-the-hook")] }),
    since: "2026-01-31T12:00:00Z",
    now: () => 0,
    signal: new AbortController().signal,
    fetch: () => Promise.reject(new Error("nothing is asked for")),
  };
  return webhook.receive({ method, url, headers: new Headers(headers), body: bytes }, host);
}

test("the one-time verification gets its challenge back, and nothing is stored", async () => {
  expect(await receive("GET", { "x-okta-verification-challenge": 'a"b' })).toEqual({
    kind: "reply",
    status: 200,
    headers: { "content-type": "application/json" },
    body: '{"verification":"a\\"b"}',
  });
});

test("a GET without a challenge, or with one that is too long, is refused", async () => {
  for (const headers of [{}, { "x-okta-verification-challenge": "x".repeat(2000) }])
    expect(await receive("GET", headers)).toMatchObject({ kind: "refused", status: 405 });
});

test("an empty delivery is refused, with the right secret too", async () => {
  expect(await receive("POST", { authorization: "the-secret-of-the-hook" })).toMatchObject({
    kind: "refused",
    status: 400,
  });
});
