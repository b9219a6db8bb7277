import { Agent, createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import {
  CloudTrailClient,
  CreateChannelCommand,
  CreateEventDataStoreCommand,
  DescribeQueryCommand,
  GetQueryResultsCommand,
  StartQueryCommand,
} from "@aws-sdk/client-cloudtrail";
import { account, testLake } from "../test/support/test-lake.ts";
import { bodyOf, closed, listening, type OracleLake } from "./oracle-lake.ts";

/** A lake of the product, and a proxy before it that knows which requests have no answer. Rows come by a query. */
export async function oracleBeforeLake(): Promise<OracleLake> {
  const lake = await testLake();
  const key = await lake.key(account, "forwarder");
  const control = new CloudTrailClient({ region: "us-east-1", endpoint: lake.url, credentials: key, maxAttempts: 3 });
  const store = await control.send(
    new CreateEventDataStoreCommand({
      Name: "oracle",
      AdvancedEventSelectors: [{ FieldSelectors: [{ Field: "eventCategory", Equals: ["ActivityAuditLog"] }] }],
      MultiRegionEnabled: false,
    }),
  );
  const Location = store.EventDataStoreArn!;
  const Destinations = [{ Type: "EVENT_DATA_STORE" as const, Location }];
  const channel = await control.send(new CreateChannelCommand({ Name: "oracle", Source: "Custom", Destinations }));
  const stored = new Map<string, Map<string, number>>();
  const open = new Set<ServerResponse>();
  const agent = new Agent({ keepAlive: true });
  const server = createServer((request, response) => {
    open.add(response);
    response.once("close", () => open.delete(response));
    void pass(request, response);
  });

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    if (self.gate("before-store")) return;
    const { method, url, headers } = request;
    // Signed for this address: headers pass as they are.
    const passed = httpRequest(`${lake.url}${url}`, { method, headers, agent }, (answer) => {
      void giveBack(body, answer, response);
    });
    passed.on("error", () => response.destroy());
    passed.end(body);
  }

  async function giveBack(body: string, answer: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await bodyOf(answer);
    if (self.gate("after-store")) return;
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    response.write(text.slice(0, text.length >> 1));
    if (self.gate("half-answered")) return;
    if (answer.statusCode === 200) remember(body, text);
    open.delete(response);
    response.end(text.slice(text.length >> 1));
  }

  function remember(body: string, answer: string): void {
    const { auditEvents } = JSON.parse(body) as { auditEvents: { id: string; eventData: string }[] };
    const { successful } = JSON.parse(answer) as { successful: { id: string }[] };
    const ids = new Set(successful.map(({ id }) => id));
    for (const { id, eventData } of auditEvents) if (ids.has(id)) stored.set(id, new Map([[eventData, 1]]));
  }

  async function rows(): Promise<Map<string, Map<string, number>>> {
    const found = new Map<string, Map<string, number>>();
    const statement = `SELECT eventData.uid, eventdata_text FROM ${Location.split("/")[1]}`;
    const { QueryId } = await control.send(new StartQueryCommand({ QueryStatement: statement }));
    for (;;) {
      const { QueryStatus, ErrorMessage } = await control.send(new DescribeQueryCommand({ QueryId }));
      if (QueryStatus === "FINISHED") break;
      if (QueryStatus !== "QUEUED" && QueryStatus !== "RUNNING") throw new Error(`${QueryStatus}: ${ErrorMessage}`);
      await wait(50);
    }
    for (let NextToken: string | undefined, isFirst = true; isFirst || NextToken !== undefined; isFirst = false) {
      const page = await control.send(new GetQueryResultsCommand({ QueryId, MaxQueryResults: 1000, NextToken }));
      NextToken = page.NextToken;
      for (const row of page.QueryResultRows ?? []) {
        const [id, text] = row.map((cell) => Object.values(cell)[0] ?? "");
        const texts = found.get(id!) ?? new Map<string, number>();
        found.set(id!, texts.set(text!, (texts.get(text!) ?? 0) + 1));
      }
    }
    return found;
  }

  const self: OracleLake = {
    endpoint: await listening(server),
    channelArn: channel.ChannelArn!,
    env: { AWS_ACCESS_KEY_ID: key.accessKeyId, AWS_SECRET_ACCESS_KEY: key.secretAccessKey },
    stored,
    rows,
    get unanswered() {
      return open.size;
    },
    gate: () => false,
    async close() {
      control.destroy();
      agent.destroy();
      await closed(server);
      await lake.close();
    },
  };
  return self;
}
