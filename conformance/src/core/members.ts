/** A JSON object. */
export type Members = Readonly<Record<string, unknown>>;

/** Whether it is a JSON object. */
export function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
