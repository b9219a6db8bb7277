import type { ListingPlace, ObjectPlace } from "../objects/object-place.ts";
import type { ObjectSink } from "../objects/object-sink.ts";
import type { PlaceChanges } from "../state/place-state.ts";
import type { IntakeSink } from "./intake-sink.ts";

const [objects, failures, listings] = ["object", "failed object", "listing"];

/** The format of messages that are no notice: no adapter has it, so they end as dead letters. */
const messageFormat = "queue-message";

export interface ObjectSinkOptions {
  /** What is listed: the key of its place. Undefined where a queue tells of objects. */
  readonly listing: string | undefined;
  /** Told of a message that becomes a dead letter. */
  readonly onUnknown: (why: string) => void;
}

/** Records and places of objects, written to an integration's intake. @param now ms since 1970 */
export function objectSink(
  sink: IntakeSink,
  now: () => number,
  { listing: key, onUnknown }: ObjectSinkOptions,
): ObjectSink {
  const owner = {};
  return {
    room: (signal) => sink.room(signal),
    async places(ids) {
      const [known, failed] = [await sink.places.get(objects, ids), await sink.places.get(failures, ids)];
      const places = new Map([...failed].map(([id, value]): [string, ObjectPlace] => [id, parsed(value)]));
      for (const [id, value] of known) {
        const place = parsed(value);
        places.set(id, places.has(id) && place.state === "reading" ? { ...place, state: "failed" } : place);
      }
      return places;
    },
    async failed() {
      return new Map([...(await sink.places.get(failures))].map(([id, value]) => [id, parsed(value)]));
    },
    async listing() {
      if (key === undefined) return undefined;
      const value = (await sink.places.get(listings, [key])).get(key);
      return value === undefined ? undefined : parsedListing(value);
    },
    async commit({ records, places, forget = [], forgetBefore, listing }) {
      const put = [...(places ?? [])].map(([id, place]) => ({
        kind: place.state === "failed" ? failures : objects,
        key: id,
        value: JSON.stringify(place),
        at: key === undefined ? place.at : place.modifiedAt,
      }));
      if (listing !== undefined && key !== undefined)
        put.push({ kind: listings, key, value: JSON.stringify(listing), at: now() });
      const changes: PlaceChanges = {
        put,
        forget: forget.map((id) => ({ kind: failures, key: id })),
        ...(forgetBefore !== undefined && { expired: { kind: objects, at: forgetBefore } }),
      };
      await sink.commit(records === undefined ? [] : [records], changes, owner);
    },
    keep: (piece, isFirst) => sink.keep(piece, isFirst, owner),
    release: () => sink.release(owner),
    async bury({ source, body, why }) {
      const frames = [{ bytes: Buffer.from(body), offset: 0, occurrence: 0, tooLong: false }];
      await sink.commit([{ source, format: messageFormat, frames, overlong: [], position: 0 }], {}, owner);
      onUnknown(why);
    },
  };
}

const parsed = (value: string): ObjectPlace => JSON.parse(value);
const parsedListing = (value: string): ListingPlace => JSON.parse(value);
