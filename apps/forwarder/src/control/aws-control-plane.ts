import type * as CloudTrail from "@aws-sdk/client-cloudtrail";
import { limits, parseCloudTrailArn, TributaryError } from "@tributary/schema";
import { type AwsControlPlaneOptions, awsClientConfig } from "./aws-client-config.ts";
import { callerIdentity } from "./caller-identity.ts";
import { ControlError, controlError } from "./control-error.ts";
import { channelOf } from "./channel-of.ts";
import type { ControlPlane, Named, Tags } from "./control-plane.ts";
import { isAwsHost } from "./is-aws-host.ts";
import { needed } from "./needed.ts";
import { storeOf } from "./store-of.ts";

/** What a channel's stores hold. Spec 2.4. */
const activityEvents = [
  {
    Name: "Audit events from outside AWS",
    FieldSelectors: [{ Field: "eventCategory", Equals: ["ActivityAuditLog"] }],
  },
];

/** {@link ControlPlane} by AWS's own clients, loaded on first use. Credentials come from the AWS chain. */
export async function awsControlPlane(options: AwsControlPlaneOptions): Promise<ControlPlane> {
  const sdk = await import("@aws-sdk/client-cloudtrail");
  const { endpoint, signal, env = process.env } = options;
  const config = awsClientConfig(options);
  const client = new sdk.CloudTrailClient(config);
  const where = endpoint ?? (env["AWS_ENDPOINT_URL_CLOUDTRAIL"] || env["AWS_ENDPOINT_URL"] || "AWS");
  const abort = signal === undefined ? {} : { abortSignal: signal };

  const call = async <Output>(operation: string, send: () => Promise<Output>): Promise<Output> => {
    try {
      return await send();
    } catch (error) {
      throw error instanceof TributaryError ? error : controlError(operation, error, where);
    }
  };
  const pages = async (
    operation: string,
    page: (token: string | undefined) => Promise<{ readonly items: readonly Named[]; readonly next?: string }>,
  ): Promise<readonly Named[]> => {
    const all: Named[] = [];
    let token: string | undefined;
    do {
      const asked = token;
      const { items, next } = await call(operation, () => page(asked));
      all.push(...items);
      token = next;
    } while (token !== undefined);
    return all;
  };

  return {
    endpoint,
    region: () => call("Region", () => client.config.region()),
    async caller() {
      const sts = await import("@aws-sdk/client-sts");
      // One of AWS's own addresses is CloudTrail's alone.
      const own = endpoint !== undefined && isAwsHost(endpoint) ? undefined : endpoint;
      const tokens = new sts.STSClient(awsClientConfig({ ...options, endpoint: own }));
      try {
        return callerIdentity(
          await call("GetCallerIdentity", () => tokens.send(new sts.GetCallerIdentityCommand({}), abort)),
        );
      } finally {
        tokens.destroy();
      }
    },

    listChannels: () =>
      pages("ListChannels", async (NextToken) => {
        const listed = await client.send(
          new sdk.ListChannelsCommand({ MaxResults: 1000, ...given({ NextToken }) }),
          abort,
        );
        const items = (listed.Channels ?? [])
          .map(({ ChannelArn, Name }) => named(ChannelArn, Name))
          .filter(({ arn }) => parseCloudTrailArn(arn)?.id.startsWith("aws-service-channel/") !== true);
        return { items, ...(listed.NextToken !== undefined && { next: listed.NextToken }) };
      }),
    getChannel: (Channel) =>
      unless(
        ["ChannelNotFoundException", "ChannelARNInvalidException"],
        call("GetChannel", async () => channelOf(await client.send(new sdk.GetChannelCommand({ Channel }), abort))),
      ),
    createChannel: ({ name, source, stores, tags }) =>
      call("CreateChannel", async () => {
        const made = await client.send(
          new sdk.CreateChannelCommand({
            Name: name,
            Source: source,
            Destinations: destinations(stores),
            ...(Object.keys(tags).length > 0 && { Tags: tagsList(tags) }),
          }),
          abort,
        );
        return needed(made.ChannelArn);
      }),
    setDestinations: (Channel, stores) =>
      call("UpdateChannel", async () => {
        await client.send(new sdk.UpdateChannelCommand({ Channel, Destinations: destinations(stores) }), abort);
      }),
    deleteChannel: (Channel) =>
      call("DeleteChannel", async () => {
        await client.send(new sdk.DeleteChannelCommand({ Channel }), abort);
      }),

    listStores: () =>
      pages("ListEventDataStores", async (NextToken) => {
        const listed = await client.send(
          new sdk.ListEventDataStoresCommand({ MaxResults: 1000, ...given({ NextToken }) }),
          abort,
        );
        const items = (listed.EventDataStores ?? []).map(({ EventDataStoreArn, Name }) =>
          named(EventDataStoreArn, Name),
        );
        return { items, ...(listed.NextToken !== undefined && { next: listed.NextToken }) };
      }),
    getStore: (store) =>
      unless(
        ["EventDataStoreNotFoundException", "EventDataStoreARNInvalidException"],
        call("GetEventDataStore", async () =>
          storeOf(await client.send(new sdk.GetEventDataStoreCommand({ EventDataStore: store }), abort)),
        ),
      ),
    createStore: ({ name, retentionDays, tags }) =>
      call("CreateEventDataStore", async () => {
        const made = await client.send(
          new sdk.CreateEventDataStoreCommand({
            Name: name,
            AdvancedEventSelectors: activityEvents,
            MultiRegionEnabled: false,
            OrganizationEnabled: false,
            RetentionPeriod: retentionDays,
            BillingMode: "FIXED_RETENTION_PRICING",
            ...(Object.keys(tags).length > 0 && { TagsList: tagsList(tags) }),
          }),
          abort,
        );
        return needed(made.EventDataStoreArn);
      }),
    setRetention: (EventDataStore, RetentionPeriod) =>
      call("UpdateEventDataStore", async () => {
        await client.send(new sdk.UpdateEventDataStoreCommand({ EventDataStore, RetentionPeriod }), abort);
      }),
    endProtection: (EventDataStore) =>
      call("UpdateEventDataStore", async () => {
        const input = { EventDataStore, TerminationProtectionEnabled: false };
        await client.send(new sdk.UpdateEventDataStoreCommand(input), abort);
      }),
    deleteStore: (EventDataStore) =>
      call("DeleteEventDataStore", async () => {
        await client.send(new sdk.DeleteEventDataStoreCommand({ EventDataStore }), abort);
      }),

    getPolicy: (ResourceArn) =>
      unless(
        ["ResourcePolicyNotFoundException"],
        call("GetResourcePolicy", async () =>
          needed((await client.send(new sdk.GetResourcePolicyCommand({ ResourceArn }), abort)).ResourcePolicy),
        ),
      ),
    putPolicy: (ResourceArn, ResourcePolicy) =>
      call("PutResourcePolicy", async () => {
        await client.send(new sdk.PutResourcePolicyCommand({ ResourceArn, ResourcePolicy }), abort);
      }),
    deletePolicy: (ResourceArn) =>
      call("DeleteResourcePolicy", async () => {
        await client.send(new sdk.DeleteResourcePolicyCommand({ ResourceArn }), abort);
      }),

    async tags(arns) {
      const found = new Map<string, Tags>();
      const size = limits.tags.resourcesPerList;
      for (let at = 0; at < arns.length; at += size) {
        const ResourceIdList = arns.slice(at, at + size);
        const listed = await call("ListTags", () => client.send(new sdk.ListTagsCommand({ ResourceIdList }), abort));
        for (const { ResourceId = "", TagsList = [] } of listed.ResourceTagList ?? [])
          found.set(ResourceId, Object.fromEntries(TagsList.map(({ Key = "", Value }) => [Key, Value ?? null])));
      }
      return found;
    },
    addTags: (ResourceId, tags) =>
      call("AddTags", async () => {
        await client.send(new sdk.AddTagsCommand({ ResourceId, TagsList: tagsList(tags) }), abort);
      }),

    close: () => client.destroy(),
  };
}

const given = ({ NextToken }: { readonly NextToken: string | undefined }) =>
  NextToken === undefined ? {} : { NextToken };

function destinations(stores: readonly string[]): CloudTrail.Destination[] {
  return stores.map((Location) => ({ Type: "EVENT_DATA_STORE", Location }));
}

function tagsList(tags: Tags): CloudTrail.Tag[] {
  return Object.entries(tags).map(([Key, Value]) => (Value === null ? { Key } : { Key, Value }));
}

function named(arn: string | undefined, name: string | undefined): Named {
  return { arn: needed(arn), name: name ?? "" };
}

/** An answer; none where the error has one of those names, which say that there is no such thing. */
async function unless<Output>(absent: readonly string[], asked: Promise<Output>): Promise<Output | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ControlError && absent.includes(error.wireName)) return undefined;
    throw error;
  }
}
