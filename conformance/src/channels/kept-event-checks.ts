import type { Check } from "../core/check.ts";
import type { Members } from "../core/members.ts";
import { expects } from "../core/unmet.ts";
import { event, put, timeAt, tookOne } from "../ingest/ingest-world.ts";
import { ask as query } from "../query/ask.ts";
import { pause } from "../query/pause.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { done, secondStore, storeOf, to, withChannel } from "./channels-world.ts";

const needs = ["queries"] as const;
const dayMs = 86_400_000;

/** Longest wait until a query finds an event, or no longer does, ms: AWS says minutes. */
const patienceMs = 15 * 60_000;

/** Spec 2.3 and 2.4: where events are, and how long. Queries tell. */
export const keptEventChecks: readonly Check<ServerWorld>[] = [
  {
    clause: "channels/destination/new-events-go-to-the-new-ones",
    needs,
    run: (world) =>
      withChannel(world, async (channelArn) => {
        const { arn: second } = await secondStore(world);
        const source = `moved.${world.prefix}.example.com`;
        await putNamed(world, channelArn, source, "before");
        await settled(world, storeOf(world), source, ["before"]);
        await done(world, "UpdateChannel", { Channel: channelArn, Destinations: to(second) });
        await putNamed(world, channelArn, source, "after");
        await settled(world, second, source, ["after"]);
        await settled(world, storeOf(world), source, ["before"]);
        await done(world, "UpdateChannel", { Channel: channelArn, Destinations: to(storeOf(world)) });
      }),
  },
  {
    clause: "channels/channel/events-stay-in-their-stores",
    needs,
    run: (world) =>
      withChannel(world, async (channelArn) => {
        const source = `left.${world.prefix}.example.com`;
        await putNamed(world, channelArn, source, "stays");
        await settled(world, storeOf(world), source, ["stays"]);
        await done(world, "DeleteChannel", { Channel: channelArn });
        await settled(world, storeOf(world), source, ["stays"]);
      }),
  },
  {
    clause: "channels/store/retention-by-event-time",
    needs,
    run: (world) =>
      withChannel(world, async (channelArn) => {
        const { arn: EventDataStore } = await secondStore(world);
        await done(world, "UpdateEventDataStore", { EventDataStore, RetentionPeriod: 10 });
        await done(world, "UpdateChannel", { Channel: channelArn, Destinations: to(EventDataStore) });
        const source = `aged.${world.prefix}.example.com`;
        const now = world.wire.subject.now();
        await putNamed(world, channelArn, source, "11-days", { eventTime: timeAt(now - 11 * dayMs) });
        await putNamed(world, channelArn, source, "9-days", { eventTime: timeAt(now - 9 * dayMs) });
        await settled(world, EventDataStore, source, ["9-days"]);
        await done(world, "UpdateChannel", { Channel: channelArn, Destinations: to(storeOf(world)) });
      }),
  },
];

/** Puts an event with this UID, which is taken. */
async function putNamed(
  world: ServerWorld,
  channelArn: string,
  eventSource: string,
  UID: string,
  changes: Members = {},
): Promise<void> {
  const eventData = JSON.stringify(event(world, { eventSource, UID, ...changes }));
  tookOne(await put(world, [{ id: "the-event", eventData }], { channelArn }));
}

/** Resolves when the events of a source in a store are those of these UIDs. Throws `Unmet` when they never are. */
async function settled(world: ServerWorld, storeArn: string, tag: string, uids: readonly string[]): Promise<void> {
  const place = { world, storeId: storeArn.slice(storeArn.lastIndexOf("/") + 1), tag };
  for (let ms = 250, waited = 0; ; ms = Math.min(ms * 2, 20_000)) {
    const { rows } = await query(place, "SELECT eventData.uid FROM $STORE WHERE $MINE ORDER BY 1");
    const found = rows.flat().map(({ value }) => value);
    const isSettled = JSON.stringify(found) === JSON.stringify(uids);
    if (isSettled) return;
    expects(waited <= patienceMs, `the events ${uids.join(", ")} in ${storeArn}, and no other of ${tag}`, found);
    await pause(world, ms);
    waited += ms;
  }
}
