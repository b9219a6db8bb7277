import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  CancelQueryCommand,
  CloudTrailClient,
  DescribeQueryCommand,
  GetChannelCommand,
  GetQueryResultsCommand,
  ListChannelsCommand,
  ListEventDataStoresCommand,
  ListQueriesCommand,
  StartQueryCommand,
} from "@aws-sdk/client-cloudtrail";
import { CloudTrailDataClient, PutAuditEventsCommand } from "@tributary/client";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { awsQuotas } from "../src/control/quotas.ts";
import { serve } from "../src/serve/serve.ts";
import { TestLake, account, entry, eventData, otherAccount, run } from "./test-lake.ts";

// Processes start and stop here, on machines that may be busy.
vi.setConfig({ testTimeout: 60_000 });

// Elsewhere processes cannot share a port.
const linux = process.platform === "linux";
const allowPut = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "cloudtrail-data:PutAuditEvents", Resource: "*" }],
};

let lake: TestLake;
let storeArn: string;
let channelArn: string;
beforeAll(async () => {
  lake = await TestLake.start({ workers: 2, metrics: { host: "127.0.0.1", port: 0 } });
  storeArn = await lake.store();
  channelArn = await lake.channel([storeArn]);
});
afterAll(() => lake.close());

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${lake.lake.metricsUrl!}/metrics`)).text();
  const line = text.split("\n").find((one) => one.startsWith(`tributary_lake_${name} `));
  return Number(line?.slice(line.lastIndexOf(" ") + 1));
}

/** Of the workers of a process, as the kernel lists its children. */
function workerPids(of = process.pid): readonly number[] {
  const children = readFileSync(`/proc/${of}/task/${of}/children`, "utf8").trim().split(" ");
  return children.map(Number).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("worker-main");
    } catch {
      return false; // it has ended
    }
  });
}

test.skipIf(!linux)("every operation works whichever process answers, by the AWS SDK", async () => {
  const settings = { region: "us-east-1", endpoint: lake.url, credentials: lake.admin, maxAttempts: 1 };
  // A client for each round: each has connections of its own, which the kernel spreads.
  for (let round = 0; round < 8; round++) {
    const control = new CloudTrailClient(settings);
    const data = new CloudTrailDataClient(settings);
    const put = await data.send(
      new PutAuditEventsCommand({
        channelArn,
        auditEvents: [{ id: `sdk-${round}`, eventData: eventData(`${round}`) }],
      }),
    );
    expect(put).toMatchObject({ failed: [], successful: [{ id: `sdk-${round}` }] });
    expect((await control.send(new ListChannelsCommand({}))).Channels).toHaveLength(1);
    expect((await control.send(new ListEventDataStoresCommand({}))).EventDataStores).toHaveLength(1);
    expect((await control.send(new GetChannelCommand({ Channel: channelArn }))).IngestionStatus).toMatchObject({
      LatestIngestionSuccessEventID: put.successful[0]!.eventID,
    });
    const { QueryId } = await control.send(
      new StartQueryCommand({ QueryStatement: `SELECT count(*) AS n FROM ${storeArn.split("/")[1]!}` }),
    );
    await vi.waitFor(
      async () => expect((await control.send(new DescribeQueryCommand({ QueryId }))).QueryStatus).toBe("FINISHED"),
      { timeout: 30_000, interval: 50 },
    );
    const { QueryResultRows } = await control.send(new GetQueryResultsCommand({ QueryId }));
    expect(QueryResultRows).toEqual([[{ n: String(round + 1) }]]);
    await expect(control.send(new CancelQueryCommand({ QueryId }))).rejects.toMatchObject({
      name: "InactiveQueryException",
    });
    expect((await control.send(new ListQueriesCommand({ EventDataStore: storeArn }))).Queries).toHaveLength(round + 1);
    control.destroy();
    data.destroy();
  }
});

test.skipIf(!linux)("a change that was answered is obeyed by the next call, on any worker", async () => {
  const key = await lake.identity(otherAccount, "partner", allowPut);
  const policy = (Effect: string): string =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect, Principal: { AWS: otherAccount }, Action: "cloudtrail-data:PutAuditEvents", Resource: channelArn },
      ],
    });
  // Every call has a connection of its own.
  const putEight = async (): Promise<ReadonlySet<number>> =>
    new Set(
      (await Promise.all(Array.from({ length: 8 }, (_, at) => lake.put(channelArn, [entry(`p${at}`)], { key })))).map(
        ({ status }) => status,
      ),
    );
  for (let round = 0; round < 4; round++) {
    await lake.control("PutResourcePolicy", { ResourceArn: channelArn, ResourcePolicy: policy("Allow") });
    expect(await putEight()).toEqual(new Set([200]));
    await lake.control("PutResourcePolicy", { ResourceArn: channelArn, ResourcePolicy: policy("Deny") });
    expect(await putEight()).toEqual(new Set([400]));
  }
  await lake.control("DeleteResourcePolicy", { ResourceArn: channelArn });
});

test.skipIf(!linux)("a key that was disabled is refused at once, on any worker", async () => {
  const key = await lake.identity(account, "shipper", allowPut);
  const change = (what: string) =>
    run(["identity", "key", what, "--data", lake.data, "--access-key-id", key.accessKeyId]);
  for (let round = 0; round < 3; round++) {
    const wanted = round % 2 === 0 ? 200 : 403;
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, at) => lake.put(channelArn, [entry(`k${round}-${at}`)], { key })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([wanted]));
    expect(await change(round % 2 === 0 ? "disable" : "enable")).toMatchObject({ code: 0 });
  }
});

test.skipIf(!linux)("what workers answer is counted once, and their refusals are in the access log", async () => {
  const before = await metric("events_accepted_total");
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, at) => lake.put(channelArn, [entry(`m${at}`), entry(`n${at}`)])),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  await vi.waitFor(async () => expect(await metric("events_accepted_total")).toBe(before + 20), 10_000);
  const refused = await lake.put(channelArn, [entry("same"), entry("same")]);
  expect(refused).toMatchObject({ status: 400, json: { __type: "DuplicatedAuditEventId" } });
  const directory = join(lake.data, "access");
  const lines = readdirSync(directory).map((name) => readFileSync(join(directory, name), "utf8"));
  const line = lines
    .join("")
    .split("\n")
    .find((one) => one.includes(String(refused.headers["x-amzn-requestid"])));
  expect(JSON.parse(line!)).toMatchObject({
    operation: "PutAuditEvents",
    outcome: "DuplicatedAuditEventId",
    accountId: account,
    resources: [channelArn],
  });
  for (const probe of ["healthz", "readyz"]) expect((await fetch(`${lake.url}/${probe}`)).status).toBe(200);
  expect((await fetch(`${lake.url}/PutAuditEvents`)).status).toBe(404);
});

test.skipIf(!linux)("a worker that is killed is started again, and the other serves meanwhile", async () => {
  const pids = workerPids();
  expect(pids).toHaveLength(2);
  process.kill(pids[0]!, "SIGKILL");
  await vi.waitFor(
    async () => {
      const now = workerPids();
      expect(now).toHaveLength(2);
      expect(now).not.toContain(pids[0]);
    },
    { timeout: 20_000, interval: 50 },
  );
  await vi.waitFor(async () => expect(await metric('process_deaths_total{process="worker"}')).toBe(1), 10_000);
  for (let at = 0; at < 8; at++)
    expect(await lake.put(channelArn, [entry(`after-${at}`)])).toMatchObject({ status: 200 });
});

test.skipIf(!linux)("limits of calls a second are those of the lake, not of each worker", async () => {
  const limited = await TestLake.start({
    workers: 2,
    quotas: { ...awsQuotas, rates: { ...awsQuotas.rates!, putAuditEvents: 5, other: 100 } },
  });
  try {
    const arn = await limited.channel([await limited.store()]);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => limited.put(arn, [entry(`r${at}`)])));
    const taken = answers.filter(({ status }) => status === 200).length;
    // Five at once, and five for each second that the twenty took.
    expect(taken).toBeGreaterThanOrEqual(5);
    expect(answers.filter(({ status }) => status === 429).length).toBe(20 - taken);
    const over = answers.find(({ status }) => status === 429);
    expect(over).toMatchObject({ headers: { "retry-after": "1" }, json: { __type: "ThrottlingException" } });
    await vi.waitFor(
      async () => expect(await limited.put(arn, [entry("later")])).toMatchObject({ status: 200 }),
      10_000,
    );
  } finally {
    await limited.close();
  }
});

test.skipIf(!linux)("a stop finishes what is in flight; a second lake on the port is refused", async () => {
  const stopped = await TestLake.start({ workers: 2 });
  const arn = await stopped.channel([await stopped.store()]);
  const data = mkdtempSync(join(tmpdir(), "tributary-lake-"));
  const port = Number(new URL(stopped.url).port);
  for (const workers of [1, 2])
    await expect(serve({ data, region: "us-east-1", host: "127.0.0.1", port, workers })).rejects.toMatchObject({
      code: "LISTEN_FAILED",
      message: expect.stringContaining("another process has it") as string,
    });
  rmSync(data, { recursive: true, force: true });
  const answers = Array.from({ length: 40 }, (_, at) => stopped.put(arn, [entry(`e${at}`)]));
  await Promise.race(answers);
  const closed = stopped.lake.close();
  const settled = await Promise.allSettled(answers);
  await closed;
  const odd = settled.filter((answer) =>
    answer.status === "fulfilled"
      ? answer.value.status !== 200 || !answer.value.text.includes('"failed":[]')
      : !/ECONNREFUSED|ECONNRESET/.test(String(answer.reason)),
  );
  expect(odd).toEqual([]);
  expect(settled.filter(({ status }) => status === "fulfilled").length).toBeGreaterThan(0);
  await expect(fetch(stopped.url)).rejects.toThrow("fetch failed");
  rmSync(stopped.data, { recursive: true, force: true });
});

test.skipIf(!linux)("workers end with the process that started them, however it ends", async () => {
  const data = mkdtempSync(join(tmpdir(), "tributary-lake-"));
  const cli = fileURLToPath(new URL("../src/cli.ts", import.meta.url));
  for (const signal of ["SIGKILL", "SIGTERM"] as const) {
    const args = [cli, "serve", "--data", data, "--port", "0", "--workers", "2"];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const ended = new Promise<void>((resolve) => void child.once("exit", () => resolve()));
    const line = await new Promise<string>(
      (resolve) => void child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString())),
    );
    expect(line).toMatch(/^listening on /);
    const pids = workerPids(child.pid);
    expect(pids).toHaveLength(2);
    child.kill(signal);
    await ended;
    await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), { timeout: 20_000, interval: 20 });
  }
  rmSync(data, { recursive: true, force: true });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
