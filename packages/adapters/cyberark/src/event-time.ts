import { Refused, utcSeconds } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";
import { readCefTime } from "@tributary/adapter-kit/readers";
import type { Told } from "./told.ts";

/**
 * The first readable of some times as eventTime; where there is none, the time of receipt, and `eventTimeFrom` says so.
 * Times without a zone are the Vault server's; those without a year get the latest that is not in the future.
 * Throws {@link Refused} `OPTIONS_INVALID` when the zone is none that is known.
 */
export function eventTime(
  times: readonly (Json | undefined)[],
  { origin, zone }: Told,
): { readonly eventTime: string; readonly eventTimeFrom?: string } {
  for (const time of times) {
    if (time === undefined || time === null) continue;
    const read = readCefTime(time, { zone, near: origin.receivedAt });
    if (read !== undefined) return { eventTime: read };
    if (readCefTime("2026-01-31 12:00:00", { zone }) === undefined)
      throw new Refused(
        "OPTIONS_INVALID",
        "The option zone is neither an offset such as +02:00 nor a place such as Europe/Berlin.",
      );
  }
  return { eventTime: utcSeconds(origin.receivedAt), eventTimeFrom: "receivedAt" };
}
