import type { TSchema } from "@sinclair/typebox";
import type { AdapterDefinition } from "./adapter-definition.ts";
import type { Json } from "./json.ts";
import type { Origin } from "./origin.ts";
import type { Result } from "./result.ts";

/** What the forwarder, the suite and the console hold: not generic, never throws. `contract` is checked at load, not instanceof. */
export interface Adapter extends Omit<AdapterDefinition<TSchema, TSchema>, "eventId" | "toEvent" | "drop" | "split"> {
  readonly contract: 1;
  map(value: Json, context: { readonly options?: Json; readonly origin: Origin; readonly accountId: string }): readonly Result[];
}
