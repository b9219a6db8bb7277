import { randomUUID } from "node:crypto";
import type { IngestWorld } from "../ingest/ingest-world.ts";
import { type Answer, succeeded } from "../wire/answer.ts";
import type { Wire } from "../wire/wire.ts";

/** What the checks of a server act on: a channel, and how what was made for it goes away. */
export interface ServerWorld extends IngestWorld {
  /** Deletes what was made. Answers what could not be deleted. */
  readonly close: () => Promise<readonly string[]>;
}

/** Sources in the order in which a free one is looked for: an account has one channel of each. */
const sources = ["Custom", "Shoreline", "MontyCloud", "Clumio", "Snyk", "LaunchDarkly"];

/**
 * A world on a channel that exists, or on one made for this run (an event data store of 7 days, and a channel without a policy).
 * Throws when the subject does not let it be made.
 */
export async function openServerWorld(
  wire: Wire,
  { channelArn, storeArn }: { readonly channelArn?: string | undefined; readonly storeArn?: string | undefined },
): Promise<ServerWorld> {
  const prefix = `conformance-${randomUUID().slice(0, 8)}`;
  if (channelArn !== undefined) {
    const accountId = channelArn.split(":")[4] ?? "";
    return { wire, channelArn, accountId, close: () => Promise.resolve([]) };
  }
  const made: { store?: string; channel?: string } = {};
  const close = () => remove(wire, made);
  try {
    const store = storeArn ?? (made.store = await createStore(wire, `${prefix}-store`));
    made.channel = await createChannel(wire, `${prefix}-channel`, store);
    const accountId = made.channel.split(":")[4] ?? "";
    return { wire, channelArn: made.channel, accountId, close };
  } catch (error) {
    const left = await close();
    const more = left.length === 0 ? "" : ` Left behind: ${left.join(", ")}.`;
    throw new Error(`The subject gave no channel to check with: ${messageOf(error)}.${more}`, { cause: error });
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

async function remove(wire: Wire, made: { readonly store?: string; readonly channel?: string }): Promise<string[]> {
  const left: string[] = [];
  const gone = async (arn: string | undefined, operation: string, member: string) => {
    if (arn === undefined) return;
    const answer = await wire.call(operation, { [member]: arn }).catch(() => undefined);
    if (answer?.status !== 200) left.push(arn);
  };
  await gone(made.channel, "DeleteChannel", "Channel");
  await gone(made.store, "DeleteEventDataStore", "EventDataStore");
  return left;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
