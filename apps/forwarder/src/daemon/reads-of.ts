import { createHash } from "node:crypto";
import type { IntegrationPlan } from "../config/integration-plan.ts";

/** What a poller reads, as the state names it. A digest: what it is made of may name a person or an account. */
export function readsOf({ exclusive }: Pick<NonNullable<IntegrationPlan["poll"]>, "exclusive">): string {
  return createHash("sha256").update(exclusive).digest("hex");
}
