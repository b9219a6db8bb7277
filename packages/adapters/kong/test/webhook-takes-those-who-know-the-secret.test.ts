import { gzipSync } from "node:zlib";
import { fixtureContext, mapFile, webhookSuite } from "@tributary/adapter-kit/suite";
import { secretFrom } from "@tributary/adapter-kit/webhook";
import { describe, expect, test } from "vitest";
import { kong } from "../src/index.ts";
import { webhook } from "../src/webhook.ts";

const cef = [
  "2026-01-31T12:00:00Z konghq.com CEF:0|KongInc|Konnect|1.0|konnect|Authz.portals|1|rt=1769860800000 src=192.0.2.10 action=list granted=true org_id=o1 principal_id=p1 sig=a1",
  "2026-01-31T12:00:01Z konghq.com CEF:0|KongInc|Konnect|1.0|konnect|Authz.portals|1|rt=1769860801000 src=192.0.2.10 action=edit granted=false org_id=o1 principal_id=p1 sig=a2",
].join("\n");
const json = [1, 2]
  .map((n) =>
    JSON.stringify({
      event_product: "Konnect",
      name: "Ingress",
      act: "POST",
      request: "/x",
      rt: 1_769_860_800_000 + n,
      sig: `j${n}`,
    }),
  )
  .join("\n");
const traffic = JSON.stringify([{ request: { id: "t1", method: "GET", uri: "/" }, started_at: 1_769_860_800_000 }]);

const deliver = (bytes: Uint8Array, secret: string, header = "authorization") => ({
  method: "POST",
  url: new URL("https://collector.example.com/hooks/kong"),
  headers: new Headers({ "content-type": "text/plain", "content-encoding": "application/gzip", [header]: secret }),
  body: bytes,
});
const suite = {
  test,
  adapter: kong,
  proves: "secret",
  hasTime: false,
  secretOf: (text: string) => (text === "" ? text : `Bearer ${text}`),
} as const;

describe("Konnect", () => {
  webhookSuite({
    ...suite,
    options: (secrets) => ({ secrets }),
    deliver: (bytes, secret) => deliver(gzipSync(bytes), secret),
    body: cef,
    proofHeaders: ["authorization"],
  });
});

describe("http-log", () => {
  webhookSuite({
    ...suite,
    options: (secrets) => ({ secrets, header: "x-collector" }),
    deliver: (bytes, secret) => deliver(bytes, secret, "x-collector"),
    body: traffic,
    proofHeaders: ["x-collector"],
  });
});

const host = {
  options: { secrets: [secretFrom("Bearer the-secret")], header: "authorization" },
  fetch: () => Promise.reject(new Error("nothing is asked for")),
  since: "2026-01-31T12:00:00Z",
  now: () => 0,
  signal: new AbortController().signal,
};
const receive = (body: Uint8Array, method = "POST") =>
  webhook.receive({ ...deliver(body, "Bearer the-secret"), method }, host);
const bytes = (text: string) => new TextEncoder().encode(text);

test.each([
  ["CEF", cef, ["a1", "a2"]],
  ["JSON", json, ["j1", "j2"]],
  [
    "CPS",
    json
      .split("\n")
      .map((line) => `{"event":${line}}`)
      .join("\n"),
    ["j1", "j2"],
  ],
  ["a batch of http-log", traffic, ["t1"]],
])("a delivery of %s becomes its events, compressed or not", async (_name, text, ids) => {
  for (const body of [bytes(text), new Uint8Array(gzipSync(text))]) {
    const received = await receive(body);
    expect(received.kind).toBe("records");
    if (received.kind !== "records") return;
    const results = mapFile(kong, received.format, received.body, fixtureContext).flatMap((frame) => frame.results);
    expect(results.map((result) => (result.kind === "event" ? result.id : result.kind))).toEqual(ids);
  }
});

test("a body that is cut off or holds too much is refused", async () => {
  const cut = gzipSync(cef).subarray(0, -20);
  const bomb = gzipSync(new Uint8Array(65 * 1024 * 1024));
  for (const body of [cut, bomb, new Uint8Array([0x1f, 0x8b])])
    expect(await receive(body)).toMatchObject({ kind: "refused", status: 400 });
});

test("a delivery that is no POST is refused, but what http-log may use", async () => {
  expect(await receive(bytes(cef), "GET")).toMatchObject({ kind: "refused", status: 405 });
  expect(await receive(bytes(traffic), "PUT")).toMatchObject({ kind: "records" });
  expect(await receive(bytes(traffic), "PATCH")).toMatchObject({ kind: "records" });
});
