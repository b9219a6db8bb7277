import { chmodSync, existsSync } from "node:fs";
import { createSocket } from "node:dgram";
import { createServer } from "node:http";
import { createServer as createNetServer } from "node:net";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { awsControlPlane } from "../src/control/aws-control-plane.ts";
import type { ControlPlane } from "../src/control/control-plane.ts";
import { certificateFindings } from "../src/doctor/certificate-findings.ts";
import type { Finding } from "../src/doctor/finding.ts";
import { policyFindings } from "../src/doctor/policy-findings.ts";
import { clientSender } from "../src/delivery/client-sender.ts";
import { eventOf, parcel } from "../src/delivery/parcel.ts";
import { openStateFile } from "../src/state/sqlite-state.ts";
import { lockState } from "../src/state/state-lock.ts";
import { start } from "./support/command.ts";
import { inProcess } from "./support/in-process.ts";
import { objectServer } from "./support/object-server.ts";
import { canary, toyAdapter, until } from "./support/running.ts";
import { type Scene, scene } from "./support/scene.ts";
import { account, allBut, type Key, otherAccount, region, testLake, type TestLake } from "./support/test-lake.ts";
import { readJsonLines } from "./support/read-json-lines.ts";

let lake: TestLake;
let admin: Key;
let control: ControlPlane;
let channel: string;
beforeAll(async () => {
  lake = await testLake();
  admin = await lake.key(account, "admin");
  control = await awsControlPlane({ region, endpoint: lake.url, profile: undefined, credentials: admin });
  const store = await control.createStore({ name: "audit", retentionDays: 365, tags: {} });
  channel = await control.createChannel({ name: "toy", source: "Custom", stores: [store], tags: {} });
  await control.putPolicy(channel, policyOf(channel, { AWS: account }, "toy-example"));
});
afterAll(async () => {
  control.close();
  await lake.close();
});

const policyOf = (arn: string, principal: object, externalId?: string, effect = "Allow"): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: {
      Effect: effect,
      Principal: principal,
      Action: "cloudtrail-data:PutAuditEvents",
      Resource: arn,
      ...(externalId !== undefined && { Condition: { StringEquals: { "cloudtrail:ExternalId": externalId } } }),
    },
  });

interface Diagnosis {
  readonly code: number;
  readonly findings: readonly Finding[];
  readonly text: string;
  verdict(check: string): string | undefined;
}

/** The findings of a configuration with one integration of the toy adapter. */
async function doctor(
  place: Scene,
  { key = admin, externalId = "toy-example", sources = "files: {paths: [in.jsonl]}", top = "", more = "" },
  ...argv: readonly string[]
): Promise<Diagnosis> {
  const file = place.write(
    "tributary.yaml",
    `state: state
${top}
integrations:
  - name: toy
    adapter: ${toyAdapter}
    channel: {arn: "${channel}", endpoint: "${lake.url}"${externalId === "" ? "" : `, externalId: ${externalId}`}${more}}
    ${sources}
`,
  );
  place.write("in.jsonl", "");
  const env = { ...lake.env(key), TOKEN: canary };
  const shown = await inProcess(["doctor", "--config", file, ...argv, "--json"], env);
  expect(shown.stderr).toBe("");
  expect(shown.stdout).not.toContain(canary);
  expect(shown.stdout).not.toContain(key.secretAccessKey);
  const findings = readJsonLines<Finding>(shown.stdout);
  return {
    code: shown.code,
    findings,
    text: shown.stdout,
    verdict: (check) => findings.find((one) => one.check === check)?.verdict,
  };
}

test("where all is well it says so, sends nothing, and --send proves the rest by one marked event", async () => {
  using place = scene();
  const found = await doctor(place, {});
  expect(found.findings.filter(({ verdict }) => verdict === "problem" || verdict === "warning")).toEqual([]);
  expect(found.code).toBe(0);
  for (const check of [
    "node",
    "file",
    "disk",
    "endpoint",
    "clock",
    "credentials",
    "channel",
    "store",
    "policy",
    "files",
  ])
    expect({ check, verdict: found.verdict(check) }).toEqual({ check, verdict: "ok" });
  expect(found.verdict("identity")).toBe("not known");
  expect((await control.getChannel(channel))?.ingestion).toBeUndefined();

  const sent = await doctor(place, {}, "--send");
  expect(sent.verdict("send")).toBe("ok");
  expect(sent.verdict("identity")).toBeUndefined();
  expect((await control.getChannel(channel))?.ingestion?.errorCode).toBeUndefined();
  expect((await control.getChannel(channel))?.ingestion?.successAt).toBeGreaterThan(0);

  const words = await inProcess(["doctor", "--config", `${place.directory}/tributary.yaml`], lake.env(admin));
  expect(words.stdout).toMatch(/\ntoy\n {2}ok +channel +toy is there, of the source Custom\n/);
  expect(words.stdout).toContain("0 problems, 0 warnings, 1 not known,");
  expect(words.stdout).not.toContain("\u001b");
});

test("a wrong external id, a source that does not fit, and a channel that is gone are found", async () => {
  using place = scene();
  const wrong = await doctor(place, { externalId: "another" });
  expect(wrong.code).toBe(1);
  expect(wrong.findings.find(({ check }) => check === "policy")).toMatchObject({
    verdict: "problem",
    fix: 'Set channel.externalId: "toy-example"',
  });
  expect((await doctor(place, { externalId: "" })).text).toContain("and the configuration has none");

  const okta = place.write(
    "okta.yaml",
    `state: state
integrations:
  - name: okta
    adapter: okta
    channel: {arn: "${channel}", endpoint: "${lake.url}", externalId: toy-example}
    files: {paths: [in.jsonl]}
  - name: gone
    adapter: okta
    channel: {arn: "${channel}0", endpoint: "${lake.url}"}
    files: {paths: [in.jsonl]}
`,
  );
  const source = await inProcess(["doctor", "--config", okta, "--integration", "okta"], lake.env(admin));
  expect(source.stdout).toContain("is of the source Custom, and the adapter's records are of OktaSystemLogEvents");
  expect(source.code).toBe(6);
  const gone = await inProcess(["doctor", "--config", okta, "--integration", "gone"], lake.env(admin));
  expect(gone.stdout).toContain(`there is no channel ${channel}0`);
  expect(gone.code).toBe(1);
});

test("what may not be looked at is not known, and why; who is of another account is told what only its owner can see", async () => {
  using place = scene();
  const blind = await lake.key(account, "blind", allBut("cloudtrail:GetChannel", "cloudtrail:GetResourcePolicy"));
  const found = await doctor(place, { key: blind });
  expect(found.code).toBe(0);
  expect(found.verdict("channel")).toBe("not known");
  expect(found.verdict("policy")).toBe("not known");
  expect(found.text).toContain("cloudtrail:GetResourcePolicy");
  const foreign = await doctor(place, { key: await lake.key(otherAccount, "admin") });
  expect(foreign.text).toContain(`only the account ${account} that owns the channel can look`);
  const nobody = await doctor(place, { key: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "a-secret-of-nobody" } });
  expect(nobody.verdict("credentials")).toBe("problem");
  expect(nobody.code).toBe(1);
});

test("what is said of a policy is what the lake does with a request", async () => {
  const limited = await lake.key(account, "limited", {
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Action: "sts:*", Resource: "*" },
  });
  const [store] = await control.listStores();
  const arn = await control.createChannel({ name: "policies", source: "GitHub", stores: [store!.arn], tags: {} });
  const user = `arn:aws:iam::${account}:user/limited`;
  const policies = [
    undefined,
    policyOf(arn, { AWS: account }),
    policyOf(arn, { AWS: account }, "one"),
    policyOf(arn, { AWS: user }, "one"),
    policyOf(arn, { AWS: user }),
    policyOf(arn, { AWS: user }, undefined, "Deny"),
    policyOf(arn, { AWS: otherAccount }, "one"),
  ];
  let compared = 0;
  for (const policy of policies) {
    if (policy !== undefined) await control.putPolicy(arn, policy);
    for (const [key, name, hasRights] of [[admin, "admin", true] as const, [limited, "limited", false] as const])
      for (const externalId of [undefined, "one", "two"]) {
        const findings = policyFindings({
          subject: "x",
          caller: { arn: `arn:aws:iam::${account}:user/${name}`, accountId: account, partition: "aws" },
          channelArn: arn,
          ownerId: account,
          policy,
          tags: {},
          externalId,
          secureTransport: false,
          now: Date.now(),
        });
        const isRefused = findings.some(({ verdict }) => verdict === "problem");
        const isSure = findings.some(({ check, verdict }) => check === "identity" && verdict === "ok");
        const allowed = await putAs(key, arn, externalId);
        const expected = isRefused ? false : isSure || hasRights;
        expect({ policy, name, externalId, allowed }).toEqual({ policy, name, externalId, allowed: expected });
        compared++;
      }
  }
  expect(compared).toBe(42);
});

/** Whether a request without the right records passes the policies: an event that is refused for itself was let in. */
async function putAs(key: Key, channelArn: string, externalId: string | undefined): Promise<boolean> {
  const sender = await clientSender({ region, endpoint: lake.url, client: "built-in", credentials: key });
  try {
    const { failed = [] } = await sender.send({
      channelArn,
      ...(externalId !== undefined && { externalId }),
      auditEvents: [eventOf(parcel("one", "{}", undefined).entry)],
    });
    expect(failed).toHaveLength(1);
    return true;
  } catch (error) {
    if (!/^(ChannelInsufficientPermission|AccessDeniedException)$/.test((error as Error).name)) throw error;
    return false;
  } finally {
    sender.close();
  }
}

test("a policy that tests what only the server knows is not judged", () => {
  const arn = `arn:aws:cloudtrail:us-east-1:${account}:channel/x`;
  const policy = JSON.parse(policyOf(arn, { AWS: account })) as { Statement: object };
  const [finding] = policyFindings({
    subject: "x",
    caller: { arn: `arn:aws:sts::${account}:assumed-role/shipper/host`, accountId: account, partition: "aws" },
    channelArn: arn,
    ownerId: account,
    policy: JSON.stringify({
      ...policy,
      Statement: { ...policy.Statement, Condition: { IpAddress: { "aws:SourceIp": "192.0.2.0/24" } } },
    }),
    tags: {},
    externalId: undefined,
    secureTransport: true,
    now: 0,
  });
  expect(finding).toMatchObject({ verdict: "not known", found: expect.stringContaining("aws:sourceip") as string });
});

test("a session is known by its role, wherever the role's path lies", () => {
  const arn = `arn:aws:cloudtrail:us-east-1:${account}:channel/x`;
  const verdicts = (role: string) =>
    policyFindings({
      subject: "x",
      caller: { arn: `arn:aws:sts::${account}:assumed-role/shipper/host`, accountId: account, partition: "aws" },
      channelArn: arn,
      ownerId: account,
      policy: policyOf(arn, { AWS: `arn:aws:iam::${account}:role/${role}` }),
      tags: {},
      externalId: undefined,
      secureTransport: true,
      now: 0,
    }).map(({ check, verdict }) => `${check} ${verdict}`);
  expect(verdicts("team/a/shipper")).toEqual(["policy ok", "identity ok"]);
  expect(verdicts("team/not-shipper")).toEqual(["policy ok", "identity not known"]);
});

test("the state: nobody else's, of this release, in use or not; looking makes nothing", async () => {
  using place = scene();
  const file = `${place.directory}/state/forwarder.db`;
  const fresh = await doctor(place, {});
  expect(fresh.text).toContain("is not there yet");
  expect(existsSync(file) || existsSync(`${file}.lock`)).toBe(false);

  await openStateFile(file).close();
  const there = await doctor(place, {});
  expect(there.text).toContain("no forwarder works on it now");
  expect(there.code).toBe(0);
  const unlock = lockState(file);
  try {
    expect((await doctor(place, {})).text).toContain("a forwarder works on it now");
  } finally {
    unlock();
  }
  chmodSync(file, 0o644);
  const open = await doctor(place, {});
  expect(open.verdict("mode")).toBe("warning");
  expect(open.code).toBe(6);
  chmodSync(file, 0o600);
  const later = new DatabaseSync(file);
  later.exec("PRAGMA user_version = 9999");
  later.close();
  expect((await doctor(place, {})).verdict("version")).toBe("problem");
});

test("a vendor's address goes by the rules of pollers; files and the listener are looked at", async () => {
  using place = scene();
  const vendor = createServer((_request, response) => response.end());
  const taken = createNetServer();
  const port = async (server: typeof taken): Promise<number> => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  };
  const url = `http://127.0.0.1:${await port(vendor)}`;
  const occupied = await port(taken);
  try {
    const poll = `poll: {url: "${url}", token: {env: TOKEN}}`;
    const forbidden = await doctor(place, { sources: poll });
    expect(forbidden.verdict("vendor")).toBe("problem");
    expect(forbidden.text).toContain("allowPrivate");
    const allowed = await doctor(place, { sources: `${poll}\n    allowPrivate: [127.0.0.1]` });
    expect(allowed.verdict("vendor")).toBe("ok");
    const listening = await doctor(place, {
      top: `listen: {host: 127.0.0.1, port: ${occupied}}`,
      sources: "webhook: {path: /hooks/toy, options: {secrets: [{env: TOKEN}]}}",
    });
    expect(listening.verdict("address")).toBe("problem");
    expect(listening.verdict("webhook")).toBe("not known");
    expect((await doctor(place, { top: "listen: {host: 127.0.0.1, port: 0}" })).verdict("address")).toBe("ok");
    expect((await doctor(place, { sources: "files: {paths: [none-*.log]}" })).verdict("files")).toBe("warning");
  } finally {
    vendor.close();
    taken.close();
  }
});

const at = (ms: number): string => new Date(Date.now() + ms).toUTCString();

test("a bucket is listed and a queue is asked how much waits, and nothing is taken", async () => {
  using place = scene();
  const s3 = await objectServer();
  try {
    s3.put("logs", "a/1.jsonl", "{}");
    const bucket = `s3: {bucket: logs, prefix: "a/", endpoint: "${s3.url}", region: us-east-1}`;
    const listed = await doctor(place, { sources: bucket });
    expect(listed.text).toContain("s3://logs/a/ can be listed: 1 objects");
    const queue = `s3: {queue: "${s3.queueUrl}", endpoint: "${s3.url}", region: us-east-1}`;
    s3.script = (_request, response) => {
      response.writeHead(200, { "content-type": "application/x-amz-json-1.0" });
      response.end(JSON.stringify({ Attributes: { ApproximateNumberOfMessages: "7" } }));
      return true;
    };
    expect((await doctor(place, { sources: queue })).text).toContain("7 messages wait");
    s3.script = (_request, response) => {
      response.writeHead(403, { "content-type": "application/xml" });
      response.end("<Error><Code>AccessDenied</Code><Message>No.</Message></Error>");
      return true;
    };
    const denied = await doctor(place, { sources: bucket });
    expect(denied.verdict("bucket")).toBe("problem");
    expect(s3.requests.filter((request) => /^(GET|SQS (Receive|Delete))/.test(request))).toEqual([]);
  } finally {
    await s3.close();
  }
});

test("a clock that is off, a server that is away and one that is no lake are told apart", async () => {
  using place = scene();
  let date = at(-3_600_000);
  const other = createServer((_request, response) => response.writeHead(404, { date }).end("{}"));
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const address = other.address();
  const endpoint = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  const real = lake;
  try {
    lake = { ...real, url: endpoint };
    const hour = await doctor(place, {});
    expect(hour.findings.find(({ check }) => check === "clock")).toMatchObject({
      verdict: "problem",
      found: expect.stringMatching(/^this machine is 36\d\d s ahead of/) as string,
    });
    expect(hour.verdict("credentials")).toBe("not known");
    expect(hour.verdict("channel")).toBe("not known");
    date = at(90_000);
    expect((await doctor(place, {})).verdict("clock")).toBe("warning");
    lake = { ...real, url: "http://127.0.0.1:1" };
    const away = await doctor(place, {});
    expect(away.text).toContain("nothing listens there");
    expect(away.code).toBe(1);
  } finally {
    lake = real;
    other.close();
  }
});

test("a configuration that cannot be run is told problem by problem", async () => {
  using place = scene();
  const found = await doctor(place, { sources: "files: {pats: [x]}", more: ", region: 5" });
  expect(found.code).toBe(1);
  expect(found.findings.filter(({ verdict }) => verdict === "problem").length).toBeGreaterThan(1);
  expect(found.text).toContain("integrations[0].files.pats: There is no pats here");
  expect(found.text).toMatch(/tributary\.yaml:\d+:\d+: /);
  const missing = await inProcess(["doctor", "--config", `${place.directory}/none.yaml`], {});
  expect(missing.code).toBe(1);
  expect(missing.stdout).toContain("There is no such file");
});

test("while tributary run works, its lock, its address and its listeners are known as its own", async () => {
  using place = scene();
  const free = createNetServer();
  await new Promise<void>((resolve) => free.listen(0, "127.0.0.1", resolve));
  const { port } = free.address() as { port: number };
  await new Promise((resolve) => free.close(resolve));
  const udp = createSocket("udp4");
  await new Promise<void>((resolve) => udp.bind(0, "127.0.0.1", resolve));
  const top = `listen: {host: 127.0.0.1, port: ${port}}\nsyslog: [{udp: {port: ${udp.address().port}}}]`;
  try {
    const taken = await doctor(place, { top });
    expect(taken.findings.find(({ subject }) => subject === "syslog syslog")).toMatchObject({
      verdict: "problem",
      found: expect.stringContaining("(udp) cannot be listened on") as string,
    });
  } finally {
    await new Promise<void>((resolve) => udp.close(() => resolve()));
  }
  const idle = await doctor(place, { top });
  expect(idle.code).toBe(0);
  const file = `${place.directory}/tributary.yaml`;
  const { child, ended } = start(["run", "--config", file, "--log", "json", "--client", "built-in"], {
    env: { ...lake.env(admin), TOKEN: canary },
    cwd: place.directory,
  });
  try {
    await until(async () => (await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined))?.status === 200);
    const busy = await doctor(place, { top });
    expect(busy.text).toContain("a forwarder works on it now");
    expect(busy.text).toContain(`127.0.0.1:${port} answers: a forwarder listens`);
    expect(busy.text).toContain("is taken, as it is while a forwarder works");
    expect(busy.code).toBe(0);
  } finally {
    child.kill("SIGTERM");
    await ended;
  }
});

test("a state in PostgreSQL that is away is a problem, and its password is not shown", async () => {
  using place = scene();
  place.write("in.jsonl", "");
  const file = place.write(
    "tributary.yaml",
    `postgres: {url: {env: PG}}
integrations:
  - name: toy
    adapter: ${toyAdapter}
    channel: {arn: "${channel}", endpoint: "${lake.url}", externalId: toy-example}
    files: {paths: [in.jsonl]}
`,
  );
  const env = { ...lake.env(admin), PG: `postgres://tributary:${canary}@127.0.0.1:1/tributary` };
  const { code, stdout, stderr } = await inProcess(["doctor", "--config", file], env);
  expect(code).toBe(1);
  expect(stdout).toContain("The PostgreSQL of the state cannot be reached");
  expect(stdout + stderr).not.toContain(canary);
});

test("a certificate is judged by its end", () => {
  const now = Date.UTC(2026, 0, 1);
  const verdict = (validTo: string) => certificateFindings("s", "c", validTo, now)[0]?.verdict;
  expect(verdict("Dec 31 23:59:59 2025 GMT")).toBe("problem");
  expect(verdict("Jan 10 00:00:00 2026 GMT")).toBe("warning");
  expect(verdict("Jan 16 00:00:00 2026 GMT")).toBe("ok");
  expect(verdict("")).toBeUndefined();
});
