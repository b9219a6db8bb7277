/** A BLOB column; undefined for NULL. */
export function blob(value: unknown): Uint8Array | undefined {
  return value instanceof Uint8Array ? value : undefined;
}

/** A TEXT column; undefined for NULL. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** An INTEGER column; undefined for NULL. */
export function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
