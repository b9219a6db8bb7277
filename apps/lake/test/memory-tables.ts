import { createHash } from "node:crypto";
import { TributaryError } from "@tributary/schema";
import type { FileRecord } from "../src/catalog/store-catalog.ts";
import type { Shredder, ShreddedFile } from "../src/compactor/shredder.ts";
import { type JournalEvent, unpackEvents } from "../src/journal/journal-line.ts";
import type { Objects } from "../src/objects/objects.ts";
import type { CheckpointWriter } from "../src/publish/checkpoint-writer.ts";

/** Objects in memory, as the port demands them. A staged path is the object's path. */
export function memoryObjects(): Objects & { readonly stored: Map<string, Uint8Array> } {
  const stored = new Map<string, Uint8Array>();
  const get = (path: string): Uint8Array => present(stored, path);
  return {
    stored,
    put: async (path, content) => {
      if (!(content instanceof Uint8Array)) throw new Error("objects in memory take bytes");
      const before = stored.get(path);
      if (before !== undefined && !Buffer.from(before).equals(content))
        throw new TributaryError(`Object ${path} exists.`, { code: "OBJECT_EXISTS" });
      stored.set(path, content);
    },
    replace: async (path, content) => void stored.set(path, content),
    get: async (path) => get(path),
    stage: async (path) => (get(path), path),
    delete: async (path) => void stored.delete(path),
    list: async function* (prefix) {
      for (const path of stored.keys()) if (path.startsWith(prefix)) yield path;
    },
  };
}

function present(stored: ReadonlyMap<string, Uint8Array>, path: string): Uint8Array {
  const bytes = stored.get(path);
  if (bytes === undefined) throw new TributaryError(`Object ${path} is missing.`, { code: "OBJECT_MISSING" });
  return bytes;
}

/** A table file in memory: its events as JSON. */
export function readTable(bytes: Uint8Array): JournalEvent[] {
  const events: JournalEvent[] = JSON.parse(Buffer.from(bytes).toString("utf8"));
  return events;
}

/** A table file and what the catalog keeps of it. */
export function writeTable(events: readonly JournalEvent[]): ShreddedFile & { readonly content: Uint8Array } {
  const sorted = events.toSorted((x, y) => x.eventtime - y.eventtime || (x.eventid < y.eventid ? -1 : 1));
  const content = Buffer.from(JSON.stringify(sorted));
  const ids = sorted.map(({ eventid }) => eventid).toSorted();
  return {
    content,
    rows: sorted.length,
    bytes: content.byteLength,
    sha256: createHash("sha256").update(content).digest("hex"),
    minEventId: ids[0]!,
    maxEventId: ids.at(-1)!,
    minEventTime: sorted[0]!.eventtime,
    maxEventTime: sorted.at(-1)!.eventtime,
    unshredded: 0,
  };
}

/** Checkpoints in memory: their actions as JSON, one a line. */
export const memoryCheckpoints: CheckpointWriter = {
  write: async (actions) => ({
    content: Buffer.from(actions.map((action) => JSON.stringify(action)).join("\n")),
    close: async () => undefined,
  }),
};

export const dayOf = (event: JournalEvent): string => new Date(event.eventtime).toISOString().slice(0, 10);

/** The shredder of the scheduler test: the compaction algorithm is the lake's own, only the table format is not Parquet. */
export function memoryShredder(objects: { readonly stored: ReadonlyMap<string, Uint8Array> }): Shredder {
  return {
    load: async (blobs) => {
      let events = blobs.flatMap((blob) => unpackEvents(blob));
      const keep = (next: JournalEvent[]): number => {
        const dropped = events.length - next.length;
        events = next;
        return dropped;
      };
      return {
        dropExpired: async (retentionMs) =>
          keep(events.filter(({ eventtime, ingestiontime }) => eventtime >= ingestiontime - retentionMs)),
        idRange: async () => {
          const ids = events.map(({ eventid }) => eventid).toSorted();
          return ids.length === 0 ? undefined : { from: ids[0]!, to: ids.at(-1)! };
        },
        dropPurged: async (eventIds) => keep(events.filter(({ eventid }) => !eventIds.includes(eventid))),
        dropDuplicates: async () => {
          const first = new Map<string, JournalEvent>();
          for (const event of events) {
            const before = first.get(event.eventid);
            if (before === undefined || event.ingestiontime < before.ingestiontime) first.set(event.eventid, event);
          }
          return keep([...first.values()]);
        },
        overlapping: async (files: readonly FileRecord[]) =>
          files.filter(({ minEventId, maxEventId }) =>
            events.some(({ eventid }) => eventid >= minEventId && eventid <= maxEventId),
          ),
        dropHeld: async (paths) => {
          const held = new Set(
            paths.flatMap((path) => readTable(present(objects.stored, path)).map(({ eventid }) => eventid)),
          );
          return keep(events.filter(({ eventid }) => !held.has(eventid)));
        },
        days: async () => [...new Set(events.map(dayOf))].toSorted(),
        write: async (day) => writeTable(events.filter((event) => dayOf(event) === day)),
        close: async () => undefined,
      };
    },
    rewrite: async (path, eventIds) => {
      const events = readTable(present(objects.stored, path));
      const left = events.filter(({ eventid }) => !eventIds.includes(eventid));
      const dropped = events.length - left.length;
      const written = dropped > 0 && left.length > 0 ? writeTable(left) : undefined;
      return { dropped, written, close: async () => undefined };
    },
    merge: async (paths, { keepDuplicates = false } = {}) => {
      const events = paths
        .flatMap((path) => readTable(present(objects.stored, path)))
        .toSorted((x, y) => x.ingestiontime - y.ingestiontime);
      const first = new Map<string, JournalEvent>();
      for (const event of events) if (!first.has(event.eventid)) first.set(event.eventid, event);
      const table = writeTable(keepDuplicates ? events : [...first.values()]);
      return { ...table, duplicates: events.length - table.rows, close: async () => undefined };
    },
  };
}
