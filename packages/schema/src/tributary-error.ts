/** Options every Tributary error takes. */
export interface TributaryErrorOptions {
  /** Stable, upper snake case; has a heading in the docs. */
  readonly code: string;
  /** Whether the same call may succeed later without a change by a person. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/** The one base class of errors that Tributary throws. The message names the thing and the fix. */
export class TributaryError extends Error {
  readonly code: string;
  readonly retryable: boolean;

  constructor(message: string, options: TributaryErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code;
    this.retryable = options.retryable ?? false;
  }
}
