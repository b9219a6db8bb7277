import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ended, answerOf, awsEnvironment, installed, shell } from "./aws-shell.ts";
import { type Key, type LakeProcess, cli, createIdentity, lakeCommand, startLake } from "./lake-process.ts";

const hasCli = installed("aws", "--version");
const hasBoto3 = installed("python3", "-c", "import boto3");
if (!hasCli) console.log("skipped: the AWS CLI is not installed");
if (!hasBoto3) console.log("skipped: boto3 is not installed");

const owner = "111122223333";
const partnerAccount = "444455556666";
const roleArn = `arn:aws:iam::${partnerAccount}:role/shipper`;
const sessionArn = (name: string): string => `arn:aws:sts::${partnerAccount}:assumed-role/shipper/${name}`;
const selectors = `'[{"FieldSelectors":[{"Field":"eventCategory","Equals":["ActivityAuditLog"]}]}]'`;

let folder: string;
let data: string;
let lake: LakeProcess;
let admin: Key;
let partner: Key;
let channelArn: string;

interface Session {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly SessionToken: string;
}
const keyOf = ({ AccessKeyId, SecretAccessKey, SessionToken }: Session): Key & { readonly sessionToken: string } => ({
  accessKeyId: AccessKeyId,
  secretAccessKey: SecretAccessKey,
  sessionToken: SessionToken,
});
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const policyFile = (name: string, ...Statement: readonly object[]): string =>
  file(`${name}.json`, JSON.stringify({ Version: "2012-10-17", Statement }));
const as = (key: (Key & { readonly sessionToken?: string }) | undefined) => awsEnvironment(lake.url, folder, key);
const endedSession = (): Session =>
  lakeCommand(
    data,
    "identity",
    "session",
    "create",
    "--account",
    partnerAccount,
    "--name",
    "shipper",
    "--duration",
    "1",
  );
const put = (uid: string): string => {
  const eventTime = new Date().toISOString().replace(/\.\d{3}Z/, "Z");
  const eventData = JSON.stringify({
    version: "1.0",
    userIdentity: { type: "CustomUser", principalId: "alice" },
    eventSource: "custom.example.com",
    eventName: "Login",
    eventTime,
    UID: uid,
    recipientAccountId: owner,
  });
  const events = file(`${uid}.json`, JSON.stringify([{ id: uid, eventData }]));
  return `aws cloudtrail-data put-audit-events --channel-arn ${channelArn} --audit-events file://${events}`;
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tributary-roles-"));
  data = join(folder, "lake");
  admin = createIdentity(data, owner, "admin");
  partner = createIdentity(data, partnerAccount, "partner");
  const trust = policyFile("trust", {
    Effect: "Allow",
    Principal: { AWS: partnerAccount },
    Action: "sts:AssumeRole",
    Condition: { StringEquals: { "sts:ExternalId": "ext-1" } },
  });
  const rights = policyFile("rights", {
    Effect: "Allow",
    Action: ["cloudtrail-data:PutAuditEvents", "cloudtrail:ListChannels"],
    Resource: "*",
  });
  const role = ["--account", partnerAccount, "--name", "shipper", "--trust-policy", trust, "--policy", rights];
  lakeCommand(data, "identity", "role", "create", ...role);
  lake = await startLake(data);
  const { EventDataStoreArn } = answerOf<{ EventDataStoreArn: string }>(
    `aws cloudtrail create-event-data-store --name events --advanced-event-selectors ${selectors}`,
    as(admin),
  );
  ({ ChannelArn: channelArn } = answerOf<{ ChannelArn: string }>(
    `aws cloudtrail create-channel --name custom --source Custom --destinations Type=EVENT_DATA_STORE,Location=${EventDataStoreArn}`,
    as(admin),
  ));
  const admitted = policyFile("channel", {
    Effect: "Allow",
    Principal: { AWS: roleArn },
    Action: "cloudtrail-data:PutAuditEvents",
    Resource: channelArn,
  });
  answerOf(
    `aws cloudtrail put-resource-policy --resource-arn ${channelArn} --resource-policy file://${admitted}`,
    as(admin),
  );
  file(
    "config",
    `[profile shipper]
role_arn = ${roleArn}
source_profile = partner
external_id = ext-1
role_session_name = by-profile
[profile stranger]
role_arn = ${roleArn}
source_profile = partner
external_id = another
[profile process]
credential_process = "${process.execPath}" "${cli}" identity session create --data "${data}" --account ${partnerAccount} --name shipper --session-name process --duration 2 --json
`,
  );
  file(
    "credentials",
    `[partner]
aws_access_key_id = ${partner.accessKeyId}
aws_secret_access_key = ${partner.secretAccessKey}
`,
  );
});
afterAll(async () => {
  await lake?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const create = (name: string, more: string): string =>
  `aws cloudtrail create-event-data-store --name ${name} --advanced-event-selectors ${selectors} ${more}`;

/** With the profiles of the two files and no key in the environment. */
const withProfiles = () => ({
  ...as(undefined),
  AWS_CONFIG_FILE: join(folder, "config"),
  AWS_SHARED_CREDENTIALS_FILE: join(folder, "credentials"),
});

describe.skipIf(!hasCli)("the AWS CLI", () => {
  test("takes on a role, and works with its session alone", () => {
    const { Credentials } = answerOf<{ Credentials: Session }>(
      `aws sts assume-role --endpoint-url ${lake.url} --role-arn ${roleArn} --role-session-name night --external-id ext-1 --duration-seconds 900`,
      { ...as(partner), AWS_ENDPOINT_URL: undefined },
    );
    const env = as(keyOf(Credentials));
    expect(answerOf("aws sts get-caller-identity", env)).toMatchObject({
      Account: partnerAccount,
      Arn: sessionArn("night"),
    });
    expect(answerOf(put("cli-1"), env)).toMatchObject({ successful: [{ id: "cli-1" }], failed: [] });
    expect(answerOf("aws cloudtrail list-channels", env)).toEqual({ Channels: [] });
    expect(shell("aws cloudtrail list-event-data-stores", env).stderr).toContain("AccessDeniedException");
    expect(shell(put("cli-2"), as(partner)).stderr).toContain("ChannelInsufficientPermission");
  });

  test("takes on the role of a profile by itself, with the profile's external id", () => {
    expect(answerOf("aws --profile shipper sts get-caller-identity", withProfiles())).toMatchObject({
      Arn: sessionArn("by-profile"),
    });
    expect(answerOf(`${put("profile-1")} --profile shipper`, withProfiles())).toMatchObject({
      successful: [{ id: "profile-1" }],
    });
    expect(shell("aws --profile stranger sts get-caller-identity", withProfiles()).stderr).toContain("AccessDenied");
  });

  test("asks the lake's own command for credentials", () => {
    expect(answerOf(`${put("process-1")} --profile process`, withProfiles())).toMatchObject({
      successful: [{ id: "process-1" }],
    });
  });

  test("makes a session of a user", () => {
    const { Credentials } = answerOf<{ Credentials: Session }>("aws sts get-session-token", as(partner));
    expect(answerOf("aws sts get-caller-identity", as(keyOf(Credentials)))).toMatchObject({
      Arn: `arn:aws:iam::${partnerAccount}:user/partner`,
    });
  });

  test("tells of a session that has ended by the names it knows", async () => {
    const env = as(keyOf(endedSession()));
    const expired = (): Ended => shell("aws sts get-caller-identity", env);
    await expect.poll(() => expired().stderr, { timeout: 60_000, interval: 1 }).toContain("(ExpiredToken)");
    expect(shell("aws cloudtrail list-channels", env).stderr).toContain("(ExpiredTokenException)");
    expect(shell(put("late-1"), env).stderr).toContain("(ExpiredTokenException)");
  });

  test("makes and deletes by tag what a policy allows, and no more", () => {
    const keeper = createIdentity(
      data,
      owner,
      "keeper",
      "--policy",
      policyFile(
        "by-tag",
        { Effect: "Allow", Action: "cloudtrail:*", Resource: "*" },
        {
          Effect: "Deny",
          Action: "cloudtrail:CreateEventDataStore",
          Resource: "*",
          Condition: { StringNotEquals: { "aws:RequestTag/stage": "beta" } },
        },
        {
          Effect: "Deny",
          Action: ["cloudtrail:DeleteEventDataStore", "cloudtrail:DeleteChannel"],
          Resource: "*",
          Condition: { StringEquals: { "aws:ResourceTag/stage": "prod" } },
        },
      ),
    );
    expect(shell(create("untagged", ""), as(keeper)).stderr).toContain("AccessDeniedException");
    expect(shell(create("prod", "--tags-list Key=stage,Value=prod"), as(keeper)).stderr).toContain(
      "AccessDeniedException",
    );
    const { EventDataStoreArn } = answerOf<{ EventDataStoreArn: string }>(
      create("beta", "--tags-list Key=stage,Value=beta"),
      as(keeper),
    );
    const { ChannelArn } = answerOf<{ ChannelArn: string }>(
      `aws cloudtrail create-channel --name tagged --source GitHub --tags Key=stage,Value=prod --destinations Type=EVENT_DATA_STORE,Location=${EventDataStoreArn}`,
      as(keeper),
    );
    const remove = `aws cloudtrail delete-channel --channel ${ChannelArn}`;
    expect(shell(remove, as(keeper)).stderr).toContain("AccessDeniedException");
    const untag = `aws cloudtrail remove-tags --resource-id ${ChannelArn} --tags-list Key=stage,Value=prod`;
    expect(shell(untag, as(keeper)).status).toBe(0);
    expect(shell(remove, as(keeper)).status).toBe(0);

    const tags = `--resource-id ${EventDataStoreArn} --tags-list`;
    const removeStore = `aws cloudtrail delete-event-data-store --event-data-store ${EventDataStoreArn}`;
    const lines = [
      `aws cloudtrail update-event-data-store --event-data-store ${EventDataStoreArn} --no-termination-protection-enabled`,
      `aws cloudtrail remove-tags ${tags} Key=stage,Value=beta`,
      `aws cloudtrail add-tags ${tags} Key=stage,Value=prod`,
    ];
    for (const line of lines) expect(shell(line, as(keeper))).toMatchObject({ status: 0, stderr: "" });
    expect(shell(removeStore, as(keeper)).stderr).toContain("AccessDeniedException");
    expect(shell(`aws cloudtrail remove-tags ${tags} Key=stage,Value=prod`, as(keeper)).status).toBe(0);
    expect(shell(removeStore, as(keeper))).toMatchObject({ status: 0, stderr: "" });
  });
});

describe.skipIf(!hasBoto3)("boto3", () => {
  test("takes on roles, by call and by profile, renews sessions, and its errors have the usual codes", () => {
    const old = endedSession();
    const done = shell(`python3 "${fileURLToPath(new URL("boto3-sessions.py", import.meta.url))}"`, {
      ...withProfiles(),
      AWS_ACCESS_KEY_ID: partner.accessKeyId,
      AWS_SECRET_ACCESS_KEY: partner.secretAccessKey,
      ROLE_ARN: roleArn,
      CHANNEL_ARN: channelArn,
      OLD_KEY: old.AccessKeyId,
      OLD_SECRET: old.SecretAccessKey,
      OLD_TOKEN: old.SessionToken,
    });
    expect(done.stderr).toBe("");
    expect(done.status).toBe(0);
    console.log(done.stdout.trim());
    expect(done.stdout).toContain("checks passed");
  });
});
