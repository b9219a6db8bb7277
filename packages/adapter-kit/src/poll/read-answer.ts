import type { Json } from "../contract/json.ts";
import { parseJson } from "../own-property.ts";
import { joinBytes } from "../webhook/join-bytes.ts";
import { VendorError } from "./vendor-error.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** As received: what a page hands on. */
  readonly bytes: Uint8Array;
  /** The body parsed, for the members that steer paging; big numbers lose digits here, not in the page. Null for an empty body. */
  readonly value: Json;
}

export interface ReadAnswerOptions {
  /** What was asked for, for messages: "audit log entries of Okta". */
  readonly what: string;
  /** Statuses that are answers. Default: 200 to 299. */
  readonly accept?: readonly number[] | undefined;
  /** Default 64 MiB. */
  readonly maxBytes?: number | undefined;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * A JSON answer, read whole. Throws `VENDOR_REFUSED` for a status that is no answer (3xx and 4xx) and
 * `VENDOR_ANSWER_INVALID` for a body that is cut, too long, not UTF-8 or not JSON, such as a proxy's page.
 */
export async function readAnswer(response: Response, options: ReadAnswerOptions): Promise<Answer> {
  const { status, headers } = response;
  const accepted = options.accept?.includes(status) ?? response.ok;
  if (!accepted) {
    await response.body?.cancel();
    throw new VendorError(
      "VENDOR_REFUSED",
      `The vendor refused ${options.what} with HTTP ${status}: ${advice(status)}`,
    );
  }
  const bytes = await readBytes(response, options);
  try {
    return { status, headers, bytes, value: bytes.length === 0 ? null : parseJson(utf8.decode(bytes)) };
  } catch (cause) {
    throw new VendorError(
      "VENDOR_ANSWER_INVALID",
      `The answer for ${options.what} is not JSON: cut on its way, or a proxy's page.`,
      cause,
    );
  }
}

/** A body, read whole. Throws `VENDOR_ANSWER_INVALID` when the connection breaks or the body is too long. */
export async function readBytes(
  response: Response,
  { what, maxBytes = 64 * 1024 * 1024 }: ReadAnswerOptions,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of response.body ?? []) {
      length += chunk.length;
      if (length > maxBytes) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw new VendorError("VENDOR_ANSWER_INVALID", `The answer for ${what} broke off.`, cause);
  }
  if (length > maxBytes)
    throw new VendorError("VENDOR_ANSWER_INVALID", `The answer for ${what} is longer than ${maxBytes} bytes.`);
  return joinBytes(chunks);
}

function advice(status: number): string {
  if (status === 401) return "check the credentials.";
  if (status === 403) return "the credentials lack a permission that the adapter's README names.";
  if (status === 404) return "check the address and the names in the options.";
  if (status >= 300 && status < 400) return "it points elsewhere; check the address.";
  return "check the options.";
}
