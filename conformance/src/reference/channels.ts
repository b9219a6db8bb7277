import { parseCloudTrailArn } from "@tributary/schema";
import { isMembers } from "../core/members.ts";
import { type ControlCall, listOf, must, refusal, textOf } from "./control-call.ts";
import type { Channel, EventDataStore } from "./control-state.ts";
import { findStore } from "./event-data-stores.ts";
import { page } from "./pages.ts";
import { firstTags, tagsList } from "./tags.ts";

/** Regions in which there are no integrations. Spec 7, row 31. */
export const regionsWithoutIntegrations: ReadonlySet<string> = new Set(["me-central-1"]);

/** Spec 2.3, A.1. */
export function createChannel(call: ControlCall): object {
  const { input, caller, state, rules, region } = call;
  const isServed = !regionsWithoutIntegrations.has(region);
  must(call, isServed, "channel/region-without-integrations", `There are no integrations in ${region}.`);
  const tags = firstTags(call, "Tags");
  const name = textOf(input, "Name") ?? "";
  const source = textOf(input, "Source") ?? "";
  must(call, rules.isSource(source), "channel/source-unknown", `${source} is no source.`);
  const own = state.channelsOf(caller.accountId);
  const taken = rules.freesNames ? own : [...own, ...state.former.values()];
  const isFree = !taken.some((channel) => rules.isNamed(channel.name, name));
  must(call, isFree, "channel/name-taken", `There is a channel named ${name}.`);
  const destinations = destinationsOf(call);
  must(call, own.length < rules.maxChannels, "channel/too-many", `There are ${own.length} channels already.`);
  const ofSource = own.filter((channel) => channel.source === source).length;
  must(call, ofSource < rules.channelsPerSource, "channel/source-taken", `${source} has its channel already.`);
  const id = rules.idOf(state.nextId());
  const arn = `arn:aws:cloudtrail:${region}:${caller.accountId}:channel/${id}`;
  const channel: Channel = {
    arn,
    id,
    accountId: caller.accountId,
    source,
    name,
    destinations: destinations.map((store) => store.id),
    tags,
  };
  state.channels.set(arn, channel);
  return { ...channelOutput(call, channel), Tags: tagsList(tags) };
}

/** Spec 2.3, A.2. */
export function getChannel(call: ControlCall): object {
  const channel = findChannel(call);
  const { ingestion } = channel;
  const seconds = (ms: number | undefined) => (ms === undefined ? undefined : call.rules.timestamp(ms));
  const status = ingestion && {
    LatestIngestionSuccessTime: seconds(ingestion.successAt),
    LatestIngestionSuccessEventID: ingestion.successEventId,
    LatestIngestionErrorCode: ingestion.error,
    LatestIngestionAttemptTime: seconds(ingestion.attemptAt),
    LatestIngestionAttemptEventID: ingestion.attemptEventId,
  };
  return { ...channelOutput(call, channel), ...(status && { IngestionStatus: status }) };
}

/** Spec 2.3, A.3. */
export function listChannels(call: ControlCall): object {
  const { rules, state, caller } = call;
  const all = rules.listsOwn ? state.channelsOf(caller.accountId) : [...state.channels.values()];
  const { items, next } = page(call, all);
  const Channels = items.map((channel) =>
    rules.listed(channelOutput(call, channel), { ChannelArn: channel.arn, Name: channel.name }),
  );
  return { Channels, ...next };
}

/** Spec 2.3, A.4. */
export function updateChannel(call: ControlCall): object {
  const { input, state, rules } = call;
  const channel = findChannel(call);
  const name = textOf(input, "Name");
  const given = listOf(input, "Destinations");
  const isChange = name !== undefined || given !== undefined;
  must(call, isChange, "channel/nothing-new", "Give a Name, Destinations or both.");
  const isFree = !state
    .channelsOf(channel.accountId)
    .some((one) => one !== channel && name !== undefined && rules.isNamed(one.name, name));
  must(call, isFree, "channel/new-name-taken", `There is a channel named ${name}.`);
  if (name !== undefined && !rules.checksFirst) channel.name = name;
  const destinations = given && destinationsOf(call).map((store) => store.id);
  channel.source = rules.newSource(channel.source, input["Source"]);
  if (name !== undefined) channel.name = rules.kept(name);
  const before = storesOf(call, channel);
  if (destinations !== undefined)
    channel.destinations = rules.replacesDestinations
      ? destinations
      : [...new Set([...channel.destinations, ...destinations])];
  rules.afterMove(channel, before, storesOf(call, channel));
  return channelOutput(call, channel);
}

/** Spec 2.3, A.5. Answers the ARN, too: what else was the channel's goes with it. */
export function deleteChannel(call: ControlCall): Channel {
  const channel = findChannel(call);
  if (call.rules.deletes("channel")) call.state.channels.delete(channel.arn);
  call.rules.afterMove(channel, storesOf(call, channel), []);
  call.state.former.set(channel.arn, channel);
  return channel;
}

function storesOf({ state }: ControlCall, { destinations }: Channel): readonly EventDataStore[] {
  return destinations.map((id) => state.stores.get(id)).filter((store) => store !== undefined);
}

function channelOutput(call: ControlCall, channel: Channel): object {
  return {
    ChannelArn: channel.arn,
    Name: channel.name,
    Source: channel.source,
    Destinations: storesOf(call, channel).map((store) => ({
      Type: "EVENT_DATA_STORE",
      Location: call.rules.location(store),
    })),
  };
}

function findChannel(call: ControlCall): Channel {
  const { input, caller, state, rules, region } = call;
  const text = textOf(input, "Channel") ?? "";
  const isArn = text.startsWith("arn:");
  const parsed = parseCloudTrailArn(text);
  const isChannels = isArn ? parsed?.type === "channel" : rules.takesIds;
  if (!isChannels) throw refusal(rules, "channel/not-one", "Channel is neither a channel's ARN nor its id.");
  const isHere = !isArn || rules.isHere(parsed?.region ?? "", region);
  must(call, isHere, "channel/other-region", `Channel is not of ${region}.`);
  const id = parsed?.id ?? text;
  const channel = [...state.channels.values()].find((one) => one.id === id);
  if (channel === undefined || !rules.isOwn(channel.accountId, caller.accountId))
    throw refusal(rules, "channel/unknown", `There is no channel ${text}.`);
  return channel;
}

function destinationsOf(call: ControlCall): readonly EventDataStore[] {
  const found: EventDataStore[] = [];
  for (const destination of listOf(call.input, "Destinations") ?? []) {
    const { Type, Location } = isMembers(destination) ? destination : {};
    must(call, Type === "EVENT_DATA_STORE", "destination/type", "The Type of a destination is EVENT_DATA_STORE.");
    const store = findStore(call, String(Location), "destination/not-a-store", "destination/unknown");
    must(call, !found.includes(store), "destination/twice", `The destination ${store.arn} is given twice.`);
    const isActivity = store.category === "ActivityAuditLog";
    must(call, isActivity, "destination/category", `${store.arn} is of ${store.category}.`);
    must(call, store.status === "ENABLED", "destination/inactive", `${store.arn} is ${store.status}.`);
    found.push(store);
  }
  return found;
}
