import { hash } from "node:crypto";

/** One event on its way: its wire bytes never change again, whatever the attempts. */
export interface Parcel<T = unknown> {
  readonly id: string;
  readonly eventData: string;
  readonly eventDataChecksum: string;
  /** UTF-8 bytes of this entry in the request body, escapes included. */
  readonly bytes: number;
  /** The sender of the parcel's own handle. */
  readonly ref: T;
}

/** Bytes of `{"auditEvents":[]}`, around the entries and the commas between them. */
export const envelopeBytes = 18;

const entryFrame = '{"id":"","eventData":,"eventDataChecksum":""}'.length;

/** Measures and signs an event. `id` is within `[-_A-Za-z0-9]`, so it needs no escapes; `eventData` brings its own. */
export function parcel<T>(id: string, eventData: string, ref: T): Parcel<T> & { readonly digest: Buffer } {
  const digest = hash("sha256", eventData, "buffer");
  const eventDataChecksum = digest.toString("base64");
  const bytes = entryFrame + id.length + Buffer.byteLength(JSON.stringify(eventData)) + eventDataChecksum.length;
  return { id, eventData, eventDataChecksum, bytes, ref, digest };
}
