import { hash } from "node:crypto";
import type { OutgoingEvent } from "./sender.ts";

/** One event on its way: its wire bytes never change again, whatever the attempts. */
export interface Parcel<T = unknown> {
  readonly id: string;
  /** The entry as JSON, exactly as it stands in the request body: escaped once, counted and sent. */
  readonly entry: Uint8Array;
  /** Of `entry`. */
  readonly bytes: number;
  /** Requests that carried it so far; counted by the courier. */
  requests: number;
  /** The sender of the parcel's own handle. */
  readonly ref: T;
}

/** Bytes of `{"auditEvents":[]}`, around the entries and the commas between them. */
export const envelopeBytes = 18;

/** An event's entry of a request, with its checksum. `id` is within `[-_A-Za-z0-9]`, so it needs no escapes; `eventData` brings its own. */
export function entryOf(id: string, eventData: string, digest: Buffer): string {
  return `{"id":"${id}","eventData":${JSON.stringify(eventData)},"eventDataChecksum":"${digest.toString("base64")}"}`;
}

/** Measures and signs an event. */
export function parcel<T>(id: string, eventData: string, ref: T): Parcel<T> {
  const entry = Buffer.from(entryOf(id, eventData, hash("sha256", eventData, "buffer")));
  return { id, entry, bytes: entry.length, requests: 0, ref };
}

/** The event of an entry, for who cannot use its bytes as they are. */
export function eventOf(entry: Uint8Array): OutgoingEvent {
  const event: OutgoingEvent = JSON.parse(decoder.decode(entry));
  return event;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const head = Buffer.from('{"auditEvents":[');
const comma = 0x2c;
const tail = Buffer.from("]}");

/** The request body of these parcels. */
export function bodyOf(parcels: readonly Parcel[]): Uint8Array {
  const commas = Math.max(parcels.length - 1, 0);
  const body = Buffer.allocUnsafe(
    parcels.reduce((sum, { entry }) => sum + entry.length, head.length + tail.length + commas),
  );
  head.copy(body);
  let at = head.length;
  for (const [index, { entry }] of parcels.entries()) {
    if (index > 0) body[at++] = comma;
    body.set(entry, at);
    at += entry.length;
  }
  tail.copy(body, at);
  return body;
}
