import type { Writable } from "node:stream";
import { printable } from "../terminal/table.ts";

export type LogLevel = "info" | "warn" | "error";
export type LogFields = Readonly<Record<string, string | number | undefined>>;
export type Log = (level: LogLevel, message: string, fields?: LogFields) => void;

/**
 * Writes a line for each event: JSON objects, or `TIME LEVEL [integration] message key=value`. Whatever is written passes
 * `scrub` first.
 */
export function logWriter(
  stream: Pick<Writable, "write">,
  kind: "plain" | "json",
  now: () => number,
  scrub: (text: string) => string,
): Log {
  return (level, message, fields = {}) => {
    const time = new Date(now()).toISOString();
    const given = Object.entries(fields).filter(([, value]) => value !== undefined);
    if (kind === "json") {
      const line = JSON.stringify({ time, level, message, ...Object.fromEntries(given) });
      stream.write(`${scrub(line)}\n`);
      return;
    }
    const { integration } = fields;
    const rest = given
      .filter(([key]) => key !== "integration")
      .map(
        ([key, value]) =>
          ` ${key}=${typeof value === "string" && /[\s"=]/.test(value) ? JSON.stringify(value) : value}`,
      );
    const who = integration === undefined ? "" : `${integration}: `;
    stream.write(`${printable(scrub(`${time} ${level} ${who}${message}${rest.join("")}`))}\n`);
  };
}
