import { TributaryError } from "@tributary/schema";

/**
 * Thrown when nothing can be written as asked. Not retryable: the command line, the directory or the samples must change.
 *
 * - `USAGE`: a wrong command line.
 * - `DIRECTORY_NOT_USABLE`: the directory holds something already, or cannot be written.
 * - `SAMPLES_NOT_USABLE`: the sample file cannot be read, is in no known format, or holds no record.
 */
export class CreateAdapterError extends TributaryError {
  constructor(code: CreateAdapterErrorCode, message: string, cause?: unknown) {
    super(message, { code, cause });
  }
}

export type CreateAdapterErrorCode = "USAGE" | "DIRECTORY_NOT_USABLE" | "SAMPLES_NOT_USABLE";
