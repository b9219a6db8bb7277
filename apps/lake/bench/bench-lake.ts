import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  CloudTrailClient,
  CreateChannelCommand,
  CreateEventDataStoreCommand,
  GetQueryResultsCommand,
  StartQueryCommand,
} from "@aws-sdk/client-cloudtrail";
import type { Target } from "./signed-requests.ts";
import { startServer } from "./start-server.ts";

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
export const accountId = "111122223333";

export interface StoreAndChannel {
  readonly storeId: string;
  readonly storeArn: string;
  readonly channelArn: string;
}

/** A lake in a folder of its own, with one user; its server can be stopped and started again. */
export class BenchLake {
  readonly folder = mkdtempSync(join(tmpdir(), "tributary-bench-"));
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  #server: Awaited<ReturnType<typeof startServer>> | undefined;
  #client: CloudTrailClient | undefined;

  constructor() {
    this.credentials = JSON.parse(
      execFileSync(
        process.execPath,
        [cli, "identity", "create", "--data", this.folder, "--account", accountId, "--name", "bench", "--json"],
        { encoding: "utf8" },
      ),
    ) as { accessKeyId: string; secretAccessKey: string };
  }

  async start(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<void> {
    const always = ["serve", "--data", this.folder, "--port", "0", "--channels-per-source", "20", "--json"];
    this.#server = await startServer(cli, [...always, ...args], env);
    const { url: endpoint } = this.#server;
    this.#client = new CloudTrailClient({ region: "us-east-1", endpoint, credentials: this.credentials });
  }

  async stop(): Promise<void> {
    this.#client?.destroy();
    await this.#server?.stop();
    this.#server = undefined;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  get pid(): number {
    return this.#server!.child.pid!;
  }

  /** For a writer that puts events into the channel. */
  target(channelArn: string): Target {
    return { url: this.#server!.url, region: "us-east-1", channelArn, accountId, ...this.credentials };
  }

  async newStore(name: string): Promise<StoreAndChannel> {
    const { EventDataStoreArn: storeArn } = await this.#client!.send(
      new CreateEventDataStoreCommand({
        Name: name,
        AdvancedEventSelectors: [{ FieldSelectors: [{ Field: "eventCategory", Equals: ["ActivityAuditLog"] }] }],
        MultiRegionEnabled: false,
      }),
    );
    return {
      storeId: storeArn!.split("/").at(-1)!,
      storeArn: storeArn!,
      channelArn: await this.newChannel(name, storeArn!),
    };
  }

  async newChannel(name: string, storeArn: string): Promise<string> {
    const { ChannelArn } = await this.#client!.send(
      new CreateChannelCommand({
        Name: name,
        Source: "Custom",
        Destinations: [{ Type: "EVENT_DATA_STORE", Location: storeArn }],
      }),
    );
    return ChannelArn!;
  }

  /** From StartQuery to the last row of its result, as a caller gets it who asks again and again. */
  async query(
    statement: string,
    everyMs = 10,
  ): Promise<{ readonly ms: number; readonly rows: readonly (readonly string[])[] }> {
    const client = this.#client!;
    const began = performance.now();
    const { QueryId } = await client.send(new StartQueryCommand({ QueryStatement: statement }));
    const rows: string[][] = [];
    for (let NextToken: string | undefined; ;) {
      const page = await client.send(new GetQueryResultsCommand({ QueryId, NextToken, MaxQueryResults: 1000 }));
      const { QueryStatus: status } = page;
      if (status === "QUEUED" || status === "RUNNING") {
        await new Promise((resolve) => setTimeout(resolve, everyMs));
        continue;
      }
      if (status !== "FINISHED") throw new Error(`${statement}: ${status} ${page.ErrorMessage ?? ""}`);
      for (const row of page.QueryResultRows ?? []) rows.push(row.map((cell) => Object.values(cell)[0] ?? ""));
      NextToken = page.NextToken;
      if (NextToken === undefined) return { ms: performance.now() - began, rows };
    }
  }
}
