import { TributaryError } from "@tributary/schema";
import type { FailedObjects } from "./failed-objects.ts";
import type { ListingPlace } from "./object-place.ts";
import type { ObjectReader } from "./object-reader.ts";
import type { ObjectSink } from "./object-sink.ts";
import { type ListedObject, objectId, type ObjectStore } from "./object-store.ts";

/** An upload in parts is dated by its beginning, and seen when it ends: so much earlier than a pass may an object be that it finds. */
const overlapMs = 7 * 86_400_000;
/** A pass over all keys is worth so much time before the next, for each of its pages; an hour at most. */
const pageMs = 600;
const longestMs = 3_600_000;

export interface BucketReaderOptions {
  readonly store: ObjectStore;
  readonly reader: ObjectReader;
  readonly failed: FailedObjects;
  readonly sink: ObjectSink;
  readonly bucket: string;
  readonly prefix: string;
  /** ms since 1970: objects modified before are left out. */
  readonly since: number;
  readonly pollMs: number;
  /** ms since 1970. */
  readonly now: () => number;
}

/**
 * Reads the objects that a listing finds, in the order of their keys. Each turn looks behind the greatest key that is known; a pass over
 * all keys, now and then, finds objects that came later under earlier keys. Where a pass stands is in the state.
 */
export class BucketReader {
  readonly counts = { listed: 0 };
  readonly #options: BucketReaderOptions;

  constructor(options: BucketReaderOptions) {
    this.#options = options;
  }

  /** Looks once. Throws `OBJECT_FORBIDDEN` and `S3_FAILED` of the listing, and what is wrong with the state. */
  async turn(signal: AbortSignal): Promise<void> {
    const { sink, failed, now, since } = this.#options;
    await sink.room(signal);
    if (signal.aborted) return;
    await failed.retry(signal);
    const place = (await sink.listing()) ?? { floor: since, fullAt: 0 };
    if (place.startedAt !== undefined || now() >= place.fullAt) await this.#all(place, signal);
    else await this.#behind(place, signal);
  }

  /** A pass over all keys; one that was begun goes on. */
  async #all(from: ListingPlace, signal: AbortSignal): Promise<void> {
    const { sink, now, pollMs } = this.#options;
    const startedAt = from.startedAt ?? now();
    let place: ListingPlace = { ...from, startedAt };
    let pages = 0;
    for (let isLast = false; !isLast; pages++) {
      const page = await this.#page(place.after, place.floor, signal);
      if (page === undefined) return;
      ({ isLast } = page);
      place = { ...place, after: page.lastKey ?? place.after, last: greater(place.last, page.lastKey) };
      // The next pass leaves out what is older.
      await sink.commit({ listing: place, forgetBefore: startedAt - overlapMs });
    }
    const floor = Math.max(place.floor, startedAt - overlapMs);
    const fullAt = startedAt + Math.min(longestMs, Math.max(pollMs, pages * pageMs));
    await sink.commit({ listing: { last: place.last, floor, fullAt }, forgetBefore: startedAt - overlapMs });
  }

  /** What has a greater key than all that are known. */
  async #behind(from: ListingPlace, signal: AbortSignal): Promise<void> {
    let place = from;
    for (let isLast = false; !isLast;) {
      const page = await this.#page(place.last, place.floor, signal);
      if (page === undefined) return;
      ({ isLast } = page);
      if (page.lastKey === undefined) return;
      place = { ...place, last: greater(place.last, page.lastKey) };
      await this.#options.sink.commit({ listing: place });
    }
  }

  /** Reads what a page of the listing holds and is not known. Undefined when the signal aborted. */
  async #page(after: string | undefined, floor: number, signal: AbortSignal) {
    const { store, reader, failed, bucket, prefix, sink } = this.#options;
    const page = await store.list({ bucket, prefix, after }, signal);
    this.counts.listed += page.objects.length;
    const wanted = page.objects.filter(
      ({ key, size, modifiedAt }) => size > 0 && modifiedAt >= floor && !key.endsWith("/"),
    );
    const known = await sink.places(wanted.map(objectId));
    const left = wanted.filter((ref) => !isOver(known.get(objectId(ref))?.state));
    for await (const [ref, outcome] of reader.read(left.map(refOf), signal)) {
      if (outcome === "stopped") return undefined;
      if (outcome instanceof TributaryError) await failed.add(ref, outcome);
    }
    return signal.aborted ? undefined : page;
  }
}

/** What failed is tried again apart. */
const isOver = (state: string | undefined): boolean => state !== undefined && state !== "reading";
const refOf = ({ bucket, key, etag }: ListedObject) => ({ bucket, key, etag });

function greater(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  // As S3 orders them: by their UTF-8 bytes.
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) >= 0 ? a : b;
}
