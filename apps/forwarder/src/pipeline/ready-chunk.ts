import { hash } from "node:crypto";
import type { Result } from "@tributary/adapter-kit";
import { entryOf } from "../delivery/parcel.ts";
import {
  decodeFrames,
  decodeResults,
  encodeResults,
  type MappedRecord,
  type SpooledFrame,
} from "../state/chunk-codec.ts";
import { sentKey } from "../state/sent-key.ts";
import { states } from "../state/store.ts";
import { damageCode, damagedFrame, undamaged } from "../state/damage.ts";
import { mapChunk, type Mapping } from "./map-chunk.ts";

/** A chunk as it is in the state. */
export interface ChunkToMap {
  /** Compressed by chunk-codec. */
  readonly frames: Uint8Array;
  /** The same, where they are in memory. */
  readonly decoded?: readonly SpooledFrame[] | undefined;
  readonly format: string;
  readonly receivedAt: string;
  /** Its frames, or its records once it is mapped. */
  readonly count: number;
  /** Of a chunk that was mapped before. */
  readonly results?: Uint8Array | undefined;
  readonly states?: Uint8Array | undefined;
}

/** A record that gave no event. */
export interface NoEvent {
  readonly record: number;
  readonly result: Exclude<Result, { kind: "event" }>;
}

/**
 * A mapped chunk, its queued events as they go on the wire. Few large pieces instead of many objects: what waits for its
 * answer is bytes, which the collector does not walk.
 */
export interface ReadyChunk {
  /** For the state; undefined where they are there already. */
  readonly results: Uint8Array | undefined;
  /** What the state held of it could not be read back: its mapped events, which were mapped again, or all of it. */
  readonly damage: "mapped again" | "lost" | undefined;
  /** The frame of each record; {@link damagedFrame} where it is lost. */
  readonly frameOf: Int32Array;
  /** The id of each event that is queued; empty for other records. */
  readonly ids: readonly string[];
  /** Entries of a request, end to end, in the order of their records. */
  readonly entries: Uint8Array;
  /** Where each record's entry ends; it begins where the one before ends. No event, no length. */
  readonly ends: Uint32Array;
  /** 24 bytes a record: key of the sent ledger, and the first 8 of SHA-256 of the event. */
  readonly keys: Uint8Array;
  readonly noEvents: readonly NoEvent[];
  /** How often each kind of mark was set, by this mapping alone. */
  readonly marks: readonly (readonly [kind: string, count: number])[];
}

export const keyBytes = 16;
export const shaBytes = 8;
const both = keyBytes + shaBytes;

/** How a chunk's records become events, and what their keys are made of. */
export interface ReadyMapping extends Mapping {
  readonly integration: number;
  readonly channelArn: string;
}

/** Maps a chunk, or takes up what was mapped before, and makes its entries and keys. The records of a damaged chunk are refused. */
export function readyChunk(chunk: ChunkToMap, mapping: ReadyMapping): ReadyChunk {
  const { integration, channelArn } = mapping;
  const { records, isNew, damage } = recordsOf(chunk, mapping);
  const frameOf = new Int32Array(records.length);
  const ends = new Uint32Array(records.length);
  const keys = new Uint8Array(records.length * both);
  const ids: string[] = [];
  const noEvents: NoEvent[] = [];
  const marks = new Map<string, number>();
  const entries = new GrowingText(
    records.reduce((sum, { result }) => sum + (result.kind === "event" ? result.eventData.length : 0), 0) * 1.25,
  );
  for (const [record, { frame, result }] of records.entries()) {
    frameOf[record] = frame;
    let id = "";
    if (result.kind !== "event") noEvents.push({ record, result });
    else if (chunk.states === undefined || chunk.states[record] === states.queued) {
      ({ id } = result);
      const digest = hash("sha256", result.eventData, "buffer");
      keys.set(sentKey(integration, channelArn, id, result.eventData), record * both);
      keys.set(digest.subarray(0, shaBytes), record * both + keyBytes);
      entries.write(entryOf(id, result.eventData, digest));
      if (isNew) for (const { kind } of result.marks) marks.set(kind, (marks.get(kind) ?? 0) + 1);
    }
    ids.push(id);
    ends[record] = entries.length;
  }
  const results = isNew ? encodeResults(records) : undefined;
  return { results, damage, frameOf, ids, entries: entries.bytes(), ends, keys, noEvents, marks: [...marks] };
}

function recordsOf(chunk: ChunkToMap, mapping: Mapping): Pick<ReadyChunk, "damage"> & Mapped {
  const { results, states: known, format, receivedAt, frames, decoded } = chunk;
  const mapped = results && undamaged(() => decodeResults(results));
  if (mapped !== undefined) return { records: mapped, isNew: false, damage: undefined };
  const whole = decoded ?? undamaged(() => decodeFrames(frames));
  const records = whole && mapChunk(whole, format, receivedAt, mapping);
  // Whatever ended is known by its number alone: that must still be the same record's.
  if (records !== undefined && (known === undefined || known.length === records.length))
    return { records, isNew: true, damage: results && "mapped again" };
  return { records: Array.from({ length: chunk.count }, (_, part) => lost(part)), isNew: true, damage: "lost" };
}

interface Mapped {
  readonly records: readonly MappedRecord[];
  readonly isNew: boolean;
}

const lost = (part: number): MappedRecord => ({
  frame: damagedFrame,
  result: {
    kind: "refused",
    part,
    code: damageCode,
    path: "",
    message:
      "What the state held of this record, and of those of its chunk, was changed by the disk or something else. Nothing of it is sent; " +
      "its bytes are kept as they are. Where its source still has it, read that again.",
  },
});

/** A record's key of the sent ledger. */
export function keyOf({ keys }: ReadyChunk, record: number): Uint8Array {
  return keys.subarray(record * both, record * both + keyBytes);
}

/** The first 8 bytes of SHA-256 of a record's event. */
export function shaOf({ keys }: ReadyChunk, record: number): Uint8Array {
  return keys.subarray(record * both + keyBytes, (record + 1) * both);
}

/** A record's entry of a request; empty where it gave no event. */
export function entryBytes({ entries, ends }: ReadyChunk, record: number): Uint8Array {
  return entries.subarray(record === 0 ? 0 : ends[record - 1], ends[record]);
}

/** UTF-8 of texts, end to end, in memory of its own. */
class GrowingText {
  length = 0;
  #buffer: Buffer;

  constructor(bytes: number) {
    this.#buffer = Buffer.allocUnsafeSlow(Math.max(Math.ceil(bytes), 1024));
  }

  write(text: string): void {
    // A UTF-16 code unit makes 3 bytes at most.
    if (this.#buffer.length - this.length < 3 * text.length) this.#make(Buffer.byteLength(text));
    this.length += this.#buffer.write(text, this.length);
  }

  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.length);
  }

  #make(room: number): void {
    if (this.#buffer.length - this.length >= room) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#buffer.length, this.length + room));
    this.#buffer.copy(larger, 0, 0, this.length);
    this.#buffer = larger;
  }
}
