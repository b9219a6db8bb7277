import type { Taking } from "@tributary/adapter-kit";
import { knownAt } from "./known-at.ts";

/** {@link knownAt} that takes what it finds; a word that says nothing stays in the rest, at its own path. */
export type Known = (...path: readonly (string | number)[]) => string | undefined;

/** A {@link Known} of one record. */
export function knowing(record: unknown, take: Taking): Known {
  return (...path) => (knownAt(record, ...path) === undefined ? undefined : take.text(...path));
}
