import { closeSync, openSync, readSync } from "node:fs";
import { parseArgs } from "node:util";
import { TributaryError } from "@tributary/schema";
import { messageOf } from "../message-of.ts";

/** Where a command writes, its environment, and which signals it gets: the process, or a test's stand-in. */
export interface CommandIo {
  readonly stdout: { write(text: string): unknown; once?(event: "drain" | "close", listener: () => void): unknown };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean | undefined };
  readonly env: Readonly<Record<string, string | undefined>>;
  once(signal: "SIGINT" | "SIGTERM", listener: () => void): unknown;
  on?(signal: "SIGHUP", listener: () => void): unknown;
}

/** A wrong command line; the message says what to write instead. */
export class UsageError extends TributaryError {
  constructor(message: string) {
    super(message, { code: "USAGE" });
  }
}

/** Every option of every command. */
export const options = {
  data: { type: "string" },
  region: { type: "string" },
  host: { type: "string" },
  port: { type: "string" },
  workers: { type: "string" },
  "tls-cert": { type: "string" },
  "tls-key": { type: "string" },
  insecure: { type: "boolean" },
  strict: { type: "boolean" },
  "default-category": { type: "string" },
  "child-user": { type: "string" },
  "delivery-directory": { type: "string" },
  "delivery-s3-endpoint": { type: "string" },
  "delivery-s3-region": { type: "string" },
  "delivery-buckets": { type: "string" },
  "max-result-bytes": { type: "string" },
  quotas: { type: "string" },
  channels: { type: "string" },
  "channels-per-source": { type: "string" },
  "event-data-stores": { type: "string" },
  "concurrent-queries": { type: "string" },
  "tags-per-resource": { type: "string" },
  "put-rate": { type: "string" },
  "cors-origins": { type: "string" },
  "event-time-ahead": { type: "string" },
  "external-id-mode": { type: "string" },
  sources: { type: "string" },
  "metrics-port": { type: "string" },
  "metrics-host": { type: "string" },
  "access-log": { type: "string" },
  "access-log-days": { type: "string" },
  "access-log-bytes": { type: "string" },
  "removed-grace": { type: "string" },
  account: { type: "string" },
  name: { type: "string" },
  "access-key-id": { type: "string" },
  policy: { type: "string" },
  store: { type: "string" },
  heads: { type: "string" },
  "sign-heads": { type: "string" },
  "signed-heads": { type: "string" },
  "public-key": { type: "string" },
  to: { type: "string" },
  all: { type: "boolean" },
  out: { type: "string" },
  from: { type: "string" },
  "event-ids": { type: "string" },
  endpoint: { type: "string" },
  "policy-name": { type: "string" },
  "trust-policy": { type: "string" },
  "max-session-duration": { type: "string" },
  "session-name": { type: "string" },
  duration: { type: "string" },
  "master-key-file": { type: "string" },
  "new-master-key-file": { type: "string" },
  "new-data-key": { type: "boolean" },
  administrator: { type: "boolean" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

export type CommandValues = ReturnType<typeof parseCommand>["values"];

/** The value of an option that must be given. */
export function required(
  values: CommandValues,
  name:
    | "data"
    | "account"
    | "name"
    | "policy"
    | "trust-policy"
    | "access-key-id"
    | "to"
    | "from"
    | "store"
    | "event-ids",
): string {
  const value = values[name];
  if (value === undefined || value === "")
    throw new UsageError(`--${name} is missing. tributary-lake --help shows an example.`);
  return value;
}

/** Of a file that an option names: 100,000 eventIDs are a quarter of it. */
const maxTextBytes = 16 * 1024 ** 2;

/** The text of a file named on the command line. */
export function readText(path: string): string {
  try {
    const handle = openSync(path, "r");
    try {
      // Not by its size: what is no file has none, and may have no end.
      const bytes = Buffer.allocUnsafe(maxTextBytes + 1);
      let length = 0;
      for (let read = 1; read > 0 && length <= maxTextBytes; length += read)
        read = readSync(handle, bytes, length, bytes.length - length, null);
      if (length > maxTextBytes) throw new Error(`it is longer than ${maxTextBytes} bytes`);
      return bytes.toString("utf8", 0, length);
    } finally {
      closeSync(handle);
    }
  } catch (cause) {
    throw new TributaryError(`${path} cannot be read: ${messageOf(cause)}`, {
      code: "FILE_NOT_READABLE",
      cause,
    });
  }
}

/** Splits a command line. Throws {@link UsageError}. */
export function parseCommand(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}
