/** Options every Tributary error takes. */
export interface TributaryErrorOptions {
  /** Stable, upper snake case; has a heading in the docs. */
  readonly code: string;
  /** Whether the same call may succeed later without a change by a person. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/** One for all copies of this package that a program has. */
const mark = Symbol.for("tributary.error");

/**
 * The one base class of errors that Tributary throws. The message names the thing and the fix. An error of another copy of this
 * package is an instance too: an adapter may bring its own, and its errors keep their code. Of a subclass, its own instances alone are.
 */
export class TributaryError extends Error {
  readonly code: string;
  readonly retryable: boolean;

  static {
    // Not a member: instances show nothing of it.
    Object.defineProperty(this.prototype, mark, { value: true });
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    if (this !== TributaryError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return value instanceof Error && mark in value;
  }

  constructor(message: string, options: TributaryErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code;
    this.retryable = options.retryable ?? false;
  }
}
