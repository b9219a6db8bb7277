import { spawn, spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { start, tributary } from "../test/support/command.ts";
import { scene } from "../test/support/scene.ts";
import { type Key, testLake, type TestLake } from "../test/support/test-lake.ts";
import { readJsonLines } from "../test/support/read-json-lines.ts";

const hasCli = spawnSync("aws", ["--version"]).status === 0;
if (!hasCli) console.warn("skipped: the AWS CLI is not installed (python3 -m pip install awscli)");

/** As AWS limits calls: each operation once a second, what reads ten times. */
const quotas = {
  channels: 25,
  channelsPerSource: 1,
  eventDataStores: 10,
  concurrentQueries: 10,
  tagsPerResource: 50,
  rates: { putAuditEvents: 100, read: 10, query: 3, other: 1 },
};

let lake: TestLake;
let accounts = 0;
beforeAll(async () => {
  lake = await testLake({ quotas });
});
afterAll(() => lake.close());

async function newAccount(): Promise<Key & { readonly accountId: string; readonly env: Record<string, string> }> {
  const accountId = String(500000000000 + accounts++);
  const key = await lake.key(accountId, "admin");
  return { ...key, accountId, env: { ...lake.env(key), AWS_DEFAULT_REGION: "us-east-1" } };
}

/** A command of the AWS CLI. Not synchronous: the lake is in this process. */
async function shell(command: string, env: Record<string, string>): Promise<unknown> {
  const child = spawn("sh", ["-c", command], {
    env: { PATH: process.env["PATH"]!, HOME: "/nonexistent", AWS_PAGER: "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  const code = await new Promise((resolve) => child.on("close", resolve));
  expect({ command, stderr, code }).toEqual({ command, stderr: "", code: 0 });
  return stdout === "" ? undefined : JSON.parse(stdout);
}

describe.skipIf(!hasCli)("the AWS CLI", () => {
  test("sees what create made, by the very command that create prints", async () => {
    const { env, accountId } = await newAccount();
    const made = await tributary(
      ["integration", "create", "--name", "okta", "--source", "OktaSystemLogEvents", "--new-store", "audit"].concat(
        [
          "--retention-days",
          "365",
          "--principal",
          accountId,
          "--external-id",
          "okta-example",
          "--tag",
          "team=security",
        ],
        "--yes",
      ),
      { env },
    );
    expect(made.code).toBe(0);
    const printed = /^aws cloudtrail get-channel .*$/m.exec(made.stdout)![0];
    const channel = (await shell(printed, env)) as { ChannelArn: string; Destinations: { Location: string }[] };
    expect(channel).toMatchObject({ Name: "okta", Source: "OktaSystemLogEvents" });
    const store = await shell(
      `aws cloudtrail get-event-data-store --event-data-store ${channel.Destinations[0]!.Location}`,
      env,
    );
    expect(store).toMatchObject({
      Name: "audit",
      Status: "ENABLED",
      RetentionPeriod: 365,
      BillingMode: "FIXED_RETENTION_PRICING",
      MultiRegionEnabled: false,
      TerminationProtectionEnabled: true,
    });
    const { ResourcePolicy } = (await shell(
      `aws cloudtrail get-resource-policy --resource-arn ${channel.ChannelArn}`,
      env,
    )) as {
      ResourcePolicy: string;
    };
    expect(JSON.parse(ResourcePolicy)).toMatchObject({
      Statement: [
        {
          Principal: { AWS: [`arn:aws:iam::${accountId}:root`] },
          Condition: { StringEquals: { "cloudtrail:ExternalId": "okta-example" } },
        },
      ],
    });
    expect(await shell(`aws cloudtrail list-tags --resource-id-list ${channel.ChannelArn}`, env)).toMatchObject({
      ResourceTagList: [{ TagsList: [{ Key: "team", Value: "security" }] }],
    });
  });

  test("makes what apply takes over without a change but its mark", async () => {
    const { env, accountId } = await newAccount();
    const selectors = `'[{"FieldSelectors":[{"Field":"eventCategory","Equals":["ActivityAuditLog"]}]}]'`;
    const { EventDataStoreArn: store } = (await shell(
      `aws cloudtrail create-event-data-store --name audit --no-multi-region-enabled --advanced-event-selectors ${selectors}`,
      env,
    )) as { EventDataStoreArn: string };
    const { ChannelArn: channel } = (await shell(
      `aws cloudtrail create-channel --name github --source GitHub --destinations Type=EVENT_DATA_STORE,Location=${store}`,
      env,
    )) as { ChannelArn: string };
    const policy = {
      Version: "2012-10-17",
      Statement: {
        Effect: "Allow",
        Principal: { AWS: accountId },
        Action: ["cloudtrail-data:PutAuditEvents"],
        Resource: channel,
      },
    };
    await shell(
      `aws cloudtrail put-resource-policy --resource-arn ${channel} --resource-policy '${JSON.stringify(policy)}'`,
      env,
    );
    using place = scene();
    const file = place.write(
      "set.yaml",
      `set: prod\neventDataStores: [{name: audit}]\nintegrations:\n  - {name: github, source: GitHub, stores: [audit], principals: ["${accountId}"]}\n`,
    );
    const plan = await tributary(["integration", "apply", "-f", file, "--plan"], { env });
    expect(plan.stdout.replaceAll(/ {2}arn:\S+/g, "")).toBe(
      "~ store audit\n    tag + tributary:set=prod\n~ channel github\n    tag + tributary:set=prod\n" +
        "Plan: 0 to create, 2 to change, 0 to delete, 0 unchanged, 0 not managed.\n",
    );
    expect((await tributary(["integration", "apply", "-f", file, "--yes"], { env })).code).toBe(0);
    expect((await tributary(["integration", "apply", "-f", file, "--plan"], { env })).code).toBe(0);
  });
});

test("apply under AWS's rates ends, and one that is killed after any step ends when it runs again", async () => {
  const { env } = await newAccount();
  using place = scene();
  const sources = ["GitHub", "Custom", "CrowdStrike", "WizAuditLogs"];
  const integrations = sources.map(
    (source, n) => `  - {name: channel-${n}, source: ${source}, stores: [audit], principals: ["111122223333"]}`,
  );
  const file = place.write("set.yaml", `eventDataStores: [{name: audit}]\nintegrations:\n${integrations.join("\n")}\n`);
  const argv = ["integration", "apply", "-f", file, "--yes"];
  let kills = 0;
  for (;;) {
    const { child, ended } = start(argv, { env, input: "" });
    // SIGKILL comes when a step is done, while the next one is asked for.
    child.stderr!.on("data", (text: Buffer) => {
      if (text.includes("done:") && kills < 6) child.kill("SIGKILL");
    });
    const { code, signal, stderr } = await ended;
    if (signal === "SIGKILL") {
      kills++;
      continue;
    }
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    break;
  }
  expect(kills).toBeGreaterThan(3);
  const plan = await tributary(["integration", "apply", "-f", file, "--plan", "--json"], { env });
  expect(plan.code).toBe(0);
  const list = await tributary(["integration", "list", "--json"], { env });
  const channels = readJsonLines<{ policy: object | null }>(list.stdout);
  expect(channels).toHaveLength(4);
  expect(channels.every(({ policy }) => policy !== null)).toBe(true);
});
