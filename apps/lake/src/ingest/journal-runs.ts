import type { EventDataStoreRecord } from "../catalog/control-catalog.ts";
import type { JournalRun } from "../journal/journal-run.ts";
import type { CheckedEntry } from "./check-entries.ts";

const day = 86_400_000;

/** What the accepted entries of a request have in common. */
export type RunOrigin = Pick<JournalRun, "ingestiontime" | "channelarn" | "awsregion" | "recipientaccountid">;

/** A run for the journal and the stores it goes to. */
export interface RoutedRun {
  readonly storeIds: readonly string[];
  readonly run: JournalRun;
}

/**
 * The accepted entries, each for every store that keeps events of its time: what is older than a store's retention is
 * acknowledged and never stored there. Spec 1.7, 1.8.
 */
export function journalRuns(
  checked: readonly CheckedEntry[],
  stores: readonly EventDataStoreRecord[],
  origin: RunOrigin,
  now: number,
): readonly RoutedRun[] {
  const bounds = stores.map(({ storeId, retentionPeriod }) => ({ storeId, oldest: now - retentionPeriod * day }));
  const latest = Math.max(...bounds.map(({ oldest }) => oldest));
  const routes = new Map<number, Route>();
  for (const entry of checked) {
    if (!("eventData" in entry)) continue;
    const { eventTime } = entry;
    // The longer a store keeps events, the older ones it takes: as many stores means the same stores.
    const keeping = eventTime >= latest ? bounds : bounds.filter(({ oldest }) => eventTime >= oldest);
    if (keeping.length === 0) continue;
    let route = routes.get(keeping.length);
    if (route === undefined) {
      route = new Route(keeping.map(({ storeId }) => storeId));
      routes.set(keeping.length, route);
    }
    route.add(entry);
  }
  return [...routes.values()].map(({ storeIds, eventids, eventtimes, eventdatas }) => ({
    storeIds,
    run: { ...origin, eventids, eventtimes, eventdatas },
  }));
}

class Route {
  readonly storeIds: readonly string[];
  readonly eventids: string[] = [];
  readonly eventtimes: number[] = [];
  readonly eventdatas: string[] = [];

  constructor(storeIds: readonly string[]) {
    this.storeIds = storeIds;
  }

  add({ eventID, eventTime, eventData }: Extract<CheckedEntry, { eventID: string }>): void {
    this.eventids.push(eventID);
    this.eventtimes.push(eventTime);
    this.eventdatas.push(eventData);
  }
}
