import { type Quotas, awsQuotas, defaultQuotas } from "../control/quotas.ts";
import type { CommandValues } from "./command.ts";
import { oneOf } from "./one-of.ts";
import { wholeNumber } from "./whole-number.ts";

/** Options that change one quota each, and what they change. */
const single = {
  channels: "channels",
  "channels-per-source": "channelsPerSource",
  "event-data-stores": "eventDataStores",
  "concurrent-queries": "concurrentQueries",
  "tags-per-resource": "tagsPerResource",
} as const;

const most = 999_999;

/** The quotas that `serve` is told: those of `--quotas`, one or the other changed. Throws `USAGE`. */
export function quotaOptions(values: CommandValues): Quotas {
  const base = oneOf(values, "quotas", ["default", "aws"]) === "aws" ? awsQuotas : defaultQuotas;
  const changed = Object.entries(single).flatMap(([option, quota]) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a key of it
    const number = wholeNumber(values, option as keyof typeof single, most);
    return number === undefined ? [] : [[quota, number] as const];
  });
  const putRate = wholeNumber(values, "put-rate", most);
  return {
    ...base,
    ...Object.fromEntries(changed),
    ...(putRate !== undefined && { rates: { ...base.rates, putAuditEvents: putRate } }),
  };
}
