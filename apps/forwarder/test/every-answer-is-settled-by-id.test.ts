import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { accept, json, refuse, scriptedServer, type ScriptedServer, store } from "./support/scripted-server.ts";
import { lines, scene, type Scene, sendTo } from "./support/scene.ts";

vi.setConfig({ testTimeout: 60_000 });

let server: ScriptedServer;
let place: Scene;

beforeEach(async () => {
  server = await scriptedServer();
  place = scene();
});
afterEach(async () => {
  place[Symbol.dispose]();
  await server.close();
});

async function send(count: number, options: object = {}) {
  const file = place.write("in.jsonl", lines(count));
  return place.run({ sender: await sendTo(server.endpoint), files: [file], ...options });
}

/** Every id is stored, and always with the same bytes. */
function expectStored(count: number) {
  expect(server.stored.size).toBe(count);
  for (const copies of server.stored.values()) expect(new Set(copies).size).toBe(1);
}

test("all are delivered, with checksums, in batches of 100 in order", async () => {
  const summary = await send(250);
  expect(summary).toMatchObject({ read: 250, delivered: 250, queued: 0, balanced: true, requests: 3 });
  expect(server.requests.map((request) => request.events.length)).toEqual([100, 100, 50]);
  expect(server.requests.flatMap((request) => request.events.map((event) => event.id))).toEqual(
    Array.from({ length: 250 }, (_, n) => `id-${n}`),
  );
  for (const { eventDataChecksum } of server.requests[0]!.events)
    expect(eventDataChecksum).toMatch(/^[A-Za-z0-9+/]{43}=$/);
});

test("the external id is sent", async () => {
  await send(1, { externalId: "abc+/=:1" });
  expect(server.requests[0]!.url.searchParams.get("externalId")).toBe("abc+/=:1");
});

test("partial failure: retryable entries go again with the same bytes, the others die with code and message", async () => {
  let first = true;
  server.script = (request, response) => {
    const failing = first ? request.events.slice(0, 3) : [];
    first = false;
    const codes = ["Throttling", "InternalFailure", "InvalidData"];
    const failed = failing.map(({ id }, n) => ({ id, errorCode: codes[n], errorMessage: `because ${n}` }));
    json(response, 200, { successful: store(server, request.events.slice(failing.length)), failed });
  };
  const summary = await send(10);
  expect(summary).toMatchObject({
    read: 10,
    delivered: 9,
    dead: 1,
    queued: 0,
    balanced: true,
    deadByCode: { InvalidData: 1 },
    requests: 2,
    retries: 1,
  });
  expect(server.requests[1]!.events).toEqual(server.requests[0]!.events.slice(0, 2));
  const database = place.database();
  expect(database.prepare("SELECT code, message, event_id FROM exception").all()).toMatchObject([
    { code: "InvalidData", message: "because 2", event_id: "id-2" },
  ]);
  database.close();
});

test("an id in both lists is not taken for delivered", async () => {
  server.script = (request, response) => {
    const successful = store(server, request.events);
    const failed = request.number === 0 ? [{ id: "id-0", errorCode: "InvalidData", errorMessage: "no" }] : [];
    json(response, 200, { successful, failed });
  };
  expect(await send(3)).toMatchObject({ delivered: 3, dead: 0, balanced: true, requests: 2 });
  expect(server.requests[1]!.events.map((event) => event.id)).toEqual(["id-0"]);
  expectStored(3);
});

test("ids that were not sent are ignored and counted", async () => {
  server.script = (request, response) =>
    json(response, 200, {
      successful: [...store(server, request.events), { id: "stranger", eventID: "x" }, {}, null],
      failed: [{ id: "id-0x", errorCode: "InvalidData", errorMessage: "no" }],
    });
  expect(await send(3)).toMatchObject({ delivered: 3, dead: 0, balanced: true, requests: 1 });
});

for (const [name, body] of [
  ["empty lists", { successful: [], failed: [] }],
  ["no lists", {}],
] as const)
  test(`${name}: nothing is delivered, all goes again`, async () => {
    server.script = (request, response) =>
      request.number === 0 ? json(response, 200, body) : accept.call(server, request, response);
    expect(await send(3)).toMatchObject({ delivered: 3, balanced: true, requests: 2 });
    expectStored(3);
  });

for (const [name, text] of [
  ["truncated JSON", '{"successful":[{"id":"id-0","eve'],
  ["HTML from a proxy", "<!doctype html><title>Welcome</title>"],
] as const)
  test(`status 200 with ${name} is not an acknowledgement`, async () => {
    server.script = (request, response) => {
      if (request.number > 0) return accept.call(server, request, response);
      response.writeHead(200, { "content-type": "text/html" }).end(text);
    };
    expect(await send(3)).toMatchObject({ delivered: 3, balanced: true, requests: 2 });
    expectStored(3);
  });

test("the socket drops after the server committed: the same ids and bytes go again", async () => {
  server.script = (request, response) => {
    if (request.number > 0) return accept.call(server, request, response);
    store(server, request.events);
    response.destroy();
  };
  expect(await send(3)).toMatchObject({ delivered: 3, balanced: true, requests: 2 });
  expectStored(3);
  expect(server.requests[1]!.body).toBe(server.requests[0]!.body);
});

test("a server that never answers is given up after the time-out, and asked again", async () => {
  server.script = (request, response) => {
    store(server, request.events);
    if (request.number > 0) accept.call(server, request, response);
  };
  const file = place.write("in.jsonl", lines(3));
  const summary = await place.run({ sender: await sendTo(server.endpoint, 1000), files: [file] });
  expect(summary).toMatchObject({ delivered: 3, balanced: true, requests: 2 });
  expectStored(3);
});

test("throttling of the whole request: back-off within its bounds, Retry-After honoured", async () => {
  const times: number[] = [];
  const { instantClock } = await import("./support/instant-clock.ts");
  const clock = instantClock();
  server.script = (request, response) => {
    times.push(clock.now());
    if (request.number === 0) return refuse(response, 429, "ThrottlingException");
    if (request.number === 1) return refuse(response, 503, "ServiceUnavailable", "later", { "retry-after": "7" });
    accept.call(server, request, response);
  };
  expect(await send(3, { clock })).toMatchObject({ delivered: 3, balanced: true, requests: 3, retries: 2 });
  const [first, asked, second] = clock.delays;
  expect(first).toBeLessThan(200);
  expect(asked).toBe(7000);
  expect(second).toBeLessThan(7400);
  expect(times[2]! - times[1]!).toBe(second);
});

test("a server that stays away: the budget ends it, all is queued, and the next run delivers", async () => {
  server.script = (_request, response) => refuse(response, 500, "InternalFailure");
  const summary = await send(250);
  expect(summary).toMatchObject({
    read: 250,
    delivered: 0,
    queued: 250,
    dead: 0,
    balanced: true,
    stopped: { kind: "unreachable", code: "InternalFailure" },
  });
  expect(server.requests.length).toBeLessThanOrEqual(3 * 8);
  server.script = accept;
  expect(await place.run({ sender: await sendTo(server.endpoint) })).toMatchObject({
    read: 250,
    delivered: 250,
    queued: 0,
    balanced: true,
  });
  expectStored(250);
});

test("an entry that is always throttled stays queued and does not hold up the others", async () => {
  server.script = (request, response) => {
    const stuck = request.events.filter((event) => event.id === "id-7");
    json(response, 200, {
      successful: store(
        server,
        request.events.filter((event) => event.id !== "id-7"),
      ),
      failed: stuck.map(({ id }) => ({ id, errorCode: "Throttling", errorMessage: "slow down" })),
    });
  };
  expect(await send(300)).toMatchObject({ read: 300, delivered: 299, queued: 1, left: 1, dead: 0, balanced: true });
});

for (const code of [
  "ChannelInsufficientPermission",
  "ChannelNotFound",
  "InvalidChannelARN",
  "AccessDeniedException",
  "InvalidSignatureException",
])
  test(`${code} stops the channel: nothing dies, the queue is kept, the next run delivers`, async () => {
    server.script = (_request, response) => refuse(response, code.startsWith("Acc") ? 403 : 400, code, "not you");
    const summary = await send(150);
    expect(summary).toMatchObject({
      read: 150,
      queued: 150,
      dead: 0,
      balanced: true,
      stopped: { kind: "refused", code, message: "not you" },
    });
    server.script = accept;
    expect(await place.run({ sender: await sendTo(server.endpoint) })).toMatchObject({
      read: 150,
      delivered: 150,
      balanced: true,
    });
    expectStored(150);
  });

test("an interruption waits for open requests within a deadline, then keeps them queued", async () => {
  const stop = new AbortController();
  server.script = (request) => {
    store(server, request.events);
    stop.abort(); // and never an answer
  };
  expect(await send(3, { signal: stop.signal })).toMatchObject({
    read: 3,
    queued: 3,
    balanced: true,
    stopped: { kind: "interrupted" },
  });
  server.script = accept;
  expect(await place.run({ sender: await sendTo(server.endpoint) })).toMatchObject({
    read: 3,
    delivered: 3,
    balanced: true,
  });
  expectStored(3);
});
