import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { accept, json, refuse, scriptedServer, type ScriptedServer, store } from "./support/scripted-server.ts";
import { lines, scene, sendTo } from "./support/scene.ts";

vi.setConfig({ testTimeout: 60_000 });

let server: ScriptedServer;
beforeAll(async () => void (server = await scriptedServer()));
afterAll(() => server.close());

async function run(count: number, make?: (n: number) => object, options: object = {}) {
  server.stored.clear();
  server.requests.length = 0;
  using place = scene();
  const file = place.write("in.jsonl", lines(count, make));
  const summary = await place.run({ sender: await sendTo(server.endpoint), files: [file], ...options });
  const database = place.database();
  const exceptions = database.prepare("SELECT code, event_id FROM exception ORDER BY event_id").all();
  database.close();
  return { summary, exceptions };
}

for (const [status, code] of [
  [400, "ValidationException"],
  [413, "RequestEntityTooLargeException"],
  [400, "SerializationException"],
] as const)
  test(`a batch refused as a whole (${code}) is halved until the one at fault is alone, whatever its place`, async () => {
    for (const place of code === "ValidationException" ? Array.from({ length: 100 }, (_, n) => n) : [0, 49, 99]) {
      const poison = `id-${place}`;
      server.script = (request, response) =>
        request.events.some((event) => event.id === poison)
          ? refuse(response, status, code, "something is wrong")
          : accept.call(server, request, response);
      const { summary, exceptions } = await run(100);
      expect(summary).toMatchObject({ read: 100, delivered: 99, dead: 1, queued: 0, balanced: true });
      expect(exceptions).toMatchObject([{ code, event_id: poison }]);
      expect(server.stored.size).toBe(99);
      expect(summary.requests).toBeLessThanOrEqual(2 * 7 + 1);
    }
  }, 60_000);

test("a 400 that nobody knows: the event at fault dies alone, wherever it stands", async () => {
  for (const place of [0, 49, 99]) {
    const poison = `id-${place}`;
    server.script = (request, response) =>
      request.events.some((event) => event.id === poison)
        ? refuse(response, 400, "SomethingNewException", "something is wrong")
        : accept.call(server, request, response);
    const { summary, exceptions } = await run(100);
    expect(summary).toMatchObject({ read: 100, delivered: 99, dead: 1, queued: 0, balanced: true });
    expect(exceptions).toMatchObject([{ code: "SomethingNewException", event_id: poison }]);
  }
});

test("a 400 that nobody knows, to every request: nothing dies, the delivery stops after few of them, and goes on when they end", async () => {
  for (const already of [0, 5000]) {
    using place = scene();
    const file = place.write("in.jsonl", lines(already + 5000));
    const sender = await sendTo(server.endpoint);
    server.stored.clear();
    server.requests.length = 0;
    let refused = 0;
    server.script = (request, response) => {
      if (server.stored.size < already) return accept.call(server, request, response);
      refused++;
      response.writeHead(400, { "content-type": "text/html" }).end("<html>Bad request</html>");
    };
    const summary = await place.run({ sender, files: [file] });
    expect(summary).toMatchObject({ dead: 0, balanced: true, stopped: { kind: "refused", code: "HTTP400" } });
    expect(summary.stopped?.message).toContain("Is the endpoint right");
    expect(refused).toBeLessThan(200);
    server.script = accept;
    const rest = await place.run({ sender, files: [file] });
    expect(rest).toMatchObject({ dead: 0, queued: 0, balanced: true });
    expect(server.stored.size).toBe(already + 5000);
  }
});

test("a queue of nothing but one event that is refused with an unknown 400 waits, until another is taken", async () => {
  using place = scene();
  const sender = await sendTo(server.endpoint);
  server.script = (request, response) =>
    request.events.some(({ id }) => id === "id-0")
      ? refuse(response, 400, "SomethingNewException")
      : accept.call(server, request, response);
  const alone = await place.run({ sender, files: [place.write("one.jsonl", lines(1))] });
  expect(alone).toMatchObject({ dead: 0, queued: 1, stopped: { kind: "refused", code: "SomethingNewException" } });
  const two = await place.run({
    sender,
    files: [
      place.write(
        "two.jsonl",
        lines(1, () => ({ id: "id-1" })),
      ),
    ],
  });
  expect(two).toMatchObject({ delivered: 1, dead: 1, queued: 0, balanced: true });
});

test("DuplicatedAuditEventId splits the batch instead of looping", async () => {
  server.script = (request, response) =>
    request.events.length > 1 &&
    request.events.some((event) => event.id === "id-3") &&
    request.events.some((event) => event.id === "id-4")
      ? refuse(response, 400, "DuplicatedAuditEventId")
      : accept.call(server, request, response);
  const { summary } = await run(10);
  expect(summary).toMatchObject({ delivered: 10, dead: 0, balanced: true });
});

test("one id twice, with other bytes: never in one request, and never a loop", async () => {
  server.script = (request, response) =>
    new Set(request.events.map((event) => event.id)).size < request.events.length
      ? refuse(response, 400, "DuplicatedAuditEventId")
      : accept.call(server, request, response);
  const { summary } = await run(100, (n) => ({ id: `id-${n % 50}`, at: `2026-01-01T00:00:${n < 50 ? "00" : "01"}Z` }));
  expect(summary).toMatchObject({ read: 100, delivered: 100, balanced: true });
  for (const request of server.requests)
    expect(new Set(request.events.map((event) => event.id)).size).toBe(request.events.length);
});

test("poison per entry, in every position of a batch, dies alone", async () => {
  server.script = (request, response) => {
    const bad = request.events.filter((event) => event.eventData.includes("poison"));
    json(response, 200, {
      successful: store(
        server,
        request.events.filter((event) => !bad.includes(event)),
      ),
      failed: bad.map(({ id }) => ({ id, errorCode: "InvalidData", errorMessage: "no" })),
    });
  };
  const { summary } = await run(100, (n) => (n % 10 === 0 ? { what: "poison" } : {}));
  expect(summary).toMatchObject({ read: 100, delivered: 90, dead: 10, balanced: true });
});

test("a record the adapter refuses dies with its original bytes; its neighbours are delivered", async () => {
  server.script = accept;
  using place = scene();
  const broken = [
    "not json at all",
    '{"at":"2026-01-01T00:00:00Z"}',
    '{"at":"yesterday","what":"x"}',
    '{"at":1,"at":2,"what":"x"}',
  ];
  const file = place.write("in.jsonl", `${lines(3)}${broken.join("\n")}\n${lines(5)}`);
  const summary = await place.run({ sender: await sendTo(server.endpoint), files: [file] });
  expect(summary).toMatchObject({ read: 12, delivered: 5, alreadyDelivered: 3, dead: 4, balanced: true });
  const { DeadLetters } = await import("../src/state/dead-letters.ts");
  const database = place.state();
  const letters = new DeadLetters(database);
  const originals: string[] = [];
  for await (const { id } of letters.all()) originals.push(Buffer.from((await letters.original(id))!.bytes).toString());
  await database.close();
  expect(originals).toEqual(broken);
});

test("1,000 dead of one cause in a row stop the run with its cursor kept", async () => {
  server.script = accept;
  using place = scene();
  const file = place.write("in.jsonl", "{}\n".repeat(5000));
  const sender = await sendTo(server.endpoint);
  const summary = await place.run({ sender, files: [file] });
  expect(summary).toMatchObject({ read: 1000, dead: 1000, balanced: true, stopped: { kind: "paused" } });
  const rest = await place.run({ sender, files: [file], pauseAfter: 0 });
  expect(rest).toMatchObject({ read: 4000, dead: 4000, balanced: true });
});
