import { mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test, vi } from "vitest";
import { askReplay } from "../src/state/ask-replay.ts";
import { type DeadLetter, DeadLetters } from "../src/state/dead-letters.ts";
import { differencesOf } from "../src/state/differences-of.ts";
import { foldSettled } from "../src/state/fold-settled.ts";
import { integrationNumber } from "../src/state/integration-number.ts";
import { IntegrationStore } from "../src/state/integration-store.ts";
import type { StateDatabase } from "../src/state/state-database.ts";
import { stateReport } from "../src/state/state-report.ts";
import { channelArn, lines, scene, type Scene } from "./support/scene.ts";

vi.setConfig({ testTimeout: 60_000 });

const horizon = { now: Date.UTC(2026, 0, 2), rememberDays: 1, droppedDays: 36_500, droppedRecords: 1000 };

const sender = {
  send: ({ auditEvents }: { readonly auditEvents: readonly { readonly id: string }[] }) =>
    Promise.resolve({ successful: auditEvents.map(({ id }) => ({ id, eventID: "e" })), failed: [] }),
  close: () => undefined,
};
const count = async (database: StateDatabase, table: string) =>
  Number((await database.get(`SELECT count(*) AS n FROM ${table}`))!["n"]);
async function lettersOf(database: StateDatabase): Promise<readonly DeadLetter[]> {
  const letters: DeadLetter[] = [];
  for await (const letter of new DeadLetters(database).all()) letters.push(letter);
  return letters;
}

test("what is settled becomes a sum; the sum of promise 1 stays the same, and dead letters keep what they need", async () => {
  using place = scene();
  const file = place.write(
    "in.jsonl",
    lines(3500, (n) => (n % 1000 === 999 ? { at: "never" } : n % 1000 === 1 ? { kind: "noise" } : {})),
  );
  const summary = await place.run({ sender, files: [file] });
  using other = scene();
  const small = other.write(
    "small.jsonl",
    lines(10, (n) => ({ id: `q-${n}` })),
  );
  const left = { send: () => Promise.reject(new Error("down")), close: () => undefined };
  const backOff = { baseMs: 1, capMs: 1, maxAttempts: 1, giveUpAfterMs: 1 };
  await place.run({ sender: left, files: [small], backOff });
  const database = place.state();
  const before = await stateReport(database);
  expect(before[0]?.counts).toMatchObject({
    read: 3510,
    delivered: summary.delivered,
    dead: 3,
    dropped: 4,
    queued: 10,
  });
  const letters = await lettersOf(database);
  expect(await foldSettled(database, { ...horizon, now: Date.UTC(2100, 0, 1) })).toBe(false);
  expect(await stateReport(database)).toEqual(before);
  expect(await lettersOf(database)).toEqual(letters);
  // The chunk that is queued is there; of the others those with dead or dropped records.
  expect(await count(database, "progress")).toBe(1);
  expect(await new IntegrationStore(database, 1).openChunks(0, 10)).toHaveLength(1);
  expect(await count(database, "receipt")).toBe(0);
  expect(await foldSettled(database, horizon)).toBe(false);
  expect(await stateReport(database)).toEqual(before);
  await database.close();
  // What was queued is sent, and the sum goes on.
  await place.run({ sender });
  const after = place.state();
  await foldSettled(after, horizon);
  expect((await stateReport(after))[0]?.counts).toMatchObject({ read: 3510, queued: 0 });
  await after.close();
});

/** Makes the state as version 3 wrote it. */
function golden(place: Scene): DatabaseSync {
  mkdirSync(dirname(place.statePath), { recursive: true });
  const database = new DatabaseSync(place.statePath);
  database.exec(readFileSync(new URL("golden/state-3.sql", import.meta.url), "utf8"));
  return database;
}

test("a state of version 3 is taken over: its sum holds, its dead letters can be replayed, its queue is sent", async () => {
  using place = scene();
  golden(place).close();
  const database = place.state();
  const [report] = await stateReport(database);
  expect(report).toMatchObject({
    counts: { read: 5, delivered: 1, dead: 2, dropped: 1, queued: 1 },
    taken: 5,
    letters: 2,
  });
  expect(differencesOf(report!)).toEqual([]);
  const letters = await lettersOf(database);
  expect(letters.map(({ code, at, attempts, offset }) => [code, at, attempts, offset])).toEqual([
    ["NOT_JSON", undefined, 0, 178],
    ["InvalidData", undefined, 0, 62],
  ]);
  expect(await askReplay(database, { reason: "InvalidData" }, 1)).toBe(1);
  await database.close();
  expect(await place.run({ sender })).toMatchObject({ read: 2, resumed: 2, delivered: 2, balanced: true });
  const after = place.state();
  const [sum] = await stateReport(after);
  expect(sum).toMatchObject({
    counts: { read: 5, delivered: 3, dead: 1, dropped: 1, queued: 0 },
    taken: 5,
    letters: 1,
  });
  expect(differencesOf(sum!)).toEqual([]);
  await after.close();
});

test("a state of version 2 is taken over: numbers of integrations stay, names are empty", async () => {
  using place = scene();
  const database = golden(place);
  database.exec(`DROP TABLE polled; DROP TABLE replay; DROP TABLE trouble; DROP TABLE settled; DROP TABLE integration;
    CREATE TABLE integration (id INTEGER PRIMARY KEY, adapter TEXT NOT NULL, channel TEXT NOT NULL, UNIQUE (adapter, channel)) STRICT;
    INSERT INTO integration VALUES (7, 'okta', 'arn:a'), (9, 'okta', 'arn:b');
    PRAGMA user_version = 2`);
  database.close();
  const taken = place.state();
  expect((await stateReport(taken)).map((one) => [one.name, one.adapter, one.channelArn])).toEqual([
    ["", "okta", "arn:a"],
    ["", "okta", "arn:b"],
  ]);
  expect(await taken.all("SELECT id FROM integration ORDER BY id")).toEqual([{ id: 7 }, { id: 9 }]);
  await taken.close();
});

test("a state of version 3 is taken over: it has no places yet", async () => {
  using place = scene();
  golden(place).close();
  const taken = place.state();
  const store = new IntegrationStore(taken, await integrationNumber(taken, "okta", channelArn, "a"));
  const at = Date.UTC(2026, 0, 1);
  await store.commit({ places: { put: [{ kind: "file", key: "k", value: '{"position":7}', at }] } });
  // They stay with the name when the channel changes.
  const other = new IntegrationStore(taken, await integrationNumber(taken, "okta", `${channelArn}9`, "a"));
  expect(await other.places.get("file")).toEqual(new Map([["k", '{"position":7}']]));
  expect(await other.places.get("object")).toEqual(new Map());
  await other.commit({ places: { expired: { kind: "file", at: at + 1 } } });
  expect(await store.places.get("file", ["k"])).toEqual(new Map());
  await taken.close();
});

test("dropped records are remembered one by one within days and number, then as a number; dead letters always", async () => {
  using place = scene();
  const noise = lines(40, (n) => (n % 10 === 0 ? { at: "never" } : { kind: "noise", id: `id-${n}` }));
  await place.run({ sender, files: [place.write("in.jsonl", noise)] });
  const database = place.state();
  const [before] = await stateReport(database);
  const rows = async () =>
    Number((await database.get("SELECT count(*) AS n FROM exception WHERE kind = 'dropped'"))?.["n"]);
  expect(await rows()).toBe(36);
  await foldSettled(database, { ...horizon, droppedRecords: 10 });
  expect(await rows()).toBe(10);
  await foldSettled(database, { ...horizon, now: horizon.now + 8 * 86_400_000, droppedDays: 7 });
  expect(await rows()).toBe(0);
  expect(await stateReport(database)).toEqual([before]);
  expect(await lettersOf(database)).toHaveLength(4);
  await database.close();
});

test("what is asked of dead letters costs the same however many there are: no scan, no sort", async () => {
  using place = scene();
  const database = place.state();
  const plan = async (sql: string) =>
    (await database.all(`EXPLAIN QUERY PLAN ${sql}`)).map((row) => String(row["detail"])).join("\n");
  const dead = "FROM exception e JOIN integration i ON i.id = e.integration WHERE e.kind = 'dead'";
  const listed = await plan(`SELECT e.id ${dead} AND e.id > 7 ORDER BY e.id LIMIT 500`);
  expect(listed).toMatch(/SEARCH e USING (COVERING )?INDEX exception_dead/);
  expect(listed).not.toContain("TEMP B-TREE");
  const left = await plan("SELECT count(*) AS n FROM exception WHERE chunk = 1 AND frame = 2 AND kind = 'dead'");
  expect(left).toContain("exception_frame (chunk=? AND frame=?)");
  const oldest = await plan("SELECT id, chunk, at FROM exception WHERE kind = 'dropped' ORDER BY at, id LIMIT 9");
  expect(oldest).toContain("exception_dropped");
  expect(oldest).not.toContain("TEMP B-TREE");
  await database.close();
});
