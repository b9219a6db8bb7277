import { textAt } from "@tributary/adapter-kit";

/** What Netskope writes where it has nothing to say, lower case. */
const nothing: ReadonlySet<string> = new Set([
  "-",
  "n/a",
  "na",
  "none",
  "not available",
  "notavailable",
  "notchecked",
  "null",
  "unknown",
]);

/** The text at a path, but for a word that says nothing ("NA", "null", "unknown" ...). */
export function knownAt(record: unknown, ...path: readonly (string | number)[]): string | undefined {
  const text = textAt(record, ...path);
  return text === undefined || nothing.has(text.trim().toLowerCase()) ? undefined : text;
}
