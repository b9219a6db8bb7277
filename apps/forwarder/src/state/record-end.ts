import type { Row } from "./state-database.ts";
import type { State } from "./store.ts";

/** What the state knows of how one record ended. */
export interface RecordEnd {
  readonly integration: string;
  /** Of several; empty for an only one. */
  readonly destination: string;
  readonly adapter: string;
  readonly channelArn: string;
  readonly end: State;
  /** ms since 1970; undefined where it is not known any more. */
  readonly at?: number | undefined;
  /** Of the request by which it was delivered. */
  readonly requestId?: string | undefined;
  /** Why it is dead, or the rule by which it was dropped. */
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly eventId?: string | undefined;
  /** RFC 3339. */
  readonly eventTime?: string | undefined;
  readonly source?: string | undefined;
  readonly offset?: number | undefined;
}

/** Records of one chunk of a source whose ends are known as numbers alone. */
export interface FoldedEnds {
  readonly integration: string;
  /** Of several; empty for an only one. */
  readonly destination: string;
  readonly adapter: string;
  readonly channelArn: string;
  readonly source: string;
  /** Offsets of its first and its last record. */
  readonly from: number;
  readonly to: number;
  readonly receivedAt: string;
  /** ms since 1970; undefined for what was settled a moment ago. */
  readonly at?: number | undefined;
  readonly counts: Readonly<Record<Exclude<State, "queued">, number>>;
}

/** Names of ends, by the byte of a record. */
export const endNames = [
  "queued",
  "delivered",
  "already",
  "changed",
  "dead",
  "dropped",
] as const satisfies readonly State[];

/** Whose an end is, of a row of `integration`. */
export const whose = ({ name, destination, adapter, channel }: Row) => ({
  integration: String(name),
  destination: String(destination),
  adapter: String(adapter),
  channelArn: String(channel),
});
