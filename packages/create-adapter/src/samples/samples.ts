import type { JsonObject } from "@tributary/adapter-kit";
import type { SampleFormat } from "./sample-format.ts";

/** The records of a sample file as its adapter sees them. */
export interface Samples {
  readonly format: SampleFormat;
  readonly records: readonly JsonObject[];
  /** For CEF: the lines, one for each record. */
  readonly lines: readonly string[];
  /** How many records or lines could not be read, or were no objects. */
  readonly unread: number;
}
