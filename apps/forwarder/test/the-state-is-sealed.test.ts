import { createHash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { zstdDecompressSync } from "node:zlib";
import * as fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { isSealed, StateKeys } from "../src/state/state-keys.ts";
import { lineAdapter, tributary } from "./support/command.ts";
import { channelArn, scene, type Scene } from "./support/scene.ts";
import { config, run, toy, until } from "./support/running.ts";
import { accept, refuse, scriptedServer, type ScriptedServer } from "./support/scripted-server.ts";
import { readJsonLines } from "./support/read-json-lines.ts";

vi.setConfig({ testTimeout: 60_000 });

let lake: ScriptedServer;
beforeAll(async () => void (lake = await scriptedServer()));
beforeEach(() => {
  lake.script = accept;
  lake.stored.clear();
});
afterAll(() => lake.close());

const newKey = () => randomBytes(32).toString("base64");
const canary = "canary-in-a-record-5f0c";
/** Good, dead by the adapter, dead by the lake, longer than the limit, and queued. */
const records = [
  { at: "2026-01-01T00:00:00Z", what: "Test", id: "a", secretive: canary },
  { at: `not a time: ${canary}`, what: "Test", id: "b" },
  { at: "2026-01-01T00:00:00Z", what: "Refused", id: "c", secretive: canary },
  { at: "2026-01-01T00:00:00Z", what: "Long", id: "d", secretive: canary, text: `${canary} `.repeat(400) },
];
const lines = `${records.map((record) => JSON.stringify(record)).join("\n")}\n`;

function forward(place: Scene, file: string, key: string | undefined) {
  const argv = ["forward", "--adapter", lineAdapter, "--channel-arn", channelArn, "--endpoint", lake.endpoint];
  const more = [
    "--client",
    "built-in",
    "--max-record-bytes",
    "3000",
    "--state",
    place.statePath,
    ...(file === "" ? [] : [file]),
  ];
  return tributary([...argv, ...more], { env: key === undefined ? {} : { TRIBUTARY_STATE_KEY: key } });
}
const dlq = (place: Scene, argv: readonly string[], key?: string) =>
  tributary(["dlq", ...argv, "--state", place.statePath], {
    env: key === undefined ? {} : { TRIBUTARY_STATE_KEY: key },
  });

/** Refuses one event as a whole lake would, with words of the event in the message. */
const refusing: typeof accept = function refusing(request, response) {
  const failed = request.events.filter(({ eventData }) => eventData.includes("Refused"));
  const taken = request.events.filter((event) => !failed.includes(event));
  for (const { id, eventData } of taken) lake.stored.set(id, [...(lake.stored.get(id) ?? []), eventData]);
  response.writeHead(200, { "content-type": "application/json" }).end(
    JSON.stringify({
      successful: taken.map(({ id }) => ({ id, eventID: "00000000-0000-8000-8000-000000000000" })),
      failed: failed.map(({ id }) => ({ id, errorCode: "InvalidData", errorMessage: `does not like ${canary}` })),
    }),
  );
};

/** Whether a text is in a file of the state, as it is or within what is compressed there. */
function isInState(place: Scene, text: string): boolean {
  const directory = dirname(place.statePath);
  const database = new DatabaseSync(place.statePath, { readOnly: true });
  try {
    const columns = database
      .prepare(
        "SELECT m.name AS tbl, p.name AS col FROM sqlite_schema m JOIN pragma_table_info(m.name) p WHERE m.type = 'table'",
      )
      .all();
    for (const { tbl, col } of columns)
      for (const { value } of database.prepare(`SELECT "${String(col)}" AS value FROM "${String(tbl)}"`).all())
        if (value instanceof Uint8Array && unpacked(value).includes(text)) return true;
  } finally {
    database.close();
  }
  return readdirSync(directory).some((file) => readFileSync(join(directory, file)).includes(text));
}
function unpacked(value: Uint8Array): string {
  try {
    return zstdDecompressSync(value).toString("latin1");
  } catch {
    return Buffer.from(value).toString("latin1");
  }
}
const digest = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");

test("with a key, nothing of any record is in any file, whatever became of it; without one the same search finds it", async () => {
  for (const key of [newKey(), undefined]) {
    using place = scene();
    lake.script = refusing;
    expect((await forward(place, place.write("a.jsonl", lines), key)).code).toBe(1);
    lake.script = (_request, response) => refuse(response, 403, "ChannelInsufficientPermission");
    const queued = lines.replaceAll('"id":"', '"id":"queued-');
    await forward(place, place.write("b.jsonl", queued), key);
    expect(isInState(place, canary)).toBe(key === undefined);
    const { stdout } = await dlq(place, ["ls"], key);
    expect(stdout).toContain("FRAME_TOO_LONG");
    expect(stdout).toContain(`does not like ${canary}`);
    const listed = await dlq(place, ["ls", "--json"], key);
    const letters = readJsonLines<{ id: number; code: string }>(listed.stdout);
    const long = letters.find(({ code }) => code === "FRAME_TOO_LONG")!;
    const shown = await dlq(place, ["show", String(long.id), "--reveal"], key);
    expect(shown.stdout).toContain(JSON.stringify(records[3]));
    const refused = letters.find(({ code }) => code === "InvalidData")!;
    expect((await dlq(place, ["discard", String(refused.id), "--yes"], key)).code).toBe(0);
    expect((await dlq(place, ["replay", String(long.id)], key)).code).toBe(0);
    expect(isInState(place, canary)).toBe(key === undefined);
    lake.script = accept;
    await forward(place, "", key);
    expect(lake.stored.has("queued-a")).toBe(true);
    expect((await dlq(place, ["ls"], key)).stdout).toContain("FRAME_TOO_LONG");
    expect(isInState(place, canary)).toBe(key === undefined);
    lake.stored.clear();
  }
});

test("a wrong or missing key is refused and nothing is touched; a key that is no key, too", async () => {
  using place = scene();
  const key = newKey();
  lake.script = (_request, response) => refuse(response, 403, "ChannelInsufficientPermission");
  await forward(place, place.write("a.jsonl", lines), key);
  const before = digest(place.statePath);
  for (const [given, code] of [
    [undefined, "STATE_KEY_MISSING"],
    [newKey(), "STATE_KEY_WRONG"],
    ["c2hvcnQ=", "STATE_KEY_INVALID"],
  ] as const) {
    const ended = await forward(place, place.write("b.jsonl", lines), given);
    expect([ended.code === 0, ended.stderr]).toEqual([false, expect.stringContaining(wordsOf[code])]);
    expect(ended.stderr).not.toContain(given ?? "a key");
  }
  expect(digest(place.statePath)).toBe(before);
  expect((await dlq(place, ["ls"])).stderr).toContain(wordsOf.STATE_KEY_MISSING);
  expect((await tributary(["status", "--state", place.statePath])).code).toBe(0);
});
const wordsOf = {
  STATE_KEY_MISSING: "The state is sealed, and no key is given",
  STATE_KEY_WRONG: "which is not among those given",
  STATE_KEY_INVALID: "32 bytes in base64",
};

test("a value that was put in another's place is found, and nothing of it is sent: the events are made again of what was read", async () => {
  using place = scene();
  const key = newKey();
  lake.script = (_request, response) => refuse(response, 403, "ChannelInsufficientPermission");
  await forward(place, place.write("a.jsonl", lines), key);
  await forward(place, place.write("b.jsonl", lines.replaceAll('"id":"', '"id":"other-')), key);
  const database = new DatabaseSync(place.statePath);
  const [one, two] = database.prepare("SELECT chunk, results FROM mapped ORDER BY chunk").all();
  database.prepare("UPDATE mapped SET results = ? WHERE chunk = ?").run(one!["results"]!, two!["chunk"]!);
  database.close();
  lake.script = accept;
  const ended = await forward(place, "", key);
  expect(ended.stderr).toContain("it was mapped again, and nothing is lost");
  expect(lake.stored.has("a") && lake.stored.has("other-a")).toBe(true);
  expect([...lake.stored.values()].every((copies) => copies.length === 1)).toBe(true);
});

test("keys are rotated: the new one seals, the former one opens, and run takes them from its configuration", async () => {
  using place = scene();
  const [former, key] = [newKey(), newKey()];
  lake.script = (_request, response) => refuse(response, 403, "ChannelInsufficientPermission");
  const text = config(toy("toy", lake.endpoint, "    bulk: {path: /es, credentials: [{bearer: {env: TOKEN}}]}"));
  const sealing = (one: string) => place.write("tributary.yaml", `encryption: ${one}\n${text}`);
  const send = async (url: string, id: string) => {
    const body = `{"create":{}}\n${JSON.stringify({ at: "2026-01-01T00:00:00Z", what: "Test", id, secretive: canary })}\n`;
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(`${url}/es/_bulk`, { method: "POST", headers, body })).status).toBe(200);
  };
  const token = "a-bearer-token";
  const first = run(place, sealing("{key: {env: FORMER}}"), { FORMER: former, TOKEN: token });
  await send(await first.url(), "a");
  first.kill("SIGKILL");
  await first.ended;
  const second = run(place, sealing("{key: {env: KEY}, formerKeys: [{env: FORMER}]}"), {
    FORMER: former,
    KEY: key,
    TOKEN: token,
  });
  await send(await second.url(), "b");
  expect(isInState(place, canary)).toBe(false);
  lake.script = accept;
  second.kill("SIGHUP");
  await until(() => lake.stored.has("a") && lake.stored.has("b"));
  second.kill("SIGTERM");
  await second.ended;
  expect(JSON.stringify(second.lines)).not.toContain(key);
  const third = run(place, sealing("{key: {env: KEY}}"), { KEY: key, TOKEN: token });
  await third.url();
  third.kill("SIGTERM");
  expect(await third.ended).toMatchObject({ code: 0 });
});

test("what is sealed comes back with its place; any other bytes do not", () => {
  const keys = new StateKeys([newKey()]);
  const other = new StateKeys([newKey()]);
  fc.assert(
    fc.property(fc.uint8Array(), fc.nat(), fc.nat(), fc.nat({ max: 7 }), (bytes, chunk, at, bit) => {
      const sealed = keys.seal(bytes, ["original", chunk, 1]);
      expect(isSealed(sealed)).toBe(true);
      expect(keys.open(sealed)).toEqual({ bytes: Buffer.from(bytes), place: ["original", chunk, 1] });
      expect(() => other.open(sealed)).toThrow(/not among those given/);
      const changed = Uint8Array.from(sealed);
      changed[at % changed.length]! ^= 1 << bit;
      expect(!isSealed(changed) || throws(() => keys.open(changed))).toBe(true);
    }),
  );
  const seen = new Set(
    Array.from({ length: 1000 }, () => Buffer.from(keys.seal(new Uint8Array(), ["spool", 1])).toString("hex")),
  );
  expect(seen.size).toBe(1000);
});

function throws(work: () => unknown): boolean {
  try {
    work();
    return false;
  } catch {
    return true;
  }
}
