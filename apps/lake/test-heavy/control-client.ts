import { setTimeout as wait } from "node:timers/promises";
import {
  CloudTrailClient,
  CreateChannelCommand,
  CreateEventDataStoreCommand,
  DescribeQueryCommand,
  GetQueryResultsCommand,
  MaxConcurrentQueriesException,
  StartQueryCommand,
} from "@aws-sdk/client-cloudtrail";
import type { Key } from "./lake-process.ts";

export function controlClient(endpoint: string, credentials: Key): CloudTrailClient {
  return new CloudTrailClient({ region: "us-east-1", endpoint, credentials, maxAttempts: 1 });
}

export async function makeStoreAndChannel(
  client: CloudTrailClient,
  name: string,
  source = "Custom",
): Promise<{ readonly storeId: string; readonly channelArn: string }> {
  const store = await client.send(
    new CreateEventDataStoreCommand({
      Name: name,
      AdvancedEventSelectors: [{ FieldSelectors: [{ Field: "eventCategory", Equals: ["ActivityAuditLog"] }] }],
      MultiRegionEnabled: false,
      RetentionPeriod: 2557,
      BillingMode: "FIXED_RETENTION_PRICING",
    }),
  );
  const channel = await client.send(
    new CreateChannelCommand({
      Name: name,
      Source: source,
      Destinations: [{ Type: "EVENT_DATA_STORE", Location: store.EventDataStoreArn! }],
    }),
  );
  return { storeId: store.EventDataStoreArn!.split("/")[1]!, channelArn: channel.ChannelArn! };
}

/** Waits for its turn: queries that a killed lake left queued go on when it is started again, ten at most. */
async function startQuery(client: CloudTrailClient, statement: string): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    try {
      return (await client.send(new StartQueryCommand({ QueryStatement: statement }))).QueryId!;
    } catch (error) {
      if (!(error instanceof MaxConcurrentQueriesException) || attempt > 600) throw error;
      await wait(100);
    }
  }
}

/** All rows of a statement, each as its values in order. */
export async function askRows(client: CloudTrailClient, statement: string): Promise<readonly (readonly string[])[]> {
  const QueryId = await startQuery(client, statement);
  for (;;) {
    const { QueryStatus, ErrorMessage } = await client.send(new DescribeQueryCommand({ QueryId }));
    if (QueryStatus === "FINISHED") break;
    if (QueryStatus !== "QUEUED" && QueryStatus !== "RUNNING")
      throw new Error(`${String(QueryStatus)}: ${String(ErrorMessage)}`);
    await wait(30);
  }
  const rows: string[][] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new GetQueryResultsCommand({
        QueryId,
        MaxQueryResults: 1000,
        ...(token !== undefined && { NextToken: token }),
      }),
    );
    rows.push(...(page.QueryResultRows ?? []).map((row) => row.map((cell) => Object.values(cell)[0] ?? "")));
    token = page.NextToken;
  } while (token !== undefined);
  return rows;
}
