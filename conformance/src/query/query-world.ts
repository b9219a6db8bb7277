import { randomUUID } from "node:crypto";
import { put } from "../ingest/ingest-world.ts";
import { isMembers } from "../core/members.ts";
import { shown, Unmet } from "../core/unmet.ts";
import { type Sample, sampleCount, sampleEvents } from "./sample-events.ts";
import { type ServerWorld, storeOf } from "../server/server-world.ts";
import { succeeded } from "../wire/answer.ts";
import { ask, type Place } from "./ask.ts";
import { pause } from "./pause.ts";

/** A sample, and the eventID that PutAuditEvents answered. */
export interface Stored extends Sample {
  readonly eventID: string;
}

/** A world whose events can be queried. */
export interface Queried extends Place {
  readonly storeArn: string;
  readonly samples: readonly Stored[];
}

/** How long events may take until queries find them, ms: AWS says minutes. */
const arrivalMs = 15 * 60_000;

const ready = new WeakMap<ServerWorld, Promise<Queried>>();

/** The world with its events: put once for all checks of a run, and found by a query. Rejects where they never are. */
export function queried(world: ServerWorld): Promise<Queried> {
  const known = ready.get(world) ?? ingest(world);
  ready.set(world, known);
  return known;
}

async function ingest(world: ServerWorld): Promise<Queried> {
  const storeArn = await storeOf(world);
  const place = {
    world,
    storeArn,
    storeId: storeArn.slice(storeArn.lastIndexOf("/") + 1),
    tag: `query-${randomUUID().slice(0, 13)}.example.com`,
  };
  const now = world.wire.subject.now();
  const samples = sampleEvents(place.tag, world.accountId, Math.floor(now / 1000) * 1000 - 6 * 3_600_000);
  const answer = await put(
    world,
    samples.map(({ id, event }) => ({ id, eventData: JSON.stringify(event) })),
  );
  const ids = new Map<string, string>();
  const { successful } = succeeded(answer);
  if (Array.isArray(successful))
    for (const one of successful) if (isMembers(one)) ids.set(String(one["id"]), String(one["eventID"]));
  if (ids.size < sampleCount)
    throw new Unmet(`the ${sampleCount} events that are queried in successful`, shown(answer.text));
  await arrival(place);
  return { ...place, samples: samples.map((sample) => ({ ...sample, eventID: ids.get(sample.id) ?? "" })) };
}

/** Resolves when a query finds every event. */
async function arrival(place: Place): Promise<void> {
  let waited = 0;
  for (let ms = 250; ; ms = Math.min(ms * 2, 20_000)) {
    const { rows, statement } = await ask(place, "SELECT eventID FROM $STORE WHERE $MINE");
    if (rows.length >= sampleCount) return;
    if (waited > arrivalMs)
      throw new Unmet(
        `${sampleCount} rows, the events that PutAuditEvents took ${Math.round(waited / 60_000)} minutes ago, of ${statement}`,
        `${rows.length} rows`,
      );
    await pause(place.world, ms);
    waited += ms;
  }
}

/** Of a row that has an eventID or a UID, the event that was put. */
export function ofEvent({ samples }: Queried): (row: readonly (string | null)[]) => string {
  return (row) => {
    const found = samples.find(({ eventID, event }) => row.includes(eventID) || row.includes(event.UID));
    return found === undefined ? "" : `; put was ${JSON.stringify(found.event)}`;
  };
}
