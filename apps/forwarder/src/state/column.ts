import type { SQLOutputValue } from "node:sqlite";

/** A BLOB column; undefined for NULL. */
export function blob(value: SQLOutputValue | undefined): Uint8Array | undefined {
  return value instanceof Uint8Array ? value : undefined;
}

/** A TEXT column; undefined for NULL. */
export function text(value: SQLOutputValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
