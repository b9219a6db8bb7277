import type { EventErrorCode } from "../errors/event-error-codes.ts";
import { limits } from "../limits.ts";

/** Why an event is refused. */
export interface Problem {
  readonly code: EventErrorCode;
  /** JSON pointer into eventData; empty for the whole. */
  readonly path: string;
  /** 1 to 1024 characters: it may stand in `errorMessage` of a ResultErrorEntry as it is. */
  readonly message: string;
}

/** The one way to make a {@link Problem}. `where` names the field the way people write it. */
export function problem(code: EventErrorCode, path: string, message: string): Problem {
  return {
    code,
    path,
    message: message.length > limits.errorMessage ? message.slice(0, limits.errorMessage) : message,
  };
}

/** A value from outside, quoted, in ASCII-safe JSON, at most 64 characters of it. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 64 ? `${text.slice(0, 63)}…` : text);
}
