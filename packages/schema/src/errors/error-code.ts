/** What a caller needs to know of an error code. */
export interface ErrorCode {
  /** HTTP status of the answer that carries it. */
  readonly status: number;
  /** Whether the same call may succeed later with nothing changed by a person. */
  readonly retryable: boolean;
  readonly description: string;
}

/** Freezes a table of codes and keeps its names as a type. */
export function errorCodes<Name extends string>(
  table: Record<Name, readonly [status: number, retryable: boolean, description: string]>,
): Readonly<Record<Name, ErrorCode>> {
  const codes = {} as Record<Name, ErrorCode>;
  for (const name of Object.keys(table) as Name[]) {
    const [status, retryable, description] = table[name];
    codes[name] = Object.freeze({ status, retryable, description });
  }
  return Object.freeze(codes);
}
