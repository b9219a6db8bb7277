#!/usr/bin/env node
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { parseCloudTrailArn } from "@tributary/schema";
import { ask } from "./ask.ts";
import { ensureChannel, ensureStore } from "./create-integration.ts";
import { howToGoOn } from "./how-to-go-on.ts";
import { questions } from "./questions.ts";
import { commandOf, runToEnd, startUntilReady } from "./run-process.ts";
import { sayTo } from "./say.ts";
import { planSources, type SourcePlan } from "./source-plan.ts";
import { table } from "./table.ts";

const help = `npm start -- [--logs DIR] [--data DIR] [--port N] [--once]

Starts a lake on loopback, creates an event data store, channels and policies, forwards logs, asks SQL.

  --logs DIR   your own logs: DIR/okta/, DIR/github.ndjson, ... (default: the examples)
  --data DIR   keep the lake's data there (default: a folder that goes when this ends)
  --port N     the lake's port (default: a free one)
  --once       end when the answers are printed
`;

const region = "us-east-1";
const accountId = "111122223333";

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      logs: { type: "string" },
      data: { type: "string" },
      port: { type: "string", default: "0" },
      once: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const started = performance.now();
  const say = sayTo(process.stdout, process.env);
  const lakeCommand = commandOf("@tributary/lake", "tributary-lake");
  const forwarderCommand = commandOf("@tributary/forwarder", "tributary");
  const from = process.env["INIT_CWD"] ?? process.cwd();
  const logs =
    values.logs === undefined ? join(dirname(dirname(forwarderCommand)), "examples") : resolve(from, values.logs);
  const plans = planSources(logs);
  const data = values.data === undefined ? mkdtempSync(join(tmpdir(), "tributary-")) : resolve(from, values.data);
  const cleanUp = () => {
    if (values.data === undefined) rmSync(data, { recursive: true, force: true });
  };

  say.step("Make an identity and start the lake");
  const { env } = process;
  const identity = await runToEnd(
    lakeCommand,
    [
      "identity",
      "create",
      "--data",
      join(data, "lake"),
      "--account",
      accountId,
      "--name",
      `quickstart-${process.pid}`,
      "--administrator",
      "--json",
    ],
    { env },
  );
  if (identity.exitCode !== 0) return identity.exitCode;
  const key = JSON.parse(identity.stdout) as { readonly accessKeyId: string; readonly secretAccessKey: string };
  const { child: lake, value: endpoint } = await startUntilReady(
    lakeCommand,
    ["serve", "--data", join(data, "lake"), "--region", region, "--port", values.port, "--json"],
    { env, ready: readyUrl },
  );
  const ended = new Promise<number>((done) => void lake.once("exit", (code) => done(code ?? 1)));
  const stop = () => void lake.kill("SIGTERM");
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  say.detail(`${endpoint}, account ${accountId}, region ${region}, data in ${data}`);

  const client = new CloudTrailClient({ region, endpoint, credentials: key, maxAttempts: 1 });
  try {
    say.step("Create an event data store and, per source, a channel with its policy");
    const storeArn = await ensureStore(client, "quickstart");
    const storeId = parseCloudTrailArn(storeArn)!.id;
    say.detail(`store ${storeId}: activity events, 2557 days`);
    const channels: { readonly plan: SourcePlan; readonly channelArn: string }[] = [];
    for (const plan of plans) {
      const channelArn = await ensureChannel(client, plan, storeArn, accountId);
      channels.push({ plan, channelArn });
      say.detail(`${plan.displayName}: source ${plan.source}, external id ${plan.externalId}, ${channelArn}`);
    }

    say.step(`Forward the logs in ${logs}`);
    for (const { plan, channelArn } of channels) {
      const forwarded = await runToEnd(
        forwarderCommand,
        forwardArguments(plan, channelArn, { endpoint, state: join(data, "forwarder") }),
        {
          env: {
            ...env,
            AWS_ACCESS_KEY_ID: key.accessKeyId,
            AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
            AWS_SESSION_TOKEN: undefined,
          },
        },
      );
      if (forwarded.exitCode > 1) return forwarded.exitCode;
      say.detail(`${plan.displayName}: ${summary(forwarded.stdout)}`);
    }

    say.step("Ask, in Lake SQL");
    for (const question of questions) {
      const statement = question.statement.replaceAll("STORE", storeId);
      const answer = await ask(client, statement);
      say.blank();
      say.detail(`${question.title}  (${Math.round(answer.milliseconds)} ms)`);
      say.raw(statement.replaceAll(/^/gm, "    | ") + "\n");
      say.raw(table(answer.columns, answer.rows));
    }
    say.blank();
    say.step(`Done in ${((performance.now() - started) / 1000).toFixed(1)} s`);
    if (values.once) return 0;
    const first = channels[0]!;
    say.raw(
      howToGoOn({
        ...key,
        endpoint,
        region,
        accountId,
        storeId,
        channelArn: first.channelArn,
        externalId: first.plan.externalId,
      }),
    );
    const fate =
      values.data === undefined ? "the data goes with it; keep it with --data DIR" : `the data stays in ${data}`;
    say.blank();
    say.detail(`The lake stays up until Ctrl-C (${fate}).`);
    await ended;
    return 0;
  } finally {
    client.destroy();
    stop();
    await ended;
    cleanUp();
  }
}

/** `tributary forward` of one source's logs to its channel. */
function forwardArguments(
  plan: SourcePlan,
  channelArn: string,
  to: { readonly endpoint: string; readonly state: string },
): readonly string[] {
  const integration = ["--adapter", plan.adapter, "--channel-arn", channelArn, "--external-id", plan.externalId];
  const place = ["--endpoint", to.endpoint, "--region", region, "--state", to.state];
  return ["forward", ...integration, ...place, "--json", ...plan.logs];
}

/** The URL of the lake's ready line, which is JSON with a member `url`. */
function readyUrl(line: string): string | undefined {
  if (!line.startsWith("{")) return undefined;
  const { url } = JSON.parse(line) as { readonly url?: string };
  return url;
}

/** The forwarder's counts as a sentence. */
function summary(stdout: string): string {
  const counts = JSON.parse(stdout) as Readonly<Record<(typeof ends)[number][0] | "read", number>>;
  const shown = ends.filter(([end]) => counts[end] > 0).map(([end, words]) => `${counts[end]} ${words}`);
  return `${counts.read} records read: ${shown.join(", ")}`;
}

const ends = [
  ["delivered", "delivered"],
  ["alreadyDelivered", "already delivered"],
  ["changed", "changed"],
  ["dead", "dead"],
  ["dropped", "dropped by rule"],
  ["queued", "queued"],
] as const;

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`npm start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
