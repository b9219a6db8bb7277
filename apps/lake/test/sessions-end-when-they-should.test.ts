import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answer, type Key, TestLake, account, entry, otherAccount, run } from "./test-lake.ts";
import { readApart } from "./read-apart.ts";

let lake: TestLake;
let channelArn: string;
let partner: Key;
let now = Date.now();
const clock = { now: () => now, monotonic: () => performance.now() };
const roleArn = `arn:aws:iam::${otherAccount}:role/shipper`;

beforeAll(async () => {
  lake = await TestLake.start({ clock });
  channelArn = await lake.channel([await lake.store()]);
  partner = await lake.identity(otherAccount, "partner");
  const statement = { Effect: "Allow", Action: "cloudtrail-data:PutAuditEvents", Resource: "*" };
  const trust = {
    Effect: "Allow",
    Principal: { AWS: otherAccount },
    Action: "sts:AssumeRole",
    Condition: { StringEquals: { "sts:ExternalId": "ext-1" } },
  };
  await done("identity role create", "shipper", [
    "--trust-policy",
    file("trust", trust),
    "--policy",
    file("p", statement),
  ]);
});
afterAll(() => lake.close());

const file = (name: string, statement: object): string => {
  const path = join(lake.data, `${name}.json`);
  writeFileSync(path, JSON.stringify({ Version: "2012-10-17", Statement: [statement] }));
  return path;
};
async function done(command: string, name: string, more: readonly string[] = []): Promise<string> {
  const who = name === "" ? [] : ["--account", otherAccount, "--name", name];
  const { code, stdout, stderr } = await run([...command.split(" "), "--data", lake.data, "--json", ...who, ...more]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}
type Session = Key & { readonly sessionToken: string };

/** The test's client reads JSON; the token service answers XML. */
async function sts(key: Key, parameters: Readonly<Record<string, string>>): Promise<{ status: number; text: string }> {
  const { SignatureV4 } = await import("@smithy/signature-v4");
  const { NodeSha256 } = await import("./node-sha256.ts");
  const { host, hostname, port } = new URL(lake.url);
  const body = new URLSearchParams({ Version: "2011-06-15", ...parameters }).toString();
  const signer = new SignatureV4({ service: "sts", region: "us-east-1", credentials: key, sha256: NodeSha256 });
  const headers = { host, "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
  const signed = await signer.sign(
    { method: "POST", protocol: "http:", hostname, port: Number(port), path: "/", query: {}, headers, body },
    { signingDate: new Date(now) },
  );
  const { host: _, ...sent } = signed.headers;
  const answer = await fetch(lake.url, { method: "POST", headers: sent, body });
  return { status: answer.status, text: await answer.text() };
}
const member = (text: string, name: string): string => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? "";
async function assume(more: Readonly<Record<string, string>> = {}, key = partner): Promise<Session> {
  const { status, text } = await sts(key, {
    Action: "AssumeRole",
    RoleArn: roleArn,
    RoleSessionName: "night",
    ExternalId: "ext-1",
    ...more,
  });
  expect(text).toContain(`<Arn>arn:aws:sts::${otherAccount}:assumed-role/shipper/night</Arn>`);
  expect(status).toBe(200);
  const [accessKeyId, secretAccessKey, sessionToken] = ["AccessKeyId", "SecretAccessKey", "SessionToken"].map((name) =>
    member(text, name),
  );
  return { accessKeyId: accessKeyId!, secretAccessKey: secretAccessKey!, sessionToken: sessionToken! };
}
const put = (key: Key): Promise<Answer> => lake.put(channelArn, [entry("s")], { key, signingDate: new Date(now) });
const admit = (principal: string): Promise<Answer> =>
  lake.control(
    "PutResourcePolicy",
    {
      ResourceArn: channelArn,
      ResourcePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { AWS: principal },
            Action: "cloudtrail-data:PutAuditEvents",
            Resource: channelArn,
          },
        ],
      }),
    },
    { signingDate: new Date(now) },
  );

test("a channel policy admits the sessions of a role, or one session by its own ARN, and no other", async () => {
  const session = await assume();
  expect(await put(session)).toMatchObject({ status: 400, json: { __type: "ChannelInsufficientPermission" } });
  for (const principal of [roleArn, `arn:aws:sts::${otherAccount}:assumed-role/shipper/night`]) {
    expect(await admit(principal)).toMatchObject({ status: 200 });
    expect(await put(session)).toMatchObject({ status: 200, json: { successful: [{ id: "s" }] } });
  }
  await admit(`arn:aws:sts::${otherAccount}:assumed-role/shipper/other`);
  expect(await put(session)).toMatchObject({ status: 400 });
  await admit(roleArn);
  expect(await lake.control("ListChannels", {}, { key: session, signingDate: new Date(now) })).toMatchObject({
    status: 403,
    json: { __type: "AccessDeniedException" },
  });
});

test("who is not trusted, brings another external id or names no role gets the same refusal", async () => {
  const ask = (more: Readonly<Record<string, string>>, key = partner) =>
    sts(key, { Action: "AssumeRole", RoleArn: roleArn, RoleSessionName: "night", ...more });
  const answers = [
    await ask({}),
    await ask({ ExternalId: "ext-2" }),
    await ask({ ExternalId: "ext-1", RoleArn: `${roleArn}x` }),
    await ask({ ExternalId: "ext-1" }, lake.admin),
  ];
  for (const { status, text } of answers) expect([status, member(text, "Code")]).toEqual([403, "AccessDenied"]);
  for (const [more, code] of [
    [{ DurationSeconds: "43200" }, "ValidationError"],
    [{ DurationSeconds: "60" }, "ValidationError"],
    [{ Policy: "{}" }, "MalformedPolicyDocument"],
    [{ "Tags.member.1.Key": "a" }, "ValidationError"],
    [{ Action: "DeleteRole" }, "InvalidAction"],
  ] as const)
    expect(member((await ask({ ExternalId: "ext-1", ...more })).text, "Code")).toBe(code);
});

test("a session policy restricts further; the caller is told by GetCallerIdentity", async () => {
  const nothing = JSON.stringify({
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Action: "sts:*", Resource: "*" },
  });
  expect(await put(await assume({ Policy: nothing }))).toMatchObject({ json: { __type: "AccessDeniedException" } });
  const { text } = await sts(await assume(), { Action: "GetCallerIdentity" });
  expect(member(text, "UserId")).toMatch(/^AROA[A-Z2-7]{16}:night$/);
});

test("a token is good for its own key, whole and signed", async () => {
  const [one, two] = [await assume(), await assume()];
  const invalid = { status: 403, json: { __type: "UnrecognizedClientException" } };
  expect(await put({ ...one, sessionToken: two.sessionToken } as Key)).toMatchObject(invalid);
  expect(await put({ ...one, sessionToken: `${one.sessionToken}A` } as Key)).toMatchObject(invalid);
  expect(await put({ ...partner, sessionToken: one.sessionToken } as Key)).toMatchObject(invalid);
  const signature = { status: 403, json: { __type: "InvalidSignatureException" } };
  expect(await put({ ...one, secretAccessKey: two.secretAccessKey })).toMatchObject(signature);
  expect(await put({ accessKeyId: one.accessKeyId, secretAccessKey: one.secretAccessKey })).toMatchObject(signature);
  const unsigned = await lake.put(channelArn, [entry("s")], {
    key: partner,
    signingDate: new Date(now),
    tamper: ({ headers }) => void (headers["x-amz-security-token"] = one.sessionToken),
  });
  expect(unsigned).toMatchObject({ status: 403, json: { __type: "IncompleteSignature" } });
});

test("a session ends at its time, not before, and a restart does not end it", async () => {
  const session = await assume({ DurationSeconds: "900" });
  await lake.lake.close();
  await lake.serve();
  now += 899_000;
  expect(await put(session)).toMatchObject({ status: 200 });
  now += 1_000;
  expect(await put(session)).toMatchObject({ status: 403, json: { __type: "ExpiredTokenException" } });
  expect(member((await sts(session, { Action: "GetCallerIdentity" })).text, "Code")).toBe("ExpiredToken");
});

test("a session ends at once with its user or its account, with a revocation and with its role", async () => {
  const ended = { status: 403, json: { __type: "UnrecognizedClientException" } };
  let session = await assume();
  for (const [off, on, name] of [
    ["identity disable", "identity enable", "partner"],
    ["account disable", "account enable", ""],
  ] as const) {
    const more = name === "" ? ["--account", otherAccount] : [];
    await done(off, name, more);
    expect(await put(session)).toMatchObject(ended);
    await done(on, name, more);
    expect(await put(session)).toMatchObject({ status: 200 });
  }
  await done("identity role revoke-sessions", "shipper");
  now = Math.max(now, Date.now()) + 1000;
  const later = await assume();
  expect(await put(later)).toMatchObject({ status: 200 });
  session = later;
  const trust = { Effect: "Allow", Principal: { AWS: otherAccount }, Action: "sts:AssumeRole" };
  const allow = { Effect: "Allow", Action: "*", Resource: "*" };
  await done("identity role delete", "shipper");
  expect(await put(session)).toMatchObject(ended);
  await done("identity role create", "shipper", ["--trust-policy", file("t2", trust), "--policy", file("p2", allow)]);
  expect(await put(session), "a later role of the name is another").toMatchObject(ended);
});

test("secrets are nowhere in the data directory; a rotation of both keys keeps access keys and ends sessions", async () => {
  const session = await assume();
  await done("identity master-key rotate", "");
  expect(await put(session)).toMatchObject({ status: 200 });
  await done("identity master-key rotate", "", ["--new-data-key"]);
  expect(await put(session)).toMatchObject({ status: 403 });
  expect(await put(await assume())).toMatchObject({ status: 200 });
  for (const name of readdirSync(lake.data, { recursive: true }) as string[]) {
    const path = join(lake.data, name);
    if (!statSync(path).isFile()) continue;
    const bytes = /\.sqlite/.test(path) ? readApart(path) : readFileSync(path);
    for (const key of [lake.admin, partner, session])
      expect({ name, found: bytes.includes(key.secretAccessKey) }).toEqual({ name, found: false });
  }
  expect(statSync(join(lake.data, "master.key")).mode & 0o777).toBe(0o600);
  for (const key of ["A".repeat(43) + "=", "short"]) {
    const { code, stderr } = await run(["identity", "list", "--data", lake.data], { TRIBUTARY_LAKE_MASTER_KEY: key });
    expect(code).toBe(1);
    expect(stderr).toMatch(/master key/);
  }
});

test("creating and deleting by tag is denied as a policy says; without a signature nothing is answered", async () => {
  const key = await lake.identity(account, "tagged", {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: "cloudtrail:*", Resource: "*" },
      {
        Effect: "Deny",
        Action: ["cloudtrail:CreateEventDataStore", "cloudtrail:CreateChannel"],
        Resource: "*",
        Condition: { StringNotEquals: { "aws:RequestTag/stage": "beta" } },
      },
      {
        Effect: "Deny",
        Action: ["cloudtrail:DeleteEventDataStore", "cloudtrail:DeleteChannel"],
        Resource: "*",
        Condition: { StringEquals: { "aws:ResourceTag/stage": "beta" } },
      },
    ],
  });
  const as = { key, signingDate: new Date(now) };
  const create = (Value: string): Promise<Answer> =>
    lake.control(
      "CreateEventDataStore",
      {
        Name: `tagged-${Value}`,
        AdvancedEventSelectors: [{ FieldSelectors: [{ Field: "eventCategory", Equals: ["ActivityAuditLog"] }] }],
        TagsList: [{ Key: "stage", Value }],
      },
      as,
    );
  expect(await create("prod")).toMatchObject({ status: 403, json: { __type: "AccessDeniedException" } });
  expect(await create("beta")).toMatchObject({ status: 200 });
  const tag = { ResourceId: channelArn, TagsList: [{ Key: "stage", Value: "beta" }] };
  expect(await lake.control("AddTags", tag, as)).toMatchObject({ status: 200 });
  expect(await lake.control("DeleteChannel", { Channel: channelArn }, as)).toMatchObject({ status: 403 });
  expect(await lake.control("RemoveTags", tag, as)).toMatchObject({ status: 200 });
  expect(await lake.control("DeleteChannel", { Channel: channelArn }, as)).toMatchObject({ status: 200 });
  expect(await lake.control("ListChannels", {}, { unsigned: true })).toMatchObject({ status: 403 });
  const anonymous = await fetch(lake.url, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "Action=GetCallerIdentity&Version=2011-06-15",
  });
  expect([anonymous.status, member(await anonymous.text(), "Code")]).toEqual([403, "MissingAuthenticationToken"]);
});

const policyOn = (resource: string): string =>
  JSON.stringify({ Statement: { Effect: "Allow", Action: "*", Resource: ["*", resource] } });

test("the longest session policy still makes a session that works", async () => {
  const Policy = policyOn("arn:".padEnd(2048 - policyOn("").length, "\u20ac"));
  expect(Policy).toHaveLength(2048);
  const session = await assume({ Policy });
  expect(await sts(session, { Action: "GetCallerIdentity" })).toMatchObject({ status: 200 });
});
