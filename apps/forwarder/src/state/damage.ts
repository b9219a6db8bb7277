import { TributaryError } from "@tributary/schema";

/** Code of what cannot be read back from a state as it was written, and of the records that are dead of it. */
export const damageCode = "STATE_DAMAGED";

/** The number, in letters and originals, of what is left of a damaged chunk: all of its bytes stand for each of its frames. */
export const damagedFrame = -1;

/** `STATE_DAMAGED`. @param what of the state, and what is wrong with it */
export function damaged(what: string, cause?: unknown): TributaryError {
  return new TributaryError(`${what}: the disk or something else changed it.`, { code: "STATE_DAMAGED", cause });
}

export function isDamage(error: unknown): boolean {
  return error instanceof TributaryError && error.code === damageCode;
}

/** What a reader of the state gives, or undefined where what it read is damaged. Throws whatever else is wrong. */
export function undamaged<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isDamage(error)) return undefined;
    throw error;
  }
}
