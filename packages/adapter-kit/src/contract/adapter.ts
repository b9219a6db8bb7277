import type { TSchema } from "@sinclair/typebox";
import type { AdapterDefinition } from "./adapter-definition.ts";
import type { Json } from "./json.ts";
import type { Origin } from "./origin.ts";
import type { Result } from "./result.ts";

/** What one call of {@link Adapter.map} is told beside the value. */
export interface AdapterContext {
  /**
   * The user's options of the mapping, checked against `options` of the definition. Two members belong to the kit:
   * `drops: { "rule": false }` switches a rule of `drops` off, so that its records are mapped like any other; `redact` (see
   * `RedactOption`) masks more than secrets.
   */
  readonly options?: Json | undefined;
  readonly origin: Origin;
  /** The 12-digit account of the channel's ARN; becomes recipientAccountId. */
  readonly accountId: string;
  /** Texts of numbers a double cannot hold, met while the bytes were decoded: `mapFrame` sets it, marks come of it. */
  readonly bigNumbers?: ReadonlySet<string> | undefined;
}

/** What the forwarder, the suite and the console hold: not generic, never throws. `contract` is checked at load, not instanceof. */
export interface Adapter extends Omit<
  AdapterDefinition<TSchema, TSchema>,
  "eventId" | "toEvent" | "drop" | "split" | "secretsIn"
> {
  readonly contract: 1;
  /** The whole pipeline: one result for each record in `value`, in order. Never throws. */
  map(value: Json, context: AdapterContext): readonly Result[];
  /** The records `map` sees in `value`, in the order of its results, unmasked: for previews. Never throws. */
  parts(value: Json): readonly Json[];
}
