import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadAdapter } from "../src/adapters/load-adapter.ts";
import { type ChunkToMap, entryBytes, type ReadyMapping, readyChunk } from "../src/pipeline/ready-chunk.ts";
import { encodeFrames } from "../src/state/chunk-codec.ts";
import { states } from "../src/state/store.ts";
import { channelArn } from "./support/scene.ts";

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
  return { frames: encodeFrames(frames), count: frames.length, format, receivedAt: "2026-11-20T00:00:00Z" };
}

test.each(["okta", "github", "crowdstrike"])(
  "of a chunk of %s that was mapped before, the queued events have their bytes and keys, the others none",
  async (name) => {
    const { adapter } = await loadAdapter(name, ".");
    const options = { redact: { emails: "mask", names: "hash", hashKey: "an-example-of-a-key" } };
    const about = { accountId: "111122223333", options, checkEvents: false, now: Date.now };
    const mapping: ReadyMapping = { adapter, ...about, integration: 7, channelArn };
    const format = Object.entries(adapter.formats).find(([, { frame }]) => frame === "line")![0];
    const chunk = chunkOf(name, format);
    const first = readyChunk(chunk, mapping);
    expect(first.ids.filter((id) => id !== "").length).toBeGreaterThan(100);
    expect(first.noEvents.length).toBeGreaterThan(1);

    const known = new Uint8Array(first.ids.length).fill(states.delivered, 0, 50);
    // Whatever another version would map now is not asked.
    const again = readyChunk({ ...chunk, results: first.results, states: known }, { ...mapping, options: undefined });
    expect(again.results).toBeUndefined();
    expect(again.ids).toEqual(first.ids.map((id, record) => (record < 50 ? "" : id)));
    for (let record = 50; record < first.ids.length; record++) {
      expect(Buffer.from(entryBytes(again, record)).equals(entryBytes(first, record))).toBe(true);
      expect(again.keys.subarray(record * 24, record * 24 + 24)).toEqual(
        first.keys.subarray(record * 24, record * 24 + 24),
      );
    }
  },
);
