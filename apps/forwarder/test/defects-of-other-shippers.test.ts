import { gzipSync } from "node:zlib";
import { okta } from "@tributary/adapter-okta";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Sender } from "../src/delivery/sender.ts";
import { lineAdapter, tributary } from "./support/command.ts";
import { accept, json, refuse, scriptedServer, type ScriptedServer, store } from "./support/scripted-server.ts";
import { channelArn, lines, scene, type Scene, sendTo } from "./support/scene.ts";

vi.setConfig({ testTimeout: 60_000 });

// What public shippers of PutAuditEvents get wrong, each as one test.

let server: ScriptedServer;
let place: Scene;
let sender: Sender;
beforeEach(async () => {
  server = await scriptedServer(accept);
  place = scene();
  sender = await sendTo(server.endpoint);
});
afterEach(async () => {
  place[Symbol.dispose]();
  await server.close();
});

const forward = (...files: string[]) => place.run({ sender, files });

/** Refuses the events of these ids, one by one, and stores the others. */
function refusing(...ids: string[]): void {
  server.script = (request, response) => {
    const bad = request.events.filter((event) => ids.includes(event.id));
    const good = request.events.filter((event) => !ids.includes(event.id));
    const failed = bad.map(({ id }) => ({ id, errorCode: "InvalidData", errorMessage: "no" }));
    json(response, 200, { successful: store(server, good), failed });
  };
}

test("250 lines of one file are 250 events, not the last one", async () => {
  expect(await forward(place.write("pods.log", lines(250)))).toMatchObject({ read: 250, delivered: 250 });
  expect(server.stored.size).toBe(250);
});

test("150 records are never one call", async () => {
  server.script = (request, response) =>
    request.events.length > 100 ? refuse(response, 400, "ValidationException") : accept.call(server, request, response);
  expect(await forward(place.write("in", lines(150)))).toMatchObject({ delivered: 150, requests: 2, dead: 0 });
});

test("1 of 3 rejected is not a success: it is a dead letter, and the exit code says so", async () => {
  refusing("id-1");
  expect(await forward(place.write("in", lines(3)))).toMatchObject({
    delivered: 2,
    dead: 1,
    deadByCode: { InvalidData: 1 },
  });
});

test("a record without the members a mapping needs does not send the ones before it again", async () => {
  const file = place.write("in", `${lines(5)}{"what":"no time"}\n${lines(10, (n) => ({ id: `later-${n}` }))}`);
  expect(await forward(file)).toMatchObject({ read: 16, delivered: 15, dead: 1 });
  await forward(file);
  expect([...server.stored.values()].every((copies) => copies.length === 1)).toBe(true);
});

test("a retry has the ids of the first attempt: 3 runs of 212 records with a rejected one make 212 ids", async () => {
  refusing("nobody");
  const content = lines(212, (n) => (n === 100 ? { id: "the-bad-one" } : { id: undefined, what: `w${n}` }));
  const seen = new Set<string>();
  for (let run = 0; run < 3; run++) {
    refusing("the-bad-one");
    await forward(place.write("in", content));
  }
  for (const { events } of server.requests) for (const { id } of events) seen.add(id);
  expect(seen.size).toBe(212);
  expect([...server.stored.values()].every((copies) => copies.length === 1)).toBe(true);
});

test("two entries of one id in one pull do not end in DuplicatedAuditEventId for ever", async () => {
  server.script = (request, response) => {
    const isDouble = new Set(request.events.map((event) => event.id)).size < request.events.length;
    if (isDouble) refuse(response, 400, "DuplicatedAuditEventId");
    else accept.call(server, request, response);
  };
  const twice = lines(4, (n) => ({ id: "same", at: `2026-01-01T00:00:0${n}Z` }));
  expect(await forward(place.write("in", twice))).toMatchObject({ read: 4, delivered: 4, queued: 0, dead: 0 });
});

test("60 events of 25 kB are not one request of 1.5 MB", async () => {
  server.script = (request, response) =>
    Buffer.byteLength(request.body) > 1_000_000
      ? refuse(response, 413, "TooLarge")
      : accept.call(server, request, response);
  const summary = await forward(
    place.write(
      "in",
      lines(60, () => ({ text: "x".repeat(25_000) })),
    ),
  );
  expect(summary).toMatchObject({ delivered: 60, requests: 2 });
});

test("an over-size event that comes first does not take 250 others with it", async () => {
  const file = place.write(
    "in",
    lines(251, (n) => (n === 0 ? { text: '"'.repeat(9000) } : {})),
  );
  const summary = await place.run({ sender, files: [file], limits: { events: 100, bytes: 15_000 } });
  expect(summary).toMatchObject({ read: 251, delivered: 250, dead: 1, deadByCode: { REQUEST_TOO_LARGE: 1 } });
});

test("offsets 1, 2 (rejected), 3: the watermark does not hide 2", async () => {
  refusing("id-1");
  const file = place.write("in", lines(3));
  expect(await forward(file)).toMatchObject({ delivered: 2, dead: 1 });
  server.script = accept;
  expect(await forward(file)).toMatchObject({ delivered: 1, alreadyDelivered: 2 });
});

test("the checkpoint is not ahead of delivery: what a failed run has read is queued, not gone", async () => {
  server.script = (_request, response) => refuse(response, 500, "InternalFailure");
  expect(await forward(place.write("in", lines(250)))).toMatchObject({ read: 250, queued: 250 });
  server.script = accept;
  expect(await forward()).toMatchObject({ read: 250, delivered: 250 });
});

test("a put that failed is not remembered as sent", async () => {
  let first = true;
  server.script = (request, response) => {
    if (!first) return accept.call(server, request, response);
    first = false;
    refuse(response, 503, "ServiceUnavailable");
  };
  expect(await forward(place.write("in", lines(3)))).toMatchObject({ delivered: 3, alreadyDelivered: 0 });
  expect(server.stored.size).toBe(3);
});

test("the second file's requests do not hold the first file's events again", async () => {
  await forward(
    place.write("a", lines(150)),
    place.write(
      "b",
      lines(150, (n) => ({ id: `b-${n}` })),
    ),
  );
  expect(server.requests.flatMap((request) => request.events).length).toBe(300);
});

test("different events of one second, one user and one type all arrive", async () => {
  const same = lines(20, (n) => ({ id: undefined, what: "Login", from: `192.0.2.${n}` }));
  expect(await forward(place.write("in", same))).toMatchObject({ delivered: 20 });
});

test("a file of more than 1 MiB, gzipped, and with any name is not passed over", async () => {
  const random = Array.from({ length: 3000 }, (_, n) => Math.sin(n).toString(36).repeat(30));
  const packed = gzipSync(Buffer.from(lines(3000, (n) => ({ text: random[n] }))), { level: 0 });
  expect(packed.length).toBeGreaterThan(1_048_576);
  expect(await forward(place.write("18", packed))).toMatchObject({ read: 3000, delivered: 3000 });
});

test("times do not depend on the machine's zone", async () => {
  const file = place.write(
    "in",
    lines(1, () => ({ at: "2023-11-14T22:13:20Z" })),
  );
  const argv = ["forward", "--adapter", lineAdapter, "--channel-arn", channelArn, "--endpoint", server.endpoint];
  await tributary([...argv, "--state", place.statePath, file], { env: { TZ: "Europe/Berlin" } });
  expect(server.requests[0]!.events[0]!.eventData).toContain('"eventTime":"2023-11-14T22:13:20Z"');
});

test("every event has a checksum, every request the external id", async () => {
  await place.run({ sender, files: [place.write("in", lines(101))], externalId: "ours" });
  expect(server.requests.every((request) => request.url.searchParams.get("externalId") === "ours")).toBe(true);
  expect(
    server.requests.every((request) => request.events.every((event) => event.eventDataChecksum?.length === 44)),
  ).toBe(true);
});

const signIn = (n: number, more: object = {}) => ({
  uuid: `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
  published: "2026-01-01T00:00:00.000Z",
  eventType: "user.session.start",
  version: "0",
  severity: "INFO",
  displayMessage: "User login to Okta",
  actor: { id: "00u1", type: "User", alternateId: "ada@example.com", displayName: "Ada" },
  client: { ipAddress: "192.0.2.7", userAgent: { rawUserAgent: "curl/8.0" } },
  outcome: { result: "FAILURE", reason: "INVALID_CREDENTIALS" },
  target: [],
  ...more,
});

const forwardSignIns = async (...records: readonly object[]) => {
  using other = scene(okta);
  const file = other.write("in.jsonl", records.map((record) => `${JSON.stringify(record)}\n`).join(""));
  return await other.run({ sender, files: [file] });
};

test("who, from where, with what and how it failed stand where a query finds them, under the channel's account", async () => {
  expect(await forwardSignIns(signIn(1))).toMatchObject({ delivered: 1 });
  expect(JSON.parse(server.requests[0]!.events[0]!.eventData)).toMatchObject({
    eventName: "user.session.start",
    eventTime: "2026-01-01T00:00:00Z",
    sourceIPAddress: "192.0.2.7",
    userAgent: "curl/8.0",
    recipientAccountId: "111122223333",
    errorCode: expect.stringMatching(/./),
  });
});

test("a null actor stops nobody: its neighbours arrive, and it has an end of its own", async () => {
  const summary = await forwardSignIns(signIn(1), signIn(2, { actor: null }), signIn(3));
  expect(summary).toMatchObject({ read: 3, queued: 0, balanced: true });
  expect(summary.delivered + summary.dead).toBe(3);
  expect(summary.delivered).toBeGreaterThanOrEqual(2);
});

test("900 events of 290 kB all arrive by the real command: nothing between source and lake has a smaller limit", async () => {
  const file = place.write(
    "18",
    lines(900, () => ({ text: "t".repeat(220) })),
  );
  const argv = ["forward", "--adapter", lineAdapter, "--channel-arn", channelArn, "--endpoint", server.endpoint];
  expect(await tributary([...argv, "--state", place.statePath, file])).toMatchObject({ code: 0 });
  expect(server.stored.size).toBe(900);
});
