import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type CloudTrailClient, UpdateEventDataStoreCommand } from "@aws-sdk/client-cloudtrail";
import { signedRequests } from "../bench/signed-requests.ts";
import { askRows, controlClient, makeStoreAndChannel } from "./control-client.ts";
import { type Sent, type Stages, eventsOf, judge, send } from "./ingest-oracle.ts";
import { createIdentity, startLake, type Key, type LakeProcess, type PlantedFault } from "./lake-process.ts";

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const accountId = "111122223333";
const perRequest = 10;

export interface RunVerdict {
  readonly acknowledged: number;
  readonly unanswered: number;
  readonly stages: Stages;
  readonly problems: readonly string[];
}

/** A lake, what was sent to it, and the judgement at the end. A test does its harm in between. */
export class FaultyRun {
  readonly data: string;
  readonly #key: Key;
  readonly #fault: PlantedFault | undefined;
  readonly #sent: Sent[] = [];
  readonly #startSeconds = Math.floor(Date.now() / 1000) - 3600;
  readonly problems: string[] = [];
  #next = 0;
  #place: { storeId: string; channelArn: string } | undefined;
  lake: LakeProcess | undefined;

  constructor(options: { readonly data?: string; readonly fault?: PlantedFault } = {}) {
    this.data = options.data ?? mkdtempSync(join(tmpdir(), "tributary-faults-"));
    this.#fault = options.fault;
    this.#key = createIdentity(this.data, accountId, "oracle");
  }

  get storeId(): string {
    return this.#place!.storeId;
  }

  async start(): Promise<LakeProcess> {
    this.lake = await startLake(this.data, { fault: this.#fault });
    this.#place ??= await this.#with((client) => makeStoreAndChannel(client, "faulty"));
    return this.lake;
  }

  /** Sends requests of ten events over eight connections until all are out or the signal; answers how many were acknowledged. */
  async ingest(
    requests: number,
    options: {
      readonly signal?: AbortSignal;
      readonly tolerated?: readonly number[];
      /** Of the first event. */
      readonly startSeconds?: number;
      /** Nothing of it must be there at the end. */
      readonly lost?: boolean;
    } = {},
  ): Promise<number> {
    const url = this.lake!.url;
    const target = { url, region: "us-east-1", accountId, channelArn: this.#place!.channelArn, ...this.#key };
    const start = options.startSeconds ?? this.#startSeconds;
    const queue = (await signedRequests(target, requests, perRequest, this.#next, start)).map((request): Sent => ({
      request,
      answered: false,
      events: eventsOf(request),
    }));
    this.#next += requests * perRequest;
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    let acknowledged = 0;
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        while (queue.length > 0 && options.signal?.aborted !== true) {
          const one = queue.shift()!;
          if (options.lost !== true) this.#sent.push(one);
          one.answered = await send(url, one.request, agent, this.problems, options.tolerated);
          if (one.answered) acknowledged++;
        }
      }),
    );
    agent.destroy();
    return acknowledged;
  }

  /** Days of eventTime that the store keeps. */
  async setRetention(RetentionPeriod: number): Promise<void> {
    await this.#with((client) =>
      client.send(new UpdateEventDataStoreCommand({ EventDataStore: this.storeId, RetentionPeriod })),
    );
  }

  async ask(statement: string): Promise<readonly (readonly string[])[]> {
    return this.#with((client) => askRows(client, statement));
  }

  /** How the lake takes a request again: tried for `seconds`, for after a fault is over. */
  async recovers(seconds: number): Promise<boolean> {
    for (const end = Date.now() + seconds * 1000; Date.now() < end; await wait(100))
      if ((await this.ingest(1, { tolerated: [429, 500, 503] })) === 1) return true;
    return false;
  }

  /** Asks for every row, ends the lake, verifies its directory. */
  async judge(): Promise<RunVerdict> {
    const rows = await this.ask(`SELECT eventID, eventData.uid, eventdata_text FROM ${this.storeId}`);
    const stages = judge(this.#sent, rows, this.problems);
    await this.lake!.stop();
    const verified = spawnSync(process.execPath, [cli, "verify", "--data", this.data, "--json"], { encoding: "utf8" });
    if (verified.status !== 0)
      this.problems.push(`verify: ${verified.stdout.slice(0, 500)}${verified.stderr.slice(0, 300)}`);
    const answered = this.#sent.filter((one) => one.answered).length;
    return {
      acknowledged: answered * perRequest,
      unanswered: (this.#sent.length - answered) * perRequest,
      stages,
      problems: this.problems,
    };
  }

  async end(): Promise<void> {
    await this.lake?.kill("group").catch(() => undefined);
    rmSync(this.data, { recursive: true, force: true });
  }

  async #with<T>(work: (client: CloudTrailClient) => Promise<T>): Promise<T> {
    const client = controlClient(this.lake!.url, this.#key);
    try {
      return await work(client);
    } finally {
      client.destroy();
    }
  }
}
