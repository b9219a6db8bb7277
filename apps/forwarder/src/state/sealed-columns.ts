import { damaged } from "./damage.ts";
import type { Row, SqlValue } from "./state-database.ts";
import { isSealed, type SealedPlace, type StateKeys } from "./state-keys.ts";

/** What is sealed of a table, and the columns that say whose it is. Pieces of long records move between chunks. */
export const sealedColumns: Readonly<
  Record<string, { readonly columns: readonly string[]; readonly keys: readonly string[] }>
> = {
  spool: { columns: ["frames"], keys: ["chunk"] },
  mapped: { columns: ["results"], keys: ["chunk"] },
  original: { columns: ["bytes", "about"], keys: ["chunk", "frame"] },
  overlong: { columns: ["bytes"], keys: ["position"] },
  overlong_intake: { columns: ["bytes"], keys: ["position"] },
  exception: { columns: ["message", "path", "event_data"], keys: ["chunk", "record"] },
};
const blobColumns: ReadonlySet<string> = new Set(["frames", "results", "bytes"]);
const textMark = "sealed:1:";

/** How a value of a column begins that was sealed. @param head of the sealed bytes */
export function sealedStart(column: string, head: Uint8Array): string | Uint8Array {
  // Of base64 whole groups alone: three bytes make four characters.
  const whole = head.subarray(0, head.length - (head.length % 3));
  return blobColumns.has(column) ? head : textMark + Buffer.from(whole).toString("base64");
}

export function sealedValue(value: SqlValue, place: SealedPlace, keys: StateKeys): SqlValue {
  if (value instanceof Uint8Array) return keys.seal(value, place);
  if (typeof value !== "string" || value === "") return value;
  return textMark + Buffer.from(keys.seal(Buffer.from(value, "utf8"), place)).toString("base64");
}

/** The sealed bytes of a value; undefined where it is not sealed. */
export function sealedBytes(value: SqlValue): Uint8Array | undefined {
  if (value instanceof Uint8Array) return isSealed(value) ? value : undefined;
  if (typeof value !== "string" || !value.startsWith(textMark)) return undefined;
  const bytes = Buffer.from(value.slice(textMark.length), "base64");
  return isSealed(bytes) ? bytes : undefined;
}

/** Compares the place of a value with what the row says of itself. Throws where it is another. */
export function checkPlace([table, ...numbers]: SealedPlace, row: Row): void {
  for (const [index, key] of (sealedColumns[table]?.keys ?? []).entries()) {
    const said = row[`${table}_${key}`];
    const place = numbers[index];
    if (place === undefined || said === undefined || said === null) continue;
    if (Number(said) !== place) throw damaged("A sealed value of the state stands where another was");
  }
}
