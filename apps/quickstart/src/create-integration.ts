import {
  CreateChannelCommand,
  CreateEventDataStoreCommand,
  GetChannelCommand,
  ListChannelsCommand,
  ListEventDataStoresCommand,
  PutResourcePolicyCommand,
  type CloudTrailClient,
} from "@aws-sdk/client-cloudtrail";
import type { SourcePlan } from "./source-plan.ts";

/** The event data store named `name`, made when there is none: activity events of one region, 2557 days (spec 7, row 17). */
export async function ensureStore(client: CloudTrailClient, name: string): Promise<string> {
  const { EventDataStores = [] } = await client.send(new ListEventDataStoresCommand({ MaxResults: 1000 }));
  const found = EventDataStores.find((store) => store.Name === name);
  if (found) return found.EventDataStoreArn!;
  const made = await client.send(
    new CreateEventDataStoreCommand({
      Name: name,
      AdvancedEventSelectors: [
        {
          Name: "Audit events from outside AWS",
          FieldSelectors: [{ Field: "eventCategory", Equals: ["ActivityAuditLog"] }],
        },
      ],
      MultiRegionEnabled: false,
      RetentionPeriod: 2557,
      BillingMode: "FIXED_RETENTION_PRICING",
    }),
  );
  return made.EventDataStoreArn!;
}

/** The channel of a source with that destination, made when there is none, and its policy: the account may send, with the external id. */
export async function ensureChannel(
  client: CloudTrailClient,
  plan: SourcePlan,
  storeArn: string,
  accountId: string,
): Promise<string> {
  const channelArn = (await findChannel(client, plan)) ?? (await createChannel(client, plan, storeArn));
  const policy = {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "SendAuditEvents",
        Effect: "Allow",
        Principal: { AWS: [`arn:aws:iam::${accountId}:root`] },
        Action: "cloudtrail-data:PutAuditEvents",
        Resource: channelArn,
        Condition: { StringEquals: { "cloudtrail:ExternalId": plan.externalId } },
      },
    ],
  };
  await client.send(new PutResourcePolicyCommand({ ResourceArn: channelArn, ResourcePolicy: JSON.stringify(policy) }));
  return channelArn;
}

async function findChannel(client: CloudTrailClient, plan: SourcePlan): Promise<string | undefined> {
  const { Channels = [] } = await client.send(new ListChannelsCommand({ MaxResults: 1000 }));
  const named = Channels.find((channel) => channel.Name === plan.channelName);
  if (!named) return undefined;
  const { ChannelArn } = await client.send(new GetChannelCommand({ Channel: named.ChannelArn! }));
  return ChannelArn;
}

async function createChannel(client: CloudTrailClient, plan: SourcePlan, storeArn: string): Promise<string> {
  const made = await client.send(
    new CreateChannelCommand({
      Name: plan.channelName,
      Source: plan.source,
      Destinations: [{ Type: "EVENT_DATA_STORE", Location: storeArn }],
    }),
  );
  return made.ChannelArn!;
}
