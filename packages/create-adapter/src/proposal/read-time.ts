import { readUtcSeconds } from "@tributary/adapter-kit";
import { readCefTime } from "@tributary/adapter-kit/readers";

const earliest = Date.UTC(2000, 0, 1);
const latest = Date.UTC(2100, 0, 1);

/**
 * A value as eventTime, if it is one that an audit record may have: from 2000 to 2100, so that a number which only counts is
 * none. `cef` also reads CEF's own form.
 */
export function readTime(value: unknown, cef: boolean): string | undefined {
  if (typeof value === "boolean") return undefined;
  const near = "2026-01-31T12:00:00Z";
  const time = cef ? readCefTime(value, { near }) : readUtcSeconds(value);
  if (time === undefined) return undefined;
  const at = Date.parse(time);
  return at >= earliest && at < latest ? time : undefined;
}
