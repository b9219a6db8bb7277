import { TributaryError } from "@tributary/schema";

export type LakeSqlErrorCode = "INVALID_QUERY_STATEMENT" | "EVENT_DATA_STORE_NOT_FOUND";

/**
 * A statement that is not run. `INVALID_QUERY_STATEMENT`: it cannot be parsed, names what does not exist or is not
 * allowed; `line` and `column` (from 1) say where. `EVENT_DATA_STORE_NOT_FOUND`: `storeId` is not one the caller may query.
 */
export class LakeSqlError extends TributaryError {
  declare readonly code: LakeSqlErrorCode;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly storeId: string | undefined;

  constructor(
    message: string,
    options: {
      readonly code: LakeSqlErrorCode;
      readonly line?: number;
      readonly column?: number;
      readonly storeId?: string;
    },
  ) {
    super(message, { code: options.code });
    this.line = options.line;
    this.column = options.column;
    this.storeId = options.storeId;
  }
}

/** An `INVALID_QUERY_STATEMENT` at an offset (UTF-16 units) of the source. */
export function invalidAt(source: string, offset: number, message: string): LakeSqlError {
  const before = source.slice(0, offset);
  const line = before.split("\n").length;
  const column = offset - (before.lastIndexOf("\n") + 1) + 1;
  return new LakeSqlError(`line ${line}:${column}: ${message}`, { code: "INVALID_QUERY_STATEMENT", line, column });
}
