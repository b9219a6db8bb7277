import type { Received } from "@tributary/adapter-kit";
import { mapFile, fixtureContext, webhookSuite } from "@tributary/adapter-kit/suite";
import { readOptions, secretFrom } from "@tributary/adapter-kit/webhook";
import { describe, expect, test } from "vitest";
import { onelogin } from "../src/index.ts";

const url = new URL("https://hooks.example.com/onelogin");
const event = {
  create: { _id: "11111111-2222-4333-8444-555555550001" },
  uuid: "11111111-2222-4333-8444-555555550001",
  event_timestamp: "2026-01-10 08:09:10 UTC",
  event_type_id: 5,
  account_id: 4711,
};
const other = { ...event, uuid: "11111111-2222-4333-8444-555555550002" };
const array = JSON.stringify([event, other]);
const lines = `${JSON.stringify(event)}\n${JSON.stringify(other)}\n`;

describe.each([
  ["Authorization", array],
  ["X-OneLogin-Token", lines],
])("by the header %s", (header, body) => {
  webhookSuite({
    test,
    adapter: onelogin,
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
    secretOf: (text) => `Bearer ${text}`,
  });
});

async function receive(method: string, body: string): Promise<Received> {
  const webhook = await onelogin.webhook!();
  const host = {
    options: readOptions(webhook.options, { secrets: [secretFrom("the-value-of-the-header")] }),
    since: "2026-01-31T12:00:00Z",
    now: () => 0,
    signal: new AbortController().signal,
    fetch: () => Promise.reject(new Error("nothing is asked for")),
  };
  const headers = new Headers({ authorization: "the-value-of-the-header" });
  return webhook.receive({ method, url, headers, body: new TextEncoder().encode(body) }, host);
}

test.each([
  ["JSON Array", ` \n${array}`, "json"],
  ["SIEM (NDJSON)", lines, "ndjson"],
])("deliveries of the format %s are read", async (_name, body, format) => {
  const received = await receive("POST", body);
  expect(received).toMatchObject({ kind: "records", format });
  if (received.kind !== "records") return;
  const results = mapFile(onelogin, received.format, received.body, fixtureContext).flatMap((frame) => frame.results);
  expect(results.map((result) => (result.kind === "event" ? result.id : result.kind))).toEqual([
    event.uuid,
    other.uuid,
  ]);
});

test("a delivery that is empty, or no POST, is refused", async () => {
  expect(await receive("POST", " \n")).toMatchObject({ kind: "refused", status: 400 });
  expect(await receive("GET", "")).toMatchObject({ kind: "refused", status: 405 });
});
