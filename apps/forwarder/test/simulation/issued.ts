import { mapFrame } from "@tributary/adapter-kit";
import toy from "../support/toy-adapter.ts";

/** `noise` is dropped by a rule, `broken` is refused by the adapter, a `twin` has the id of the record before it and other bytes. */
export const kinds = ["good", "noise", "broken", "twin"] as const;
export type Kind = (typeof kinds)[number];

/** A record as it was given to the forwarder. */
export interface Issued {
  readonly text: string;
  readonly kind: Kind;
  /** Of the event; empty for a record that makes none. */
  readonly id: string;
}

/** Owners of the channels, by destination. */
export const accounts = ["111111111111", "222222222222", "333333333333"] as const;

const textOf = (kind: Kind, id: string): string =>
  JSON.stringify({
    at: kind === "broken" ? "never" : "2015-01-01T00:00:00Z",
    what: kind === "noise" ? "noise" : kind === "twin" ? "Logout" : "Login",
    id,
  });

/** @param number of the record; a twin's is that of another */
export function issue(kind: Kind, number: number): Issued {
  const id = `id-${number}`;
  return { text: textOf(kind, id), kind, id: kind === "good" || kind === "twin" ? id : "" };
}

/** The event that a record is to be, mapped once for each kind: all else of it is its id and its account. */
export function eventDataOf({ kind, id }: Issued, destination: number): string {
  let sample = samples.get(kind);
  if (sample === undefined) samples.set(kind, (sample = map(kind)));
  return sample.replaceAll(sampleId, id).replaceAll(accounts[0], accounts[destination]!);
}

const sampleId = "id-of-a-sample";
const samples = new Map<Kind, string>();

function map(kind: Kind): string {
  const origin = { receivedAt: "2026-01-01T00:00:00.000Z", occurrence: 0 };
  const frame = Buffer.from(textOf(kind, sampleId));
  const [result] = mapFrame(toy, "lines", frame, { accountId: accounts[0], origin });
  if (result?.kind !== "event") throw new Error(`A record of the kind ${kind} makes no event.`);
  return result.eventData;
}
