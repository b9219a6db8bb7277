import { valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";

/** What steers the reading of a feed. */
export interface Steering {
  /** The line's offset; undefined for what is no line of a feed. */
  readonly offset?: number | undefined;
  /** ms since 1970. */
  readonly createdAt?: number | undefined;
}

/** Reads a line only for that: its bytes go on as they are. */
export function steeringOf(line: string): Steering {
  let value: Json;
  try {
    value = JSON.parse(line);
  } catch {
    return {};
  }
  const offset = valueAt(value, "metadata", "offset");
  const createdAt = valueAt(value, "metadata", "eventCreationTime");
  return {
    offset: typeof offset === "number" && Number.isSafeInteger(offset) ? offset : undefined,
    createdAt: typeof createdAt === "number" ? createdAt : undefined,
  };
}
