import type { Static, TSchema } from "@sinclair/typebox";
import type { EventData } from "./event-data.ts";
import type { Format } from "./format.ts";
import type { Json } from "./json.ts";
import type { MapContext } from "./map-context.ts";
import type { Poll } from "./poll.ts";
import type { Webhook } from "./webhook.ts";

/** What an author writes. */
export interface AdapterDefinition<R extends TSchema, O extends TSchema> {
  readonly name: string;
  readonly source: string;
  /** Why users should be careful, for an adapter whose vendor publishes no format: shown wherever adapters are listed. */
  readonly experimental?: string;
  readonly displayName: string; // source: a row of the table, "Custom" for a new vendor
  readonly record: R; // recognises a record: only what makes it one is required, nothing unused is typed
  readonly options?: O; // of the mapping: zone, masking. No secrets but a masking key
  readonly secrets?: readonly string[]; // keys and JSON pointers masked in the record before toEvent sees it
  secretsIn?(record: Static<R>): readonly string[]; // JSON pointers of secrets that no key tells: where a name is itself a value
  readonly names?: readonly string[]; // keys of persons' names that the kit does not know: masked when the user's option `redact` asks
  readonly drops?: Readonly<Record<string, string>>; // rule -> why; the user can switch each off
  drop?(record: Static<R>, context: MapContext<Static<O>>): string | undefined; // a key of drops
  split?(value: Json): readonly Json[]; // envelope -> records; each has its own id, result and count
  eventId(record: Static<R>, context: MapContext<Static<O>>): string; // sees the record before masking
  toEvent(record: Static<R>, context: MapContext<Static<O>> & { readonly id: string }): EventData; // masked record, the id above
  /** True when an id may be a digest of the content: the host then counts byte-identical records of a stream (Origin.occurrence). */
  readonly countsOccurrences?: boolean;
  readonly formats: Readonly<Record<string, Format>>;
  readonly poll?: () => Promise<Poll>;
  readonly webhook?: () => Promise<Webhook>; // lazy: "." stays pure and runs in a browser
}
