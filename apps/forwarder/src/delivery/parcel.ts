import { hash } from "node:crypto";

/** One event on its way: its wire bytes never change again, whatever the attempts. */
export interface Parcel<T = unknown> {
  readonly id: string;
  readonly eventData: string;
  readonly eventDataChecksum: string;
  /** The entry as JSON, exactly as it stands in the request body: escaped once, counted and sent. */
  readonly entry: string;
  /** UTF-8 bytes of `entry`. */
  readonly bytes: number;
  /** The sender of the parcel's own handle. */
  readonly ref: T;
}

/** Bytes of `{"auditEvents":[]}`, around the entries and the commas between them. */
export const envelopeBytes = 18;

/** Measures and signs an event. `id` is within `[-_A-Za-z0-9]`, so it needs no escapes; `eventData` brings its own. */
export function parcel<T>(id: string, eventData: string, ref: T): Parcel<T> & { readonly digest: Buffer } {
  const digest = hash("sha256", eventData, "buffer");
  const eventDataChecksum = digest.toString("base64");
  const entry = `{"id":"${id}","eventData":${JSON.stringify(eventData)},"eventDataChecksum":"${eventDataChecksum}"}`;
  return { id, eventData, eventDataChecksum, entry, bytes: Buffer.byteLength(entry), ref, digest };
}

/** The request body of these parcels. */
export function bodyOf(parcels: readonly Parcel[]): Uint8Array {
  return Buffer.from(`{"auditEvents":[${parcels.map(({ entry }) => entry).join(",")}]}`);
}
