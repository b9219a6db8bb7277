import { Refused } from "../refused.ts";
import { readRfc3164 } from "./read-rfc3164.ts";
import { readRfc5424, readShortRfc5424 } from "./read-rfc5424.ts";

/** An element of RFC 5424 structured data: `[id name="value" ...]`. */
export interface StructuredElement {
  readonly id: string;
  /** In their order; RFC 5424 lets names repeat. */
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
}

/** A syslog message. What the source left out, or wrote as `-`, is undefined. */
export interface Syslog {
  /** `rfc5424-short` is a header of RFC 5424 that ends after the host: `<5>1 2026-01-31T12:00:00Z host message`. */
  readonly form: "rfc5424" | "rfc5424-short" | "rfc3164";
  readonly facility: number | undefined;
  /** 0 (emergency) to 7 (debug). */
  readonly severity: number | undefined;
  /** As written. Reads with `readCefTime`; RFC 3164 has neither year nor zone. */
  readonly time: string | undefined;
  readonly host: string | undefined;
  /** APP-NAME, or the tag of RFC 3164. */
  readonly app: string | undefined;
  readonly procId: string | undefined;
  readonly msgId: string | undefined;
  readonly structuredData: readonly StructuredElement[];
  /** Without its byte order mark; "" for none. */
  readonly message: string;
}

/**
 * Reads one syslog message without its framing.
 *
 * As it is (the default): RFC 5424; RFC 5424 with longer fields, unescaped brackets, unknown escapes, repeated elements,
 * or a header that ends after the host; RFC 3164 with or without priority, year, fraction, host and tag, also with an ISO
 * time; and any text after a priority. Structured data that cannot be read is the beginning of the message, so that
 * nothing is lost. `strict`: RFC 5424 to the letter, lengths, escapes and dates included.
 *
 * Throws {@link Refused} `NOT_SYSLOG` for text with neither priority nor time, a priority over 191, and what `strict`
 * forbids. Linear in the length of the text.
 */
export function readSyslog(text: string, options: { readonly strict?: boolean } = {}): Syslog {
  const strict = options.strict === true;
  const read = readRfc5424(text, strict) ?? (strict ? undefined : (readShortRfc5424(text) ?? readRfc3164(text)));
  if (read !== undefined) return read;
  throw new Refused(
    "NOT_SYSLOG",
    strict
      ? "This is not a syslog message of RFC 5424."
      : "This is no syslog message: it begins with neither a priority such as <13> nor a time.",
  );
}
