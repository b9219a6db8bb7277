import { randomBytes } from "node:crypto";
import { mapFrame } from "@tributary/adapter-kit";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../../src/delivery/back-off.ts";
import { forward } from "../../src/pipeline/forward.ts";
import { DeadLetters } from "../../src/state/dead-letters.ts";
import { encodeFrames, offsetsOf } from "../../src/state/chunk-codec.ts";
import { differencesOf } from "../../src/state/differences-of.ts";
import { integrationNumber } from "../../src/state/integration-number.ts";
import { IntegrationStore } from "../../src/state/integration-store.ts";
import { RecordEnds } from "../../src/state/record-ends.ts";
import { sealedState } from "../../src/state/sealed-state.ts";
import type { StateDatabase } from "../../src/state/state-database.ts";
import { StateKeys } from "../../src/state/state-keys.ts";
import { stateReport } from "../../src/state/state-report.ts";
import { instantClock } from "./instant-clock.ts";
import adapter from "./line-adapter.ts";
import { channelArn, lines, sendTo } from "./scene.ts";
import { accept, refuse, scriptedServer, type ScriptedServer } from "./scripted-server.ts";

const chunks = 6;
const perChunk = 5;
/** Of these the events are in the state too, when it is damaged. */
const mappedChunks = 3;
const receivedAt = "2026-01-01T00:00:00.000Z";

/** Where in a value a byte is changed: sealed or plain, each part of both is among these. */
const places = ["header", "key", "nonce", "frame", "checksum", "tag", "cut", "grown"] as const;

interface Wound {
  readonly table: "spool" | "mapped";
  /** By its place in the queue. */
  readonly chunk: number;
  readonly place: (typeof places)[number];
  readonly at: number;
  readonly bit: number;
}

const wounds = fc.uniqueArray(
  fc.record({
    table: fc.constantFrom<Wound["table"][]>("spool", "mapped"),
    chunk: fc.nat({ max: chunks - 1 }),
    place: fc.constantFrom(...places),
    at: fc.nat(),
    bit: fc.nat({ max: 7 }),
  }),
  { minLength: 1, maxLength: 4, selector: ({ table, chunk }) => `${table} ${chunk}` },
);

function wounded(bytes: Uint8Array, { place, at, bit }: Wound): Uint8Array {
  if (place === "cut") return bytes.subarray(0, at % bytes.length);
  if (place === "grown") return Buffer.concat([bytes.subarray(0, -1), randomBytes(1 + (at % 20))]);
  const changed = Uint8Array.from(bytes);
  const { length } = bytes;
  const index = {
    header: at % 8,
    key: 8 + (at % 24),
    nonce: 32 + (at % 16),
    frame: at % length,
    checksum: length - 1 - (at % 4),
    tag: length - 1 - (at % 16),
  }[place];
  changed[index % length]! ^= 1 << bit;
  return changed;
}

/**
 * What a damaged chunk must do in every state, whichever database it is in: lose its own records alone.
 * @param begin a new, empty state, the same each time it is opened
 */
export function damageContract(
  name: string,
  begin: () => { readonly open: () => Promise<StateDatabase>; readonly end: () => void },
): void {
  for (const keys of [undefined, new StateKeys([randomBytes(32).toString("base64")])])
    test(`${keys === undefined ? "" : "sealed "}${name}: flips anywhere in some chunks cost the records of those chunks alone`, async () => {
      const seed = Number(process.env["TRIBUTARY_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
      const numRuns = Number(process.env["TRIBUTARY_DAMAGES"] ?? 40);
      console.log(`seed ${seed}, ${numRuns} runs`);
      const seen = { lost: 0, mappedAgain: 0, whole: 0 };
      const server = await scriptedServer();
      const property = fc.asyncProperty(wounds, fc.boolean(), async (some, restarts) => {
        const { open, end } = begin();
        try {
          await damage(server, { open, keys }, some, restarts, seen);
        } finally {
          end();
        }
      });
      try {
        await fc.assert(property, { seed, numRuns });
      } finally {
        await server.close();
      }
      console.log(seen);
      // Each of the three ways was gone.
      expect(Math.min(...Object.values(seen))).toBeGreaterThan(numRuns < 40 ? -1 : 0);
    });
}

async function damage(
  server: ScriptedServer,
  { open, keys }: { readonly open: () => Promise<StateDatabase>; readonly keys: StateKeys | undefined },
  some: readonly Wound[],
  restarts: boolean,
  seen: { lost: number; mappedAgain: number; whole: number },
): Promise<void> {
  server.stored.clear();
  const queue = await queued(server, open, keys);
  const raw = await open();
  const kept = new Map<number, Uint8Array>();
  for (const wound of some) {
    const id = queue[wound.chunk]!;
    const [table, column] = wound.table === "spool" ? ["spool", "frames"] : ["mapped", "results"];
    const bytes = (await raw.get(`SELECT ${column} AS value FROM ${table} WHERE chunk = ?`, id))?.["value"];
    if (!(bytes instanceof Uint8Array)) continue;
    const changed = wounded(bytes, wound);
    await raw.transaction((to) => to.run(`UPDATE ${table} SET ${column} = ? WHERE chunk = ?`, changed, id));
    if (wound.table === "spool") kept.set(id, changed);
  }
  await raw.close();

  server.script = accept;
  const told: number[] = [];
  const tell = (lost: number) => void told.push(lost);
  if (restarts) await run(server, open, keys, AbortSignal.abort(), tell);
  const summary = await run(server, open, keys, undefined, tell);
  expect(summary.stopped).toBeUndefined();

  const database = await sealedState(await open(), keys, true);
  try {
    const [report] = await stateReport(database);
    expect(differencesOf(report!)).toEqual([]);
    expect(report!.counts).toMatchObject({ read: chunks * perChunk, queued: 0 });
    const letters = new DeadLetters(database);
    const dead = new Map<number, number>();
    for await (const { id, code } of letters.all()) {
      expect(code).toBe("STATE_DAMAGED");
      const chunk = Number((await database.get("SELECT chunk FROM exception WHERE id = ?", id))?.["chunk"]);
      dead.set(chunk, (dead.get(chunk) ?? 0) + 1);
      const original = await letters.original(id);
      expect(original!.isDamaged).toBe(true);
      expect(Buffer.from(original!.bytes).equals(kept.get(chunk)!)).toBe(true);
    }
    for (const [place, id] of queue.entries()) {
      const hit = some.filter(({ chunk }) => chunk === place);
      const mayBeLost = hit.some(({ table }) => table === "spool") && (place >= mappedChunks || hit.length === 2);
      const ids = Array.from({ length: perChunk }, (_, n) => `id-${place * perChunk + n}`);
      const isLost = dead.has(id);
      if (isLost) seen.lost++;
      else if (hit.some(({ table }) => table === "mapped") && place < mappedChunks) seen.mappedAgain++;
      else seen.whole++;
      expect([mayBeLost || !isLost, dead.get(id) ?? perChunk]).toEqual([true, perChunk]);
      expect(ids.filter((one) => server.stored.has(one))).toEqual(isLost ? [] : ids);
      const ends = [];
      for await (const one of new RecordEnds(database, undefined).ofPlace("queue", offsetOf(place * perChunk)))
        if ("end" in one) ends.push(one.code);
      expect(ends).toEqual(isLost ? ["STATE_DAMAGED"] : []);
    }
    // Nothing but what was issued, in the bytes that an undamaged state gives, once.
    for (const [id, copies] of server.stored) expect([id, copies]).toEqual([id, [eventOf(id)]]);
    const lost = [...dead.values()].reduce((sum, count) => sum + count, 0);
    expect(report!.counts.delivered + lost).toBe(chunks * perChunk);
    expect(told.reduce((sum, count) => sum + count, 0)).toBe(lost);
  } finally {
    await database.close();
  }
}

const texts = lines(chunks * perChunk)
  .trim()
  .split("\n");
const offsetOf = (record: number) => record * 100;

/** The event of a record as it must be sent. */
function eventOf(id: string): string {
  const context = { accountId: "111122223333", origin: { receivedAt, occurrence: 0 }, options: undefined };
  const [mapped] = mapFrame(adapter, "jsonl", Buffer.from(texts[Number(id.slice(3))]!), context);
  if (mapped?.kind !== "event") throw new Error(`${id} is no event`);
  return mapped.eventData;
}

/** A queue of chunks, the first of them mapped. Answers their numbers. */
async function queued(
  server: ScriptedServer,
  open: () => Promise<StateDatabase>,
  keys: StateKeys | undefined,
): Promise<readonly number[]> {
  const queue: number[] = [];
  const add = async (from: number, to: number) => {
    const database = await sealedState(await open(), keys, true);
    const store = new IntegrationStore(database, await integrationNumber(database, adapter.name, channelArn));
    for (let place = from; place < to; place++) {
      const frames = Array.from({ length: perChunk }, (_, n) => ({
        bytes: Buffer.from(texts[place * perChunk + n]!),
        offset: offsetOf(place * perChunk + n),
        occurrence: 0,
        tooLong: false,
      }));
      const id = await store.nextChunk();
      queue.push(id);
      const chunk = { id, source: "queue", format: "jsonl", receivedAt, frames: encodeFrames(frames) };
      await store.commit({ spool: [{ ...chunk, count: perChunk, offsets: offsetsOf(frames) }] });
    }
    await database.close();
  };
  await add(0, mappedChunks);
  server.script = (_request, response) => refuse(response, 403, "ChannelInsufficientPermission");
  await run(server, open, keys);
  await add(mappedChunks, chunks);
  return queue;
}

async function run(
  { endpoint }: ScriptedServer,
  open: () => Promise<StateDatabase>,
  keys: StateKeys | undefined,
  signal?: AbortSignal,
  onLost: (lost: number) => void = () => undefined,
) {
  const database = await sealedState(await open(), keys, true);
  const sender = await sendTo(endpoint);
  try {
    return await forward({
      adapter,
      channelArn,
      store: new IntegrationStore(database, await integrationNumber(database, adapter.name, channelArn)),
      sender,
      inputs: [],
      clock: instantClock(),
      random: seededRandom(1),
      pauseAfter: perChunk,
      onDamage: ({ lost }) => onLost(lost),
      signal,
    });
  } finally {
    sender.close();
    await database.close();
  }
}
