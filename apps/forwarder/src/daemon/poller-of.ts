import { TributaryError } from "@tributary/schema";
import type { IntegrationPlan } from "../config/integration-plan.ts";
import { readsOf } from "./reads-of.ts";

/** The poller that can answer a backfill. Throws `BACKFILL_REFUSED`. @param reads as it was when the backfill was asked for */
export function pollerOf(plan: IntegrationPlan, reads: string | undefined): NonNullable<IntegrationPlan["poll"]> {
  const { poll, name, adapter } = plan;
  if (poll === undefined) throw refused(`The integration ${name} has no poll; --files reads files again.`);
  if (poll.poll.history === undefined)
    throw refused(
      `The poller of ${adapter.name} cannot read the past beside the live one: the vendor keeps one place for all readers, or shows nothing twice.`,
    );
  if (reads !== undefined && readsOf(poll) !== reads)
    throw refused(`The integration ${name} polls another account than when this was asked for: ask again.`);
  return poll;
}

const refused = (message: string): TributaryError => new TributaryError(message, { code: "BACKFILL_REFUSED" });
