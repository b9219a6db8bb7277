/** What a caller needs to know of an error code. */
export interface ErrorCode {
  /** HTTP status of the answer that carries it. */
  readonly status: number;
  /** Whether the same call may succeed later with nothing changed by a person. */
  readonly retryable: boolean;
  readonly description: string;
}

/** A row of a table of codes. */
export function errorCode(status: number, retryable: boolean, description: string): ErrorCode {
  return Object.freeze({ status, retryable, description });
}
