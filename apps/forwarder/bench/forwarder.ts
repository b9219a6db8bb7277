// The forwarder, from file to settled answer, against reading and parsing the same file. Runs alternate; the server is a
// process of its own that parses each request and takes everything. Usage: node bench/forwarder.ts [records] [rounds]
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  clientSender,
  findInputs,
  forward,
  integrationNumber,
  IntegrationStore,
  loadAdapter,
  openStateFile,
  seededRandom,
  systemClock,
} from "@tributary/forwarder";

const examples = fileURLToPath(new URL("../examples/", import.meta.url));
const channelArn = "arn:aws:cloudtrail:us-east-1:111122223333:channel/0c1d2e3f-0000-4000-8000-000000000001";
/** Where each vendor keeps its record's id. */
const identify: Readonly<Record<string, (record: Record<string, unknown>, n: number) => object>> = {
  okta: (record, n) => ({ ...record, uuid: `00000000-0000-4000-8000-${n.toString(16).padStart(12, "0")}` }),
  github: (record, n) => ({ ...record, ["_document_id"]: `doc-${n}` }),
  crowdstrike: (record, n) => ({ ...record, metadata: { ...Object(record["metadata"]), offset: n } }),
};

/** Without the first run, which warms up. */
const of = (numbers: readonly number[]) => numbers.slice(1).toSorted((a, b) => a - b);

function serve(): void {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { auditEvents }: { auditEvents: { id: string }[] } = JSON.parse(Buffer.concat(chunks).toString("utf8"));
      const successful = auditEvents.map(({ id }) => ({ id, eventID: "00000000-0000-8000-8000-000000000000" }));
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ successful, failed: [] }));
    });
  });
  server.listen(0, "127.0.0.1", () => process.send!(server.address()));
}

async function bench(records: number, rounds: number): Promise<void> {
  console.log(
    `The forwarder against reading and parsing the same file; ${records} records, ${rounds} runs each, alternating; medians`,
  );
  console.log(`${cpus()[0]?.model ?? "?"}, ${cpus().length} cores, Node ${process.version}`);
  const server = fork(fileURLToPath(import.meta.url), ["serve"]);
  const [{ port }] = (await once(server, "message")) as [{ port: number }];
  const folder = mkdtempSync(join(tmpdir(), "tributary-bench-"));
  try {
    for (const name of Object.keys(identify))
      await benchAdapter(name, { records, rounds, folder, endpoint: `http://127.0.0.1:${port}` });
  } finally {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchAdapter(
  name: string,
  run: { records: number; rounds: number; folder: string; endpoint: string },
): Promise<void> {
  const { adapter } = await loadAdapter(name, run.folder);
  const lines = readdirSync(join(examples, name))
    .flatMap((example) => readFileSync(join(examples, name, example), "utf8").split("\n"))
    .filter((line) => line !== "");
  const file = join(run.folder, `${name}.ndjson`);
  const text = Array.from({ length: run.records }, (_, n) => {
    const record = JSON.parse(lines[n % lines.length]!);
    return `${JSON.stringify(identify[name]!(record, n))}\n`;
  }).join("");
  writeFileSync(file, text);
  const floor: number[] = [];
  const forwarded: number[] = [];
  for (let round = 0; round <= run.rounds; round++) {
    let began = performance.now();
    let parsed = 0;
    for (const line of readFileSync(file, "utf8").split("\n")) if (line !== "" && JSON.parse(line) !== null) parsed++;
    floor.push((parsed / (performance.now() - began)) * 1000);
    const database = openStateFile(join(run.folder, `${name}-${round}.db`));
    const sender = await clientSender({
      region: "us-east-1",
      endpoint: run.endpoint,
      client: "built-in",
      credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "an-example-secret" },
    });
    began = performance.now();
    const summary = await forward({
      adapter,
      channelArn,
      store: new IntegrationStore(database, await integrationNumber(database, name, channelArn)),
      sender,
      inputs: await findInputs([file], process.stdin),
      clock: systemClock,
      random: seededRandom(round),
    });
    forwarded.push((summary.read / (performance.now() - began)) * 1000);
    await database.close();
    sender.close();
    if (!summary.balanced || summary.delivered + summary.dropped !== run.records)
      throw new Error(`${name}: ${JSON.stringify(summary)}`);
  }
  const median = (numbers: number[]) => of(numbers)[Math.floor(run.rounds / 2)]!;
  const spread = of(forwarded).map((value) => Math.round(value));
  const ratio = (median(forwarded) / median(floor)).toFixed(3);
  console.log(
    `  ${name.padEnd(12)} ${Math.round(median(forwarded))} records/s (${spread[0]} to ${spread.at(-1)}), read and parse ${Math.round(median(floor))}, ratio ${ratio}, ${(text.length / run.records).toFixed(0)} bytes a record`,
  );
}

if (process.argv[2] === "serve") serve();
else await bench(Number(process.argv[2] ?? 30_000), Number(process.argv[3] ?? 5));
