import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test, vi } from "vitest";
import { loadAdapter } from "../src/adapters/load-adapter.ts";
import { MappingPool, type MappingPoolOptions } from "../src/pipeline/mapping-pool.ts";
import { mapperHere } from "../src/pipeline/chunk-mapper.ts";
import type { ChunkToMap, ReadyMapping } from "../src/pipeline/ready-chunk.ts";
import { encodeFrames } from "../src/state/chunk-codec.ts";
import { states } from "../src/state/store.ts";
import line from "./support/line-adapter.ts";
import { channelArn } from "./support/scene.ts";

vi.setConfig({ testTimeout: 60_000 });

const pools: MappingPool[] = [];
afterEach(async () => void (await Promise.all(pools.splice(0).map((one) => one.close()))));

function pool(options: MappingPoolOptions = {}): MappingPool {
  const made = new MappingPool({ threads: 1, smallest: 0, startAfter: 0, ...options });
  pools.push(made);
  return made;
}

const examples = fileURLToPath(new URL("../examples/", import.meta.url));

/** The records of an adapter's examples, and some that are none. */
function chunkOf(name: string, format: string): ChunkToMap {
  const lines = readdirSync(`${examples}${name}`)
    .flatMap((file) => readFileSync(`${examples}${name}/${file}`, "utf8").split("\n"))
    .filter((text) => text !== "");
  const frames = [...lines.slice(0, 200), "{", '{"no":"record"}', '{"é𝄞":"\\ud800"}'].map((text, offset) => ({
    bytes: Buffer.from(text),
    offset,
    occurrence: 0,
    tooLong: false,
  }));
  const receivedAt = "2026-11-20T00:00:00Z";
  return { frames: encodeFrames(frames), decoded: frames, count: frames.length, format, receivedAt };
}

async function mappingOf(name: string, options?: ReadyMapping["options"]): Promise<ReadyMapping> {
  const { adapter } = await loadAdapter(name, ".");
  return { adapter, accountId: "111122223333", options, checkEvents: false, now: Date.now, integration: 7, channelArn };
}

/** Until a thread has work: what comes before is mapped here. */
async function onThread(mapper: ReturnType<MappingPool["mapper"]>, chunk: ChunkToMap) {
  await mapper.map(chunk);
  const ready = mapper.map(chunk);
  expect(ready).toBeInstanceOf(Promise);
  return await ready;
}

/** Bytes as text: equal views of unequal buffers are equal. */
const plain = (ready: object) =>
  Object.fromEntries(
    Object.entries(ready).map(([key, value]) => [key, ArrayBuffer.isView(value) ? [...(value as Uint8Array)] : value]),
  );

test.each(["okta", "github", "crowdstrike"])(
  "a thread makes of %s's records what the main thread makes of them",
  async (name) => {
    const mapping = await mappingOf(name);
    const format = Object.entries(mapping.adapter.formats).find(([, { frame }]) => frame === "line")![0];
    const chunk = chunkOf(name, format);
    const here = await mapperHere(mapping).map(chunk);
    const there = await onThread(pool().mapper(mapping), chunk);
    expect(here.ids.filter((id) => id !== "").length).toBeGreaterThan(100);
    expect(here.noEvents.length).toBeGreaterThan(1);
    expect(plain(there)).toEqual(plain(here));
    // And of what was mapped before, the queued ones alone.
    const known = new Uint8Array(here.ids.length).fill(states.delivered, 0, 50);
    const again: ChunkToMap = { ...chunk, results: here.results, states: known };
    const queued = await mapperHere(mapping).map(again);
    expect(queued.ids.slice(0, 50)).toEqual(Array.from({ length: 50 }, () => ""));
    expect(queued.results).toBeUndefined();
    expect(plain(await onThread(pool().mapper(mapping), again))).toEqual(plain(queued));
  },
);

test("options reach the thread", async () => {
  const options = { redact: { emails: "mask", names: "hash", hashKey: "an-example-of-a-key" } };
  const mapping = await mappingOf("okta", options);
  const format = Object.entries(mapping.adapter.formats).find(([, { frame }]) => frame === "line")![0];
  const chunk = chunkOf("okta", format);
  const there = await onThread(pool().mapper(mapping), chunk);
  expect(plain(there)).toEqual(plain(await mapperHere(mapping).map(chunk)));
  expect(plain(there)).not.toEqual(plain(await mapperHere(await mappingOf("okta")).map(chunk)));
});

test("an adapter that a thread cannot load by its name is mapped here, also one that calls itself like a built-in one", async () => {
  const okta = await mappingOf("okta");
  for (const adapter of [line, { ...line, name: "okta" }]) {
    const mapper = pool().mapper({ ...okta, adapter });
    const chunk = { ...chunkOf("okta", Object.keys(line.formats)[0]!) };
    for (let n = 0; n < 3; n++) expect(mapper.map(chunk)).not.toBeInstanceOf(Promise);
  }
});

test("a thread that ends with work in hand loses none of it", async () => {
  const mapping = await mappingOf("github");
  const chunk = chunkOf("github", "ndjson");
  const made = pool();
  const mapper = made.mapper(mapping);
  await mapper.map(chunk);
  const [first, second] = [mapper.map(chunk), mapper.map(chunk)];
  expect(second).toBeInstanceOf(Promise);
  await made.close();
  const here = plain(await mapperHere(mapping).map(chunk));
  expect(plain(await first)).toEqual(here);
  expect(plain(await second)).toEqual(here);
  // And none is started after that.
  expect(mapper.map(chunk)).not.toBeInstanceOf(Promise);
});

test("what a thread has no room for is mapped here, and small chunks are", async () => {
  const mapping = await mappingOf("github");
  const chunk = chunkOf("github", "ndjson");
  const mapper = pool().mapper(mapping);
  await mapper.map(chunk);
  const both = [mapper.map(chunk), mapper.map(chunk)];
  expect(both.every((ready) => ready instanceof Promise)).toBe(true);
  expect(mapper.map(chunk)).not.toBeInstanceOf(Promise);
  for (const ready of both) await ready;
  expect(mapper.map(chunk)).toBeInstanceOf(Promise);
  const small = pool({ smallest: chunk.frames.length + 1 }).mapper(mapping);
  for (let n = 0; n < 3; n++) expect(small.map(chunk)).not.toBeInstanceOf(Promise);
});
