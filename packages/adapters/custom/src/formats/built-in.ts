import type { Json, Refused } from "@tributary/adapter-kit";
import type { TSchema } from "@sinclair/typebox";
import type { Mapping } from "../mapping/mapping-schema.ts";
import type { BuiltInName } from "./names.ts";

/** A built-in format: how its records are told, what is done to them before they are mapped, and the table that maps them. */
export interface BuiltIn {
  readonly name: BuiltInName;
  /** For messages and documents: `CloudEvent`. */
  readonly displayName: string;
  /** Recognises a record, before and after {@link read}. */
  readonly record: TSchema;
  /** The same quickly. */
  is(value: Json): boolean;
  /** The records of a value, spelt as the table has them. Loses nothing, and leaves what it has read once as it is. Default: the value. */
  read?(value: Json): readonly Json[];
  /** Why a record that looks like one of these is of another kind after all; undefined where it is not. */
  otherKind?(record: Json): Refused | undefined;
  /** The table, as a document of the mapping language that extends nothing. */
  readonly mapping: Mapping;
}
