import { limits } from "@tributary/schema";
import type { EventDataStoreRecord } from "../catalog/control-catalog.ts";
import { controlError } from "./control-error.ts";

/**
 * The days a store keeps its events: those given, or the default of the billing mode. Throws InvalidParameterException for
 * more than the mode allows; the model's own bounds were checked before. Spec 2.4.
 */
export function retentionPeriod(
  days: number | null | undefined,
  billingMode: EventDataStoreRecord["billingMode"],
): number {
  const { min, fixedMax, default: extendable, fixedDefault } = limits.retentionDays;
  if (billingMode === "EXTENDABLE_RETENTION_PRICING") return days ?? extendable;
  if (typeof days === "number" && days > fixedMax)
    throw controlError(
      "InvalidParameterException",
      `With FIXED_RETENTION_PRICING the RetentionPeriod is ${min} to ${fixedMax} days.`,
    );
  return days ?? fixedDefault;
}
