import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { TributaryError } from "@tributary/schema";
import type { KeptHead } from "../catalog/proof-catalog.ts";
import { messageOf } from "../message-of.ts";
import type { Report } from "../proof/problem.ts";
import type { HeadPublicKeys } from "./head-keys.ts";
import { type HeadStatement, checkRecord, parseRecord, recordHash, recordName, sequenceOf } from "./signed-record.ts";

/** What the records of a directory say. */
export interface SignedHeads {
  /** Those that were signed by one of the keys. */
  readonly records: number;
  /** When the newest of them was, RFC 3339. */
  readonly newest: string | undefined;
  /** Of the stores, each once. */
  readonly heads: readonly KeptHead[];
}

/**
 * Reads signed heads, and reports those that were changed and those that are missing before others: the last ones may have been
 * taken away without a trace, which only a copy elsewhere shows. Throws `SIGNED_HEADS_NOT_FOUND`.
 */
export function readSignedHeads(directory: string, keys: HeadPublicKeys, report: Report): SignedHeads {
  const sequences = listed(directory)
    .flatMap((file) => sequenceOf(file) ?? [])
    .toSorted((a, b) => a - b);
  if (sequences.length === 0) throw notFound(directory, "there are none in it");
  const heads = new Map<string, KeptHead>();
  let records = 0;
  let newest: string | undefined;
  let before: { readonly sequence: number; readonly hash: string } | undefined;
  for (const sequence of sequences) {
    const where = recordName(sequence);
    const first = (before?.sequence ?? 0) + 1;
    if (sequence > first)
      report({
        kind: "signed-heads-missing",
        where: sequence === first + 1 ? recordName(first) : `${recordName(first)} to ${recordName(sequence - 1)}`,
        what: before === undefined ? `${where} is there` : `${recordName(before.sequence)} and ${where} are there`,
      });
    const { text, hash, said } = readRecord(join(directory, where), sequence);
    const changed = (what: string): void => report({ kind: "signed-heads-changed", where, what });
    const follows = before?.sequence === sequence - 1 ? before : undefined;
    before = { sequence, hash };
    if (typeof said === "string") {
      changed(said);
      continue;
    }
    const unsigned = checkRecord(text, said, keys);
    if (unsigned !== undefined) {
      changed(unsigned);
      continue;
    }
    // Whoever signed it had the key: what it says counts, though the record before may have been changed.
    if (follows !== undefined && said.previous !== follows.hash)
      changed(`it does not follow on ${recordName(follows.sequence)} as that is`);
    records += 1;
    newest = said.signedAt;
    const keptAt = Date.parse(said.signedAt);
    for (const head of said.heads) heads.set(JSON.stringify(head), Number.isNaN(keptAt) ? head : { ...head, keptAt });
  }
  return { records, newest, heads: [...heads.values()] };
}

function readRecord(
  path: string,
  sequence: number,
): { readonly text: string; readonly hash: string; readonly said: HeadStatement | string } {
  try {
    // What is no file, such as a pipe, may have no end.
    if (!statSync(path).isFile()) throw new Error("it is no file");
    const bytes = readFileSync(path);
    const text = bytes.toString("utf8");
    const said = Buffer.from(text, "utf8").equals(bytes) ? parseRecord(text) : "it is no text";
    const named = typeof said === "string" || said.sequence === sequence;
    return { text, hash: recordHash(text), said: named ? said : `it is number ${said.sequence} by what it says` };
  } catch (error) {
    return { text: "", hash: "", said: `it cannot be read: ${messageOf(error)}` };
  }
}

function listed(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (cause) {
    throw notFound(directory, messageOf(cause), cause);
  }
}

function notFound(directory: string, why: string, cause?: unknown): TributaryError {
  return new TributaryError(
    `${directory} holds no signed heads: ${why}. "serve --sign-heads" writes them to "signed-heads" in the data directory, or where --signed-heads says.`,
    { code: "SIGNED_HEADS_NOT_FOUND", cause },
  );
}
