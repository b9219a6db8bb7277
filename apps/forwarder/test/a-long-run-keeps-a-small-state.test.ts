import { expect, test, vi } from "vitest";
import { type DeadLetter, DeadLetters } from "../src/state/dead-letters.ts";
import { foldSettled } from "../src/state/fold-settled.ts";
import { integrationNumber } from "../src/state/integration-number.ts";
import { IntegrationStore } from "../src/state/integration-store.ts";
import type { StateDatabase } from "../src/state/state-database.ts";
import { stateReport } from "../src/state/state-report.ts";
import { channelArn, lines, scene } from "./support/scene.ts";

vi.setConfig({ testTimeout: 60_000 });

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
  expect(await foldSettled(database, Date.UTC(2100, 0, 1))).toBe(false);
  expect(await stateReport(database)).toEqual(before);
  expect(await lettersOf(database)).toEqual(letters);
  // The chunk that is queued is there; of the others those with dead or dropped records.
  expect(await count(database, "progress")).toBe(1);
  expect(await new IntegrationStore(database, 1).openChunks(0, 10)).toHaveLength(1);
  expect(await count(database, "receipt")).toBe(0);
  expect(await foldSettled(database, 0)).toBe(false);
  expect(await stateReport(database)).toEqual(before);
  await database.close();
  // What was queued is sent, and the sum goes on.
  await place.run({ sender });
  const after = place.state();
  await foldSettled(after, 0);
  expect((await stateReport(after))[0]?.counts).toMatchObject({ read: 3510, queued: 0 });
  await after.close();
});

test("a state of version 2 is taken over: numbers of integrations stay, names are empty", async () => {
  using place = scene();
  await place.state().close();
  const database = place.database();
  database.exec(`DROP TABLE polled; DROP TABLE replay; DROP TABLE trouble; DROP TABLE settled; DROP TABLE integration; DROP TABLE place;
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
  await place.state().close();
  const database = place.database();
  database.exec("DROP TABLE place; PRAGMA user_version = 3");
  database.close();
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
