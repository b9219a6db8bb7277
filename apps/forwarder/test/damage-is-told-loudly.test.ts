import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { forwardTo } from "./support/forward-to.ts";
import { inProcess } from "./support/in-process.ts";
import { config, run, toy, until } from "./support/running.ts";
import { lines, scene, type Scene } from "./support/scene.ts";
import { accept, json, refuse, scriptedServer, type ScriptedServer, store } from "./support/scripted-server.ts";
import { readJsonLines } from "./support/read-json-lines.ts";

vi.setConfig({ testTimeout: 120_000 });

let server: ScriptedServer;
let place: Scene;
beforeEach(async () => {
  server = await scriptedServer(accept);
  place = scene();
});
afterEach(async () => {
  place[Symbol.dispose]();
  await server.close();
});

const credentials = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "an-example-secret" };
const tributary = (argv: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  inProcess(argv, { ...credentials, ...env });
const on = (...argv: readonly string[]) => tributary([...argv, "--state", place.statePath]);
const rows = async <T = object>(...argv: readonly string[]): Promise<readonly T[]> =>
  readJsonLines<T>((await on(...argv, "--json")).stdout);
const forward = (...argv: readonly string[]) => tributary(forwardTo(place, server.endpoint, ...argv));
const noChannel: typeof accept = (_request, response) => refuse(response, 403, "ChannelInsufficientPermission");

/** Changes a byte in the middle of what a table has of a chunk. Answers the bytes as they are then. */
function flip(table: "spool" | "mapped" | "original", chunk: number): Uint8Array {
  const column = { spool: "frames", mapped: "results", original: "bytes" }[table];
  const database = place.database();
  try {
    const row = database.prepare(`SELECT ${column} AS value FROM ${table} WHERE chunk = ?`).get(chunk);
    const bytes = Uint8Array.from(row!["value"] as Uint8Array);
    bytes[bytes.length >> 1]! ^= 16;
    database.prepare(`UPDATE ${table} SET ${column} = ? WHERE chunk = ?`).run(bytes, chunk);
    return bytes;
  } finally {
    database.close();
  }
}
const chunks = (): readonly number[] => {
  const database = place.database();
  try {
    return database
      .prepare("SELECT id FROM chunk WHERE open <> 0 ORDER BY id")
      .all()
      .map(({ id }) => Number(id));
  } finally {
    database.close();
  }
};

/** Two files in the queue of `forward`, mapped. */
async function twoFiles() {
  server.script = noChannel;
  const files = ["a", "b"].map((name) =>
    place.write(
      `${name}.jsonl`,
      lines(3, (n) => ({ id: `${name}-${n}` })),
    ),
  );
  expect((await forward(files[0]!)).code).toBe(4);
  expect((await forward(files[1]!)).code).toBe(4);
  expect((await forward(files[1]!)).code).toBe(4);
  return files;
}

test("forward: letters of a damaged chunk are listed, shown, not replayed, discarded; the exit code is 5, once", async () => {
  const [a] = await twoFiles();
  const [first] = chunks();
  flip("mapped", first!);
  const left = flip("spool", first!);

  expect((await on("ledger", "--record", `${a}@0`)).stdout).toContain("queued");
  expect((await on("ledger", "--record", `${a}@0`)).stdout).toContain("STATE_DAMAGED");

  server.script = accept;
  const ended = await forward();
  expect(ended.code).toBe(5);
  expect(ended.stderr).toContain(`What the state held of ${a}, bytes 0 to `);
  expect(ended.stdout).toContain("dead: STATE_DAMAGED 3");
  expect(ended.stdout).toContain("The state was damaged");
  expect([...server.stored.keys()].toSorted()).toEqual(["b-0", "b-1", "b-2"]);
  expect((await forward()).code).toBe(0);

  expect((await on("status")).stdout).toContain("THE STATE WAS DAMAGED: 3 records");
  const letters = await rows<{ id: number; code: string }>("dlq", "ls");
  expect(letters.map(({ code }) => code)).toEqual(["STATE_DAMAGED", "STATE_DAMAGED", "STATE_DAMAGED"]);
  const id = String(letters[0]!.id);
  expect((await on("dlq", "show", id)).stdout).toContain("The original is damaged");
  const [shown] = await rows<{ damaged: boolean; original: string }>("dlq", "show", id, "--reveal");
  expect(shown!.damaged).toBe(true);
  expect(Buffer.from(shown!.original, "base64").equals(left)).toBe(true);

  expect(await rows("dlq", "replay", "--all")).toEqual([{ asked: 0, waiting: 0, damaged: 3 }]);
  const asked = await on("dlq", "replay", "--all");
  expect([asked.code, asked.stdout]).toEqual([1, expect.stringContaining("cannot be put back")]);
  expect((await on("dlq", "replay", "--all", "--json")).code).toBe(1);
  const dry = await on("dlq", "replay", "--all", "--dry-run", ...forwardTo(place, server.endpoint).slice(1, 3));
  expect([dry.code, dry.stdout]).toEqual([1, expect.stringContaining("3 would stay dead: STATE_DAMAGED")]);
  expect((await forward()).code).toBe(0);
  expect((await on("ledger", "--record", `${a}@0`)).stdout).toMatch(/dead .*STATE_DAMAGED/);
  expect((await on("ledger", "--sum")).stdout).toContain("6 read = 3 delivered");

  expect(await rows("dlq", "discard", "--reason", "STATE_DAMAGED", "--yes")).toEqual([{ discarded: 3 }]);
  expect((await on("status")).stdout).not.toContain("DAMAGED");
  const sum = await on("ledger", "--sum");
  expect([sum.code, sum.stdout]).toEqual([0, expect.stringContaining("0 dead + 3 dropped + 0 queued: holds")]);
  const database = place.database();
  expect(database.prepare("SELECT count(*) AS n FROM original").get()).toEqual({ n: 0 });
  database.close();

  // Its source still has them.
  expect((await forward(a!)).code).toBe(0);
  expect(server.stored.size).toBe(6);
});

test("mapped events without their records: they are sent; one that is refused keeps its reason and its event, and is not replayed", async () => {
  await twoFiles();
  const [first] = chunks();
  const left = flip("spool", first!);
  server.script = (request, response) => {
    const failed = request.events.filter(({ id }) => id === "a-1");
    json(response, 200, {
      successful: store(
        server,
        request.events.filter((one) => !failed.includes(one)),
      ),
      failed: failed.map(({ id }) => ({ id, errorCode: "InvalidData", errorMessage: "no" })),
    });
  };
  expect((await forward()).code).toBe(1);
  expect([...server.stored.keys()].toSorted()).toEqual(["a-0", "a-2", "b-0", "b-1", "b-2"]);
  const [letter] = await rows<{ id: number; code: string; eventId: string }>("dlq", "ls");
  expect(letter).toMatchObject({ code: "InvalidData", eventId: "a-1" });
  const [shown] = await rows<{ original: string; eventData: string }>("dlq", "show", String(letter!.id), "--reveal");
  expect(shown).toMatchObject({ damaged: true, original: Buffer.from(left).toString("base64") });
  expect(JSON.parse(shown!.eventData)).toMatchObject({ UID: "a-1" });
  expect(await rows("dlq", "replay", "--all")).toEqual([{ asked: 0, waiting: 0, damaged: 1 }]);
});

test("a dead letter whose bytes are damaged stays dead of that when it is replayed; the others are put back", async () => {
  const file = place.write(
    "in.jsonl",
    lines(4, (n) => ({ id: `${n % 2 === 0 ? "bad" : "good"}-${n}` })),
  );
  server.script = (request, response) => {
    const failed = request.events.filter(({ id }) => id.startsWith("bad"));
    json(response, 200, {
      successful: store(
        server,
        request.events.filter((one) => !failed.includes(one)),
      ),
      failed: failed.map(({ id }) => ({ id, errorCode: "InvalidData", errorMessage: "no" })),
    });
  };
  expect((await forward(file)).code).toBe(1);
  const database = place.database();
  const [row] = database.prepare("SELECT chunk, frame, bytes FROM original ORDER BY frame").all();
  const bytes = Uint8Array.from(row!["bytes"] as Uint8Array);
  bytes[bytes.length - 1]! ^= 1;
  database
    .prepare("UPDATE original SET bytes = ? WHERE chunk = ? AND frame = ?")
    .run(bytes, row!["chunk"]!, row!["frame"]!);
  database.close();
  expect(await rows("dlq", "replay", "--all")).toEqual([{ asked: 2, waiting: 2 }]);
  server.script = accept;
  await forward();
  expect(server.stored.has("bad-2")).toBe(true);
  expect(server.stored.has("bad-0")).toBe(false);
  const [letter, ...others] = await rows<{ id: number }>("dlq", "ls");
  expect(others).toEqual([]);
  expect(letter).toMatchObject({ code: "STATE_DAMAGED", message: expect.stringContaining("It was dead: InvalidData") });
  const [shown] = await rows<{ original: string }>("dlq", "show", String(letter!.id), "--reveal");
  expect(shown).toMatchObject({ damaged: true, original: Buffer.from(bytes).toString("base64") });
  expect((await on("ledger", "--sum")).stdout).toContain("1 dead + 0 dropped + 0 queued: holds");
});

test("a wrong or missing key is no damage: nothing is set aside, and with the right one the damaged chunk alone is", async () => {
  const key = randomBytes(32).toString("base64");
  const sealed = (given: string | undefined, ...argv: readonly string[]) =>
    tributary(forwardTo(place, server.endpoint, ...argv), given === undefined ? {} : { TRIBUTARY_STATE_KEY: given });
  server.script = noChannel;
  for (const name of ["a", "b"]) {
    const file = place.write(
      `${name}.jsonl`,
      lines(2, (n) => ({ id: `${name}-${n}` })),
    );
    for (let times = 0; times < 2; times++) expect((await sealed(key, file)).code).toBe(4);
  }
  const [first] = chunks();
  flip("mapped", first!);
  flip("spool", first!);
  server.script = accept;
  for (const given of [undefined, randomBytes(32).toString("base64")]) {
    const ended = await sealed(given);
    expect([ended.code, ended.stderr]).toEqual([5, expect.stringContaining("key")]);
  }
  expect(server.stored.size).toBe(0);
  expect(chunks()).toHaveLength(2);
  expect((await sealed(key)).code).toBe(5);
  expect([...server.stored.keys()].toSorted()).toEqual(["b-0", "b-1"]);
});

async function send(url: string, id: string) {
  const body = `{"create":{}}\n${JSON.stringify({ at: "2026-01-01T00:00:00Z", what: "Test", id })}\n`;
  const headers = { authorization: "Bearer a-bearer-token" };
  expect((await fetch(`${url}/es/_bulk`, { method: "POST", headers, body })).status).toBe(200);
}

test("run: the log, the metrics, the doctor and the exit code tell of it; the other chunks go on", async () => {
  server.script = noChannel;
  const bulk = "    bulk: {path: /es, credentials: [{bearer: {env: TOKEN}}]}";
  const file = place.write("tributary.yaml", config(toy("toy", server.endpoint, bulk)));
  const env = { TOKEN: "a-bearer-token" };
  const first = run(place, file, env);
  for (const id of ["a", "b", "c"]) await send(await first.url(), id);
  await first.line(({ code }) => code === "ChannelInsufficientPermission");
  first.kill("SIGKILL");
  await first.ended;
  const [damaged] = chunks().slice(-1);
  const database = place.database();
  database.prepare("DELETE FROM mapped WHERE chunk = ?").run(damaged!);
  database.prepare("DELETE FROM progress WHERE chunk = ?").run(damaged!);
  database.prepare("UPDATE chunk SET open = -1 WHERE id = ? AND open > 0").run(damaged!);
  database.close();
  flip("spool", damaged!);

  server.script = accept;
  const second = run(place, file, env);
  const line = await second.line(({ code }) => code === "STATE_DAMAGED");
  expect([line.level, line.message]).toEqual(["error", expect.stringContaining("1 records are dead")]);
  await until(() => server.stored.size === 2);
  const metrics = await second.text("/metrics");
  expect(metrics).toContain('tributary_dead_total{integration="toy",code="STATE_DAMAGED"} 1');
  expect(metrics).toContain('tributary_troubles_total{integration="toy",code="STATE_DAMAGED"} 1');
  expect(metrics).not.toContain('tributary_parked{integration="toy"');
  second.kill("SIGTERM");
  expect((await second.ended).code).toBe(5);
  const away = place.write("doctor.yaml", config(toy("toy", "http://127.0.0.1:1", bulk)));
  const found = await tributary(["doctor", "--config", away, "--json"], { ...env, TRIBUTARY_STATE: place.statePath });
  expect(found.stdout).toContain("1 records could not be read back from the state");
});
