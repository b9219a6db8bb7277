import { encodeFrames, offsetsOf, type SpooledFrame } from "../src/state/chunk-codec.ts";
import { integrationNumber } from "../src/state/integration-number.ts";
import { IntegrationStore } from "../src/state/integration-store.ts";
import { openStateFile } from "../src/state/sqlite-state.ts";
import type { SpooledChunk } from "../src/state/store.ts";
import { channelArn } from "./bench-processes.ts";
import { exampleRecords } from "./example-records.ts";

/** Chunks in a commit: what is queued here does not wait for the disk as often as a forwarder does. */
const perCommit = 50;

/** A state in which each of these integrations of GitHub's adapter has so many queued records, written through the store. */
export async function writeBacklog(path: string, names: readonly string[], records: number): Promise<void> {
  const database = openStateFile(path);
  for (const name of names)
    await writeQueue(
      new IntegrationStore(database, await integrationNumber(database, "github", channelArn, name)),
      records,
    );
  await database.close();
}

async function writeQueue(store: IntegrationStore, records: number): Promise<void> {
  const lines = exampleRecords("github");
  let spool: SpooledChunk[] = [];
  for (let left = records; left > 0;) {
    const count = Math.min(left, 1000);
    left -= count;
    const frames = Array.from({ length: count }, (): SpooledFrame => {
      const bytes = Buffer.from(lines.next().value);
      return { bytes, offset: 0, occurrence: 0, tooLong: false };
    });
    const id = await store.nextChunk();
    const receivedAt = "2026-11-20T00:00:00Z";
    const offsets = offsetsOf(frames);
    spool.push({ id, source: "webhook", format: "ndjson", receivedAt, frames: encodeFrames(frames), count, offsets });
    if (spool.length < perCommit && left > 0) continue;
    await store.commit({ spool });
    spool = [];
  }
}
