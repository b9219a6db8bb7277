import { ask, done, getStore, secondStore, storeOf } from "../channels/channels-world.ts";
import { isMembers, type Members } from "../core/members.ts";
import { referenceLake } from "../reference/reference-lake.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { type Answer, refused, succeeded } from "../wire/answer.ts";
import { Wire } from "../wire/wire.ts";
import { Names } from "./names.ts";
import { newStore } from "./steps.ts";

/** One side of a sequence: the subject, or the reference lake that says what is right. */
export interface Side {
  readonly names: Names;
  readonly call: (operation: string, input: Members) => Promise<Answer>;
}

const sources = ["WizAuditLogs", "OneLogin", "CyberArk", "CrowdStrike", "GitHub", "NetskopeCloudExchange", "Snyk"];
const storeNames = ["store-1", "store-2"] as const;

/** How a store was found, to be left so. */
interface Found {
  readonly store: Members;
  readonly tags: unknown;
}

/**
 * Where sequences are played: two stores of the run and its channel, used by every sequence, and no more (an account has ten stores, and a
 * deleted one counts). Each sequence begins with the same state at the subject and at a new reference lake.
 */
export class Stage {
  readonly #world: ServerWorld;
  readonly #found: ReadonlyMap<string, Found>;
  readonly subject: Side;
  #begun = 0;

  private constructor(world: ServerWorld, subject: Side, found: ReadonlyMap<string, Found>) {
    this.#world = world;
    this.subject = subject;
    this.#found = found;
  }

  /** Throws `Unmet` where the subject gives no stage. */
  static async open(world: ServerWorld): Promise<Stage> {
    const names = new Names({ region: world.wire.subject.region, accountId: world.accountId });
    const { arn } = await secondStore(world);
    names.set("store-1", arn);
    names.set("store-2", storeOf(world));
    names.set("channel-0", world.channelArn);
    if (world.managementStoreArn !== undefined) names.set("management-store", world.managementStoreArn);
    const subject: Side = { names, call: (operation, input) => ask(world, operation, input) };
    const found = new Map<string, Found>();
    for (const name of storeNames) {
      const store = await getStore(world, names.arn(name));
      found.set(name, { store, tags: tagsOf(await subject.call("ListTags", { ResourceIdList: [names.arn(name)] })) });
    }
    for (const [index, source] of (await freeSources(world, subject)).entries()) names.set(`source-${index}`, source);
    return new Stage(world, subject, found);
  }

  /** What the names of a sequence begin with: no two have one in common. */
  get prefix(): string {
    return `${this.#world.prefix}-${this.#begun}`;
  }

  /** Makes the subject's side as every sequence finds it, and an oracle like it. */
  async begin(): Promise<Side> {
    await this.#clear();
    this.#begun++;
    const { names } = this.subject;
    const oracle = this.#oracle();
    for (const [index, name] of storeNames.entries()) {
      const arn = await this.#enabled(name);
      const Name = `${this.prefix}-${"ab"[index]}`;
      await this.#done("UpdateEventDataStore", {
        EventDataStore: arn,
        Name,
        RetentionPeriod: 30,
        TerminationProtectionEnabled: false,
      });
      const tags = tagsOf(await this.subject.call("ListTags", { ResourceIdList: [arn] }));
      if (tags.length > 0) await this.#done("RemoveTags", { ResourceId: arn, TagsList: tags });
      const { BillingMode } = await getStore(this.#world, arn);
      const made = succeeded(
        await oracle.call("CreateEventDataStore", { ...newStore(Name), BillingMode, RetentionPeriod: 30 }),
      );
      oracle.names.set(name, String(made["EventDataStoreArn"]));
    }
    const { Name, Source } = await done(this.#world, "GetChannel", { Channel: names.arn("channel-0") });
    const Destinations = [{ Type: "EVENT_DATA_STORE", Location: oracle.names.arn("store-2") }];
    const channel = succeeded(await oracle.call("CreateChannel", { Name, Source, Destinations }));
    oracle.names.set("channel-0", String(channel["ChannelArn"]));
    return oracle;
  }

  /** Leaves the subject as it was found. */
  async close(): Promise<void> {
    const { evidence } = this.#world.wire;
    await this.#clear();
    for (const [name, { store, tags }] of this.#found) {
      const arn = await this.#enabled(name);
      const { Name, RetentionPeriod, TerminationProtectionEnabled } = store;
      await this.#done("UpdateEventDataStore", {
        EventDataStore: arn,
        Name,
        RetentionPeriod,
        TerminationProtectionEnabled,
      });
      const later = tagsOf(await this.subject.call("ListTags", { ResourceIdList: [arn] }));
      if (later.length > 0) await this.#done("RemoveTags", { ResourceId: arn, TagsList: later });
      if (Array.isArray(tags) && tags.length > 0) await this.#done("AddTags", { ResourceId: arn, TagsList: tags });
    }
    this.#world.wire.recall(evidence);
  }

  #done(operation: string, input: Members): Promise<Members> {
    return done(this.#world, operation, input);
  }

  /** What the last sequence left: channels, and what is said of the channel that stays. */
  async #clear(): Promise<void> {
    const { names, call } = this.subject;
    for (const name of ["channel-1", "channel-2"])
      if (names.has(name)) {
        const answer = await call("DeleteChannel", { Channel: names.arn(name) });
        if (answer.status !== 200) refused(answer, "ChannelNotFoundException");
      }
    const arn = names.arn("channel-0");
    const policy = await call("DeleteResourcePolicy", { ResourceArn: arn });
    if (policy.status !== 200) refused(policy, "ResourcePolicyNotFoundException");
    const tags = tagsOf(await call("ListTags", { ResourceIdList: [arn] }));
    if (tags.length > 0) await this.#done("RemoveTags", { ResourceId: arn, TagsList: tags });
  }

  /** A store that takes events: restored where it waits for its deletion, made where it is gone. Answers its ARN. */
  async #enabled(name: string): Promise<string> {
    const { names, call } = this.subject;
    const found = await call("GetEventDataStore", { EventDataStore: names.arn(name) });
    if (found.code === "EventDataStoreNotFoundException") {
      const made = await this.#done("CreateEventDataStore", newStore(`${this.#world.prefix}-again-${name}`));
      names.set(name, String(made["EventDataStoreArn"]));
    } else if (succeeded(found)["Status"] === "PENDING_DELETION")
      await this.#done("RestoreEventDataStore", { EventDataStore: names.arn(name) });
    return names.arn(name);
  }

  /** A new reference lake of the same account, region and time. */
  #oracle(): Side {
    const { accountId, wire, managementStoreArn: arn } = this.#world;
    const { region, now } = wire.subject;
    const owner = { accountId, accessKeyId: "CONFORMANCEORACLE001", secretAccessKey: "of the oracle" };
    const managementStores = arn === undefined ? [] : [{ arn, accountId }];
    const exchange = referenceLake({ region, identities: [owner], channels: [], managementStores, now });
    const oracle = new Wire({ endpoint: "http://oracle.example", region, exchange, owner, now });
    const names = new Names({ region, accountId });
    for (const index of [0, 1]) names.set(`source-${index}`, this.subject.names.arn(`source-${index}`));
    if (arn !== undefined) names.set("management-store", arn);
    return {
      names,
      call: (operation, input) =>
        operation === "PutAuditEvents" ? oracle.put(putOf(input)) : oracle.call(operation, input),
    };
  }
}

/** PutAuditEvents of a step. */
export const putOf = ({ channelArn, entries }: Members): Parameters<Wire["put"]>[0] => ({
  channelArn: String(channelArn),
  entries: Array.isArray(entries) ? entries : [],
});

function tagsOf({ json }: Answer): readonly Members[] {
  const { ResourceTagList: lists } = json ?? {};
  const [first]: readonly unknown[] = Array.isArray(lists) ? lists : [];
  const tags = isMembers(first) ? first["TagsList"] : undefined;
  return Array.isArray(tags) ? tags.filter(isMembers) : [];
}

/** Two sources that the account has no channel of. */
async function freeSources(world: ServerWorld, { call }: Side): Promise<readonly string[]> {
  const free: string[] = [];
  for (const Source of sources) {
    if (free.length === 2) break;
    const Destinations = [{ Type: "EVENT_DATA_STORE", Location: storeOf(world) }];
    const answer = await call("CreateChannel", { Name: `${world.prefix}-sequence-source`, Source, Destinations });
    if (answer.code === "ChannelMaxLimitExceededException") continue;
    succeeded(await call("DeleteChannel", { Channel: succeeded(answer)["ChannelArn"] }));
    free.push(Source);
  }
  return free;
}
