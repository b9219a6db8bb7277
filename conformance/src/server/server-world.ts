import { randomUUID } from "node:crypto";
import { Interrupted } from "../core/interrupted.ts";
import { isMembers, type Members } from "../core/members.ts";
import { Unmet } from "../core/unmet.ts";
import type { IngestWorld } from "../ingest/ingest-world.ts";
import { type Answer, succeeded } from "../wire/answer.ts";
import type { Wire } from "../wire/wire.ts";

/** What the checks of a server act on: a channel. What is made for it, or by a check, stands in the wire's `made`. */
export interface ServerWorld extends IngestWorld {
  /** The event data store that the channel delivers to; undefined where only a channel was named. */
  readonly storeArn?: string | undefined;
  /** What CreateEventDataStore said, where the store was made for this run and may be changed. */
  readonly storeCreated?: Members | undefined;
  /** A store of management events whose ingestion may be stopped and started, where one is named. */
  readonly managementStoreArn?: string | undefined;
  /** What every name begins with that this run makes. */
  readonly prefix: string;
}

/** What a run may use instead of making it. */
export interface Existing {
  readonly channelArn?: string | undefined;
  readonly storeArn?: string | undefined;
  readonly managementStoreArn?: string | undefined;
}

/** The event data store of the world's channel. */
export async function storeOf({ wire, channelArn, storeArn }: ServerWorld): Promise<string> {
  if (storeArn !== undefined) return storeArn;
  const { Destinations: list } = succeeded(await wire.call("GetChannel", { Channel: channelArn }));
  const first: unknown = Array.isArray(list) ? list[0] : undefined;
  const location = isMembers(first) ? String(first["Location"]) : "";
  if (location !== "") return location;
  throw new Error(`${channelArn} has no destination: name its event data store with --store, too.`);
}

/** Sources in the order in which a free one is looked for: an account has one channel of each. */
const sources = ["Custom", "Shoreline", "MontyCloud", "Clumio", "Snyk", "LaunchDarkly"];

/**
 * A world on a channel that exists, or on one made for this run (an event data store of 7 days, or of as many as the server says by
 * default, and a channel without a policy).
 * Throws when the subject does not let it be made.
 */
export async function openServerWorld(
  wire: Wire,
  existing: Existing & { readonly defaultRetention?: boolean },
): Promise<ServerWorld> {
  const { channelArn, storeArn, managementStoreArn } = existing;
  const prefix = `conformance-${randomUUID().slice(0, 8)}`;
  const rest = { wire, managementStoreArn, prefix };
  if (channelArn !== undefined) return { ...rest, channelArn, storeArn, accountId: accountOf(channelArn) };
  try {
    const days = existing.defaultRetention === true ? undefined : 7;
    const created = storeArn === undefined ? await createStore(wire, `${prefix}-store`, days) : undefined;
    const store = storeArn ?? String(created?.["EventDataStoreArn"]);
    const made = await createChannel(wire, `${prefix}-channel`, store);
    return {
      ...rest,
      channelArn: made,
      storeArn: store,
      storeCreated: created,
      accountId: accountOf(made),
    };
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    const what = error instanceof Unmet ? "gave no channel to check with" : "could not be reached";
    throw new Error(`${wire.subject.endpoint} ${what}: ${messageOf(error)}`, { cause: error });
  }
}

/** What makes a store one for activity events. */
export const activitySelectors = [
  { Name: "activity", FieldSelectors: [{ Field: "eventCategory", Equals: ["ActivityAuditLog"] }] },
];

/** An event data store for activity events, without termination protection. Answers what the server says of it. */
export async function createStore(wire: Wire, name: string, days: number | undefined): Promise<Members> {
  const answer = await wire.call("CreateEventDataStore", {
    Name: name,
    AdvancedEventSelectors: activitySelectors,
    MultiRegionEnabled: false,
    ...(days !== undefined && { RetentionPeriod: days }),
    BillingMode: "FIXED_RETENTION_PRICING",
    TerminationProtectionEnabled: false,
  });
  return succeeded(answer);
}

async function createChannel(wire: Wire, name: string, store: string): Promise<string> {
  let answer: Answer | undefined;
  for (const source of sources) {
    answer = await wire.call("CreateChannel", {
      Name: name,
      Source: source,
      Destinations: [{ Type: "EVENT_DATA_STORE", Location: store }],
    });
    if (answer.code !== "ChannelMaxLimitExceededException") break;
  }
  return String(succeeded(answer!)["ChannelArn"]);
}

const accountOf = (arn: string): string => arn.split(":")[4] ?? "";
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
