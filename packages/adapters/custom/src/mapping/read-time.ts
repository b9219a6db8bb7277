import { readUtcSeconds } from "@tributary/adapter-kit";
import type { Json, TimeOptions } from "@tributary/adapter-kit";
import { readCefTime } from "@tributary/adapter-kit/readers";
import type { timeFormats } from "./mapping-schema.ts";

/** Digits behind those of a second. */
const finer = { "epoch-s": 0, "epoch-ms": 3, "epoch-us": 6, "epoch-ns": 9 } as const;

/**
 * A time as eventTime wants it, `yyyy-MM-ddTHH:mm:ssZ`; undefined where it is not written in this format.
 * @param format without it, every one of them, by the look of the value
 * @param options `zone` of times that name none; `near` for times without a year
 */
export function readTime(
  value: Json,
  format: (typeof timeFormats)[number] | undefined,
  options: TimeOptions,
): string | undefined {
  if (format === undefined) return readCefTime(value, options);
  if (format === "iso")
    return typeof value === "string" && /^\s*\d{4}-/.test(value) ? readCefTime(value, options) : undefined;
  if (format === "rfc3164")
    return typeof value === "string" && /^\s*[A-Z]/.test(value) ? readCefTime(value, options) : undefined;
  const digits = typeof value === "number" ? (Number.isFinite(value) ? String(Math.trunc(value)) : "") : value;
  const whole = typeof digits === "string" ? /^\s*(\d{1,20})(?:\.\d{0,12})?\s*$/.exec(digits)?.[1] : undefined;
  if (whole === undefined) return undefined;
  // Digits are cut, not divided: a double does not hold nanoseconds.
  const seconds = whole.slice(0, Math.max(0, whole.length - finer[format])) || "0";
  return seconds.length > 10 ? undefined : readUtcSeconds(Number(seconds));
}
