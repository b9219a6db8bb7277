import { randomUUID } from "node:crypto";
import type { IngestWorld } from "../ingest/ingest-world.ts";
import { type Answer, succeeded } from "../wire/answer.ts";
import type { Wire } from "../wire/wire.ts";

/** What the checks of a server act on: a channel, and how what was made for it goes away. */
export interface ServerWorld extends IngestWorld {
  /** The event data store that the channel delivers to; undefined where only a channel was named. */
  readonly storeArn?: string | undefined;
  /** Whether the store was made for this run, so that it may be changed. */
  readonly ownsStore: boolean;
  /** A store of management events whose ingestion may be stopped and started, where one is named. */
  readonly managementStoreArn?: string | undefined;
  /** What every name begins with that this run makes. */
  readonly prefix: string;
  /** The ARN of something more that was made; `close` deletes it. */
  readonly made: (arn: string) => void;
  /** Deletes what was made. Answers what could not be deleted. */
  readonly close: () => Promise<readonly string[]>;
}

/** What a run may use instead of making it. */
export interface Existing {
  readonly channelArn?: string | undefined;
  readonly storeArn?: string | undefined;
  readonly managementStoreArn?: string | undefined;
}

/** Sources in the order in which a free one is looked for: an account has one channel of each. */
const sources = ["Custom", "Shoreline", "MontyCloud", "Clumio", "Snyk", "LaunchDarkly"];

/**
 * A world on a channel that exists, or on one made for this run (an event data store of 7 days, and a channel without a policy).
 * Throws when the subject does not let it be made.
 */
export async function openServerWorld(
  wire: Wire,
  { channelArn, storeArn, managementStoreArn }: Existing,
): Promise<ServerWorld> {
  const prefix = `conformance-${randomUUID().slice(0, 8)}`;
  const more: string[] = [];
  const made = (arn: string) => void more.push(arn);
  const close = () => removeAll(wire, more);
  if (channelArn !== undefined) {
    const accountId = channelArn.split(":")[4] ?? "";
    return { wire, channelArn, storeArn, managementStoreArn, ownsStore: false, accountId, prefix, made, close };
  }
  try {
    const store = storeArn ?? (await createStore(wire, `${prefix}-store`));
    if (storeArn === undefined) made(store);
    const channel = await createChannel(wire, `${prefix}-channel`, store);
    made(channel);
    return {
      wire,
      channelArn: channel,
      storeArn: store,
      managementStoreArn,
      ownsStore: storeArn === undefined,
      accountId: channel.split(":")[4] ?? "",
      prefix,
      made,
      close,
    };
  } catch (error) {
    const left = await close();
    const rest = left.length === 0 ? "" : ` Left behind: ${left.join(", ")}.`;
    throw new Error(`The subject gave no channel to check with: ${messageOf(error)}.${rest}`, { cause: error });
  }
}

/** An event data store for activity events, without termination protection. Answers its ARN. */
export async function createStore(wire: Wire, name: string): Promise<string> {
  const answer = await wire.call("CreateEventDataStore", {
    Name: name,
    AdvancedEventSelectors: [
      { Name: "activity", FieldSelectors: [{ Field: "eventCategory", Equals: ["ActivityAuditLog"] }] },
    ],
    MultiRegionEnabled: false,
    RetentionPeriod: 7,
    BillingMode: "FIXED_RETENTION_PRICING",
    TerminationProtectionEnabled: false,
  });
  return String(succeeded(answer)["EventDataStoreArn"]);
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

/** Deletes channels, then stores. Answers what is left; what was deleted before is not. */
async function removeAll(wire: Wire, arns: readonly string[]): Promise<readonly string[]> {
  const left: string[] = [];
  for (const arn of [...arns.filter(isChannel), ...arns.filter((one) => !isChannel(one))]) {
    const answer = await (isChannel(arn) ? wire.call("DeleteChannel", { Channel: arn }) : removeStore(wire, arn)).catch(
      () => undefined,
    );
    const isGone = answer?.status === 200 || gone.includes(answer?.code ?? "");
    if (!isGone) left.push(arn);
  }
  return left;
}

const isChannel = (arn: string): boolean => arn.includes(":channel/");

const gone = ["ChannelNotFoundException", "EventDataStoreNotFoundException", "InactiveEventDataStoreException"];

async function removeStore(wire: Wire, arn: string): Promise<Answer> {
  await wire.call("UpdateEventDataStore", { EventDataStore: arn, TerminationProtectionEnabled: false });
  return wire.call("DeleteEventDataStore", { EventDataStore: arn });
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
