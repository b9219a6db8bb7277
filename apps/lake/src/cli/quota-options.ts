import { type Quotas, awsQuotas, defaultQuotas } from "../control/quotas.ts";
import { type CommandValues, UsageError } from "./command.ts";

/** Options that change one quota each, and what they change. */
const single = {
  channels: "channels",
  "channels-per-source": "channelsPerSource",
  "event-data-stores": "eventDataStores",
  "concurrent-queries": "concurrentQueries",
  "tags-per-resource": "tagsPerResource",
} as const;

/** The quotas that `serve` is told: those of `--quotas`, one or the other changed. Throws `USAGE`. */
export function quotaOptions(values: CommandValues): Quotas {
  const set = values.quotas ?? "default";
  if (set !== "default" && set !== "aws") throw new UsageError("--quotas can be default or aws.");
  const base = set === "aws" ? awsQuotas : defaultQuotas;
  const changed = Object.entries(single).flatMap(([option, quota]) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a key of it
    const number = numberOf(values, option as keyof typeof single);
    return number === undefined ? [] : [[quota, number] as const];
  });
  const putRate = numberOf(values, "put-rate");
  return {
    ...base,
    ...Object.fromEntries(changed),
    ...(putRate !== undefined && { rates: { ...base.rates, putAuditEvents: putRate } }),
  };
}

function numberOf(values: CommandValues, name: keyof typeof single | "put-rate"): number | undefined {
  const given = values[name];
  if (given === undefined) return undefined;
  if (!/^[1-9]\d{0,5}$/.test(given)) throw new UsageError(`--${name} must be a number from 1 to 999999.`);
  return Number(given);
}
