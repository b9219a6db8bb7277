// `npm run bench`: PutAuditEvents through the whole lake against the bare floor of bench/floor.mjs. Same driver, connections
// and requests; runs alternate; prints every number. `--driver-only` shows that the driver is not the limit.
import { execFileSync } from "node:child_process";
import { cpus, tmpdir } from "node:os";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { CloudTrailClient, CreateChannelCommand, CreateEventDataStoreCommand } from "@aws-sdk/client-cloudtrail";
import { drive, type Drive } from "./drive.ts";
import { signedRequests } from "./signed-requests.ts";
import { startServer } from "./start-server.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "5" },
    requests: { type: "string", default: "400" },
    connections: { type: "string", default: "16" },
    "driver-only": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const perRequest = 100;
const accountId = "111122223333";
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const cli = here("../dist/cli.js");
const startSeconds = Math.floor(Date.now() / 1000) - 86_400;
let first = 0;

type Subject = "floor" | "lake" | "sink";

/** One run of a subject on a fresh directory. */
async function run(subject: Subject): Promise<Drive> {
  const folder = mkdtempSync(join(tmpdir(), "tributary-bench-"));
  try {
    let target = {
      region: "us-east-1",
      channelArn: "arn:aws:cloudtrail:us-east-1:111122223333:channel/bench",
      accountId,
      accessKeyId: "AKIDBENCH",
      secretAccessKey: "bench",
    };
    if (subject === "lake")
      target = {
        ...target,
        ...(JSON.parse(
          execFileSync(
            process.execPath,
            [cli, "identity", "create", "--data", folder, "--account", accountId, "--name", "bench", "--json"],
            { encoding: "utf8" },
          ),
        ) as { accessKeyId: string; secretAccessKey: string }),
      };
    const server =
      subject === "lake"
        ? await startServer(cli, ["serve", "--data", folder, "--port", "0", "--json"])
        : await startServer(here(`./${subject}.mjs`), [folder]);
    if (subject === "lake") target.channelArn = await makeChannel(server.url, target);
    const count = Number(values.requests);
    const warm = await signedRequests({ ...target, url: server.url }, 20, perRequest, first, startSeconds);
    const requests = await signedRequests(
      { ...target, url: server.url },
      count,
      perRequest,
      first + 20 * perRequest,
      startSeconds,
    );
    first += (count + 20) * perRequest;
    await drive(server.url, warm, Number(values.connections));
    const result = await drive(server.url, requests, Number(values.connections));
    await server.stop();
    if (result.statuses["200"] !== count || result.refusedEntries > 0)
      throw new Error(`${subject} refused: ${JSON.stringify(result)}`);
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function makeChannel(
  endpoint: string,
  credentials: { accessKeyId: string; secretAccessKey: string },
): Promise<string> {
  const client = new CloudTrailClient({ region: "us-east-1", endpoint, credentials });
  const store = await client.send(
    new CreateEventDataStoreCommand({
      Name: "bench",
      AdvancedEventSelectors: [{ FieldSelectors: [{ Field: "eventCategory", Equals: ["ActivityAuditLog"] }] }],
      MultiRegionEnabled: false,
    }),
  );
  const channel = await client.send(
    new CreateChannelCommand({
      Name: "bench",
      Source: "Custom",
      Destinations: [{ Type: "EVENT_DATA_STORE", Location: store.EventDataStoreArn! }],
    }),
  );
  client.destroy();
  return channel.ChannelArn!;
}

const subjects: readonly Subject[] = values["driver-only"] ? ["sink"] : ["floor", "lake"];
const results: Record<string, Drive[]> = {};
for (let round = 0; round < Number(values.runs); round++)
  for (const subject of round % 2 === 0 ? subjects : subjects.toReversed())
    (results[subject] ??= []).push(await run(subject));

const rate = (one: Drive) => (one.requests * perRequest) / one.seconds;
const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
const summary = Object.entries(results).map(([subject, runs]) => {
  const rates = runs.map(rate);
  return {
    subject,
    median: Math.round(median(rates)),
    lowest: Math.round(Math.min(...rates)),
    highest: Math.round(Math.max(...rates)),
    p50: median(runs.map((one) => one.p50)),
    p99: median(runs.map((one) => one.p99)),
  };
});
const ratio =
  summary.length === 2
    ? summary.find((one) => one.subject === "lake")!.median / summary.find((one) => one.subject === "floor")!.median
    : undefined;
if (values.json)
  console.log(JSON.stringify({ cpu: cpus()[0]?.model, cores: cpus().length, node: process.version, summary, ratio }));
else {
  console.log(
    `PutAuditEvents, ${values.requests} requests of ${perRequest} events of 1.3 kB, ${values.connections} connections, ${values.runs} runs each, alternating`,
  );
  console.log(`${cpus()[0]?.model ?? "?"} (${cpus().length} cores), Node ${process.version}`);
  for (const one of summary)
    console.log(
      `  ${one.subject.padEnd(6)} ${String(one.median).padStart(8)} events/s (median; ${one.lowest} to ${one.highest}), p50 ${one.p50.toFixed(1)} ms, p99 ${one.p99.toFixed(1)} ms`,
    );
  if (ratio !== undefined) console.log(`  lake / floor = ${ratio.toFixed(2)}`);
}
