import { TributaryError } from "@tributary/schema";

/**
 * Thrown by `parse`, `split`, `eventId` or `toEvent` of a definition for a record that cannot become an event. The
 * pipeline turns it into a refused result with this code; anything else that is thrown becomes `ADAPTER_FAULT`.
 */
export class Refused extends TributaryError {
  /** JSON pointer of what is wrong; "" for the record as a whole. */
  readonly path: string;

  constructor(code: string, message: string, path = "") {
    super(message, { code });
    this.path = path;
  }
}
