import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { DatabaseSync } from "node:sqlite";
import { formatVersion } from "../../src/catalog/sqlite-schema.ts";
import { TestLake, account, otherAccount, run } from "../test-lake.ts";
import { type GoldenLake, goldenFacts, goldenFile } from "./golden-lake.ts";
import { type PackedFile, filesOf, pack } from "./packed-directory.ts";

// Makes golden-lake.br and golden-lake.json, see README.md. Run after a build: node apps/lake/test/golden/make-golden.ts

/** Fixed: whoever decodes it reads that it is no secret. */
const masterKey = Buffer.from("tributary golden test key, 32 by").toString("base64");
const mostBytes = 300_000;
const firstTime = Date.UTC(2026, 0, 5, 12);

function goldenEvent(n: number): { readonly id: string; readonly eventData: string } {
  const id = `golden-${String(n).padStart(2, "0")}`;
  return {
    id,
    eventData: JSON.stringify({
      version: "1.0",
      userIdentity: { type: "User", principalId: "alice@example.com", details: { n, name: "Zo\u00eb \u2603" } },
      eventSource: "app.example.com",
      eventName: n % 2 === 0 ? "Login" : "Logout",
      eventTime: `${new Date(firstTime + n * 3_600_000).toISOString().slice(0, 19)}Z`,
      UID: id,
      recipientAccountId: account,
      sourceIPAddress: "192.0.2.10",
    }),
  };
}

/** JSON with each list of strings on one line, as the formatter has it. */
function lines(facts: GoldenLake): string {
  return `${JSON.stringify(facts, undefined, 2)}\n`.replaceAll(
    /\[\s+((?:"[^"]*",?\s+)+)\]/g,
    (_, strings: string) => `[${strings.trim().replaceAll(/\s*\n\s*/g, " ")}]`,
  );
}

function expectOk({ code, stdout, stderr }: Awaited<ReturnType<typeof run>>): string {
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

const data = join(mkdtempSync(join(tmpdir(), "tributary-golden-")), "lake");
try {
  const { files, facts } = await make();
  const packed = pack(files);
  if (packed.length > mostBytes) throw new Error(`${packed.length} bytes are more than ${mostBytes}`);
  for (const { name, bytes } of files)
    for (const trace of [hostname(), homedir(), tmpdir(), process.cwd()])
      if (trace.length > 4 && bytes.includes(trace)) throw new Error(`${name} holds ${trace}`);
  writeFileSync(goldenFile, packed);
  writeFileSync(goldenFacts, lines(facts));
  console.log(`${files.length} files, packed to ${packed.length} bytes`);
} finally {
  rmSync(join(data, ".."), { recursive: true, force: true });
}

async function make(): Promise<{ readonly files: readonly PackedFile[]; readonly facts: GoldenLake }> {
  const keyFile = join(data, "..", "master.key");
  writeFileSync(keyFile, `${masterKey}\n`, { mode: 0o600 });
  const lake = TestLake.on(data, { masterKey: { kind: "file", path: keyFile, own: false }, accessLog: "off" });
  const command = async (...args: string[]): Promise<string> =>
    expectOk(await run([...args, "--data", data, "--master-key-file", keyFile, "--json"]));
  lake.admin = JSON.parse(
    await command("identity", "create", "--account", account, "--name", "golden"),
  ) as TestLake["admin"];
  await lake.serve();
  const control = async (operation: string, input: object): Promise<Record<string, unknown>> => {
    const { status, json, text } = await lake.control(operation, input);
    if (status !== 200) throw new Error(`${operation}: ${text}`);
    return json;
  };
  const put = async (
    channel: string,
    from: number,
    count: number,
  ): Promise<readonly { readonly eventID: string }[]> => {
    const { text, json } = await lake.put(
      channel,
      Array.from({ length: count }, (_, n) => goldenEvent(from + n)),
      { query: { channelArn: channel, externalId: "golden" } },
    );
    const { successful = [], failed } = json as { successful?: { eventID: string }[]; failed?: unknown[] };
    if (successful.length !== count || failed?.length !== 0) throw new Error(text);
    return successful;
  };
  const storeArn = await lake.store("golden");
  const storeId = storeArn.split("/")[1]!;
  await control("UpdateEventDataStore", { EventDataStore: storeArn, RetentionPeriod: 3653 });
  const channelArn = await lake.channel([storeArn]);
  const policy = {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: otherAccount },
        Action: "cloudtrail-data:PutAuditEvents",
        Resource: channelArn,
        Condition: { StringEquals: { "cloudtrail:ExternalId": "golden" } },
      },
    ],
  };
  await control("PutResourcePolicy", { ResourceArn: channelArn, ResourcePolicy: JSON.stringify(policy) });
  await control("AddTags", { ResourceId: storeArn, TagsList: [{ Key: "purpose", Value: "golden" }] });

  const ask = async (statement: string): Promise<GoldenLake["query"]> => {
    const { QueryId } = await control("StartQuery", { QueryStatement: statement });
    for (const until = Date.now() + 60_000; Date.now() < until; await setTimeout(50)) {
      const { QueryStatus } = await control("DescribeQuery", { QueryId });
      if (QueryStatus === "FAILED") throw new Error("the query failed");
      if (QueryStatus !== "FINISHED") continue;
      const { QueryResultRows } = (await control("GetQueryResults", { QueryId })) as {
        QueryResultRows: Record<string, string>[][];
      };
      return {
        queryId: QueryId as string,
        rows: QueryResultRows.map((row) => row.flatMap((cell) => Object.values(cell))),
      };
    }
    throw new Error("the query did not finish");
  };
  const statement = `SELECT eventData.UID, eventData.eventName, eventTime FROM ${storeId} ORDER BY 1`;
  const [purged] = await put(channelArn, 0, 10);
  const ids = join(data, "..", "ids");
  writeFileSync(ids, `${purged!.eventID}\n`);
  await command("events", "purge", "--store", storeId, "--event-ids", ids);
  const query = await ask(statement);
  const published = (): boolean => filesOf(data).some(({ name }) => /_delta_log\/.*\.json$/.test(name));
  for (const until = Date.now() + 60_000; !published(); await setTimeout(50))
    if (Date.now() > until) throw new Error("nothing was published");
  // A resend of one event, and two that no table has.
  await put(channelArn, 9, 3);
  await lake.lake.close();

  const files = [...filesOf(data), { name: "master.key", mode: 0o600, bytes: Buffer.from(`${masterKey}\n`) }];
  const db = new DatabaseSync(join(data, "catalog.sqlite"), { readOnly: true });
  const { waiting } = db.prepare("SELECT COALESCE(SUM(events), 0) AS waiting FROM journal").get() as {
    waiting: number;
  };
  db.close();
  if (waiting !== 3) throw new Error(`${waiting} events wait in the journal in place of 3: run it again`);
  if (files.some(({ name }) => /-(?:wal|shm)$/.test(name))) throw new Error("the catalog was not closed");

  // The rows of the whole lake come from this same release: read them before they are trusted, see README.md.
  await lake.serve();
  const { rows } = await ask(statement);
  await lake.lake.close();
  const { accessKeyId, secretAccessKey } = lake.admin;
  return {
    files,
    facts: {
      formatVersion,
      key: { accessKeyId, secretAccessKey },
      storeId,
      channelArn,
      statement,
      rows,
      query,
      waiting,
    },
  };
}
