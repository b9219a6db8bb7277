import type { EventDataStoreRecord } from "../catalog/control-catalog.ts";
import type { CheckedEntry } from "./check-entries.ts";

const day = 86_400_000;

/** A line of the journal and the stores it goes to. */
export interface RoutedLine {
  readonly storeIds: readonly string[];
  readonly line: string;
}

/**
 * The lines of the accepted entries, each for every store that keeps events of its time: what is older than a store's
 * retention is acknowledged and never stored there. Spec 1.7, 1.8.
 */
export function journalLines(
  checked: readonly CheckedEntry[],
  stores: readonly EventDataStoreRecord[],
  now: number,
): readonly RoutedLine[] {
  const bounds = stores.map(({ storeId, retentionPeriod }) => ({ storeId, oldest: now - retentionPeriod * day }));
  const latest = Math.max(...bounds.map(({ oldest }) => oldest));
  const all = stores.map(({ storeId }) => storeId);
  const lines: RoutedLine[] = [];
  for (const entry of checked) {
    if (!("line" in entry)) continue;
    const { eventTime, line } = entry;
    const storeIds =
      eventTime >= latest ? all : bounds.filter(({ oldest }) => eventTime >= oldest).map(({ storeId }) => storeId);
    if (storeIds.length > 0) lines.push({ storeIds, line });
  }
  return lines;
}
