import type { JournalEvent } from "../../src/journal/journal-line.ts";
import { dayOf } from "../memory-tables.ts";
import { Violation } from "./scheduler.ts";

/** Knows what was sent and what was acknowledged, and nothing of how it is stored. */
export class Oracle {
  /** Store -> eventid -> text, of everything ever sent. */
  readonly #issued = new Map<string, Map<string, string>>();
  readonly #acknowledged = new Map<string, Set<string>>();
  /** Days of a store that retention has dropped; their events need not be found any more. */
  readonly #droppedDays = new Map<string, Set<string>>();
  /** Events that retention deleted and nobody sent again. */
  readonly #gone = new Map<string, Set<string>>();
  /** Events of a store whose purge was ordered, and those whose purge is done. */
  readonly #ordered = new Map<string, Set<string>>();
  readonly #purged = new Map<string, Set<string>>();
  readonly #days = new Map<string, string>();

  issue(storeId: string, event: JournalEvent): void {
    of(this.#issued, storeId, () => new Map<string, string>()).set(event.eventid, event.eventdata);
    this.#days.set(event.eventid, dayOf(event));
    this.#gone.get(storeId)?.delete(event.eventid);
  }

  acknowledge(storeId: string, event: JournalEvent): void {
    of(this.#acknowledged, storeId, () => new Set()).add(event.eventid);
  }

  acknowledged(storeId: string): ReadonlySet<string> {
    return new Set(this.#acknowledged.get(storeId));
  }

  /** Retention has dropped these events; `waiting` are still in the journal and may come back. */
  dropped(storeId: string, day: string, events: readonly JournalEvent[], waiting: ReadonlySet<string>): void {
    of(this.#droppedDays, storeId, () => new Set()).add(day);
    const gone = of(this.#gone, storeId, () => new Set<string>());
    for (const { eventid } of events) if (!waiting.has(eventid)) gone.add(eventid);
  }

  /** Everything sent to a store. */
  issued(storeId: string): readonly string[] {
    return [...(this.#issued.get(storeId)?.keys() ?? [])];
  }

  orderPurge(storeId: string, eventids: readonly string[]): void {
    for (const eventid of eventids) of(this.#ordered, storeId, () => new Set<string>()).add(eventid);
  }

  purgeDone(storeId: string, eventids: readonly string[]): void {
    for (const eventid of eventids) of(this.#purged, storeId, () => new Set<string>()).add(eventid);
  }

  purged(storeId: string): ReadonlySet<string> {
    return new Set(this.#purged.get(storeId));
  }

  /** C1 to C3 for the rows that a query of a store reads. */
  checkQuery(
    storeId: string,
    mustSee: ReadonlySet<string>,
    rows: readonly JournalEvent[],
    who: string,
    mustNotSee: ReadonlySet<string> = this.purged(storeId),
  ): void {
    const seen = new Set<string>();
    for (const { eventid, eventdata } of rows) {
      if (mustNotSee.has(eventid)) throw new Violation(`${who} reads ${eventid}, which was purged before it began`);
      if (seen.has(eventid)) throw new Violation(`C3: ${who} reads ${eventid} twice`);
      seen.add(eventid);
      const issued = this.#issued.get(storeId)?.get(eventid);
      if (issued === undefined) throw new Violation(`C2: ${who} reads ${eventid}, which nobody sent`);
      if (issued !== eventdata) throw new Violation(`C1: ${who} reads another text of ${eventid} than was sent`);
    }
    for (const eventid of mustSee) {
      if (this.#ordered.get(storeId)?.has(eventid) === true) continue;
      if (seen.has(eventid) || this.#droppedDays.get(storeId)?.has(this.#days.get(eventid)!) === true) continue;
      throw new Violation(`C1: ${who} does not read ${eventid}, acknowledged before it began`);
    }
  }

  /** What retention deleted does not come back by a merge. */
  checkLive(storeId: string, live: readonly JournalEvent[]): void {
    for (const { eventid } of live) {
      if (this.#gone.get(storeId)?.has(eventid) === true)
        throw new Violation(`retention deleted ${eventid}, and it is back`);
    }
  }
}

function of<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
