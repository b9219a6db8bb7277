import { TributaryError } from "@tributary/schema";

/** What a {@link WireError} carries beside its message. */
export interface WireErrorOptions {
  readonly status: number;
  readonly cause?: unknown;
  /** Seconds for a `Retry-After` header. */
  readonly retryAfter?: number;
  /** The connection cannot be used again, for instance because the rest of the body was not read. */
  readonly closeConnection?: boolean;
}

/** A refusal as it goes on the wire: the full shape name, an HTTP status and a message for a person. Spec 1.3, 1.4, 2.1. */
export class WireError extends TributaryError {
  /** Full shape name, such as `ChannelNotFoundException`. */
  readonly shape: string;
  readonly status: number;
  readonly retryAfter: number | undefined;
  readonly closeConnection: boolean;

  constructor(shape: string, message: string, options: WireErrorOptions) {
    super(message, {
      code: shape,
      retryable: options.status >= 500 || options.status === 429,
      ...(options.cause === undefined ? {} : { cause: options.cause }),
    });
    this.shape = shape;
    this.status = options.status;
    this.retryAfter = options.retryAfter;
    this.closeConnection = options.closeConnection ?? false;
  }
}

/** A body that is not what the protocol says: not JSON, not an object, a member of the wrong type. Status 400. */
export function serializationError(message: string, cause?: unknown): WireError {
  return new WireError("SerializationException", message, { status: 400, cause });
}

/** A fault of the server. The cause goes to the log, never to the caller. */
export function internalFailure(cause: unknown): WireError {
  return new WireError(
    "InternalFailure",
    "The lake failed to process the request. Retry; the server's log has the cause under this request id.",
    { status: 500, cause },
  );
}
