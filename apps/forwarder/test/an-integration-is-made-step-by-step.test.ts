import { afterAll, beforeAll, expect, test } from "vitest";
import { awsControlPlane } from "../src/control/aws-control-plane.ts";
import type { ControlPlane } from "../src/control/control-plane.ts";
import { tributary } from "./support/command.ts";
import { inProcess, type Output, terminal } from "./support/in-process.ts";
import { scene } from "./support/scene.ts";
import { account, allBut, type Key, otherAccount, region, testLake, type TestLake } from "./support/test-lake.ts";

let lake: TestLake;
let admin: Key;
let accounts = 0;
beforeAll(async () => {
  lake = await testLake();
  admin = await lake.key(account, "admin");
});
afterAll(() => lake.close());

interface User extends Key {
  readonly accountId: string;
}

/** An administrator of an account that has nothing yet. */
async function newAccount(): Promise<User> {
  const accountId = String(200000000000 + accounts++);
  return { ...(await lake.key(accountId, "admin")), accountId };
}

const integration = (key: Key, ...argv: readonly string[]): Promise<Output> =>
  inProcess(["integration", ...argv], lake.env(key));
const plane = (key: Key): Promise<ControlPlane> =>
  awsControlPlane({ region, endpoint: lake.url, profile: undefined, credentials: key });

const okta = ["--name", "okta", "--source", "OktaSystemLogEvents", "--new-store", "audit"];

test("create makes store, channel, policy and tags; what it prints works; a second run changes nothing", async () => {
  const me = await newAccount();
  const argv = [
    ...okta,
    "--principal",
    me.accountId,
    "--external-id",
    "okta-example",
    "--tag",
    "team=security",
    "--yes",
  ];
  const made = await tributary(["integration", "create", ...argv], { env: lake.env(me) });
  expect(made.stderr).toBe(
    "done: create the event data store audit\ndone: create the channel okta\ndone: put the policy of the channel okta\n",
  );
  expect(made.code).toBe(0);
  const channelArn = /Channel: +(arn:\S+)/.exec(made.stdout)![1]!;
  expect(made.stdout).toContain(
    `    adapter: okta\n    channel:\n      arn: ${channelArn}\n      externalId: "okta-example"\n      endpoint: ${lake.url}\n`,
  );

  const control = await plane(me);
  expect(await control.getChannel(channelArn)).toMatchObject({ name: "okta", source: "OktaSystemLogEvents" });
  const [store] = await control.listStores();
  expect(await control.getStore(store!.arn)).toMatchObject({ name: "audit", retentionDays: 2557, unfit: undefined });
  expect((await control.tags([channelArn, store!.arn])).get(channelArn)).toEqual({ team: "security" });

  const event = {
    version: "1.0",
    userIdentity: { type: "User", principalId: "alice@example.com" },
    eventSource: "okta.example.com",
    eventName: "Login",
    eventTime: new Date().toISOString(),
    UID: "1",
    recipientAccountId: me.accountId,
  };
  const put = (...id: string[]) =>
    tributary(
      ["put", "--channel-arn", channelArn, "--endpoint", lake.url, "--event-data", JSON.stringify(event), ...id],
      {
        env: lake.env(me),
      },
    );
  expect((await put()).code).toBe(4);
  expect((await put("--external-id", "okta-example")).code).toBe(0);

  const again = await integration(me, "create", ...argv, "--json");
  expect(again.code).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({ ok: true, done: [], channelArn, externalId: "okta-example" });
  const listed = await integration(me, "list");
  expect(listed.stdout).toMatch(
    /okta +OktaSystemLogEvents +audit +1 principal, external id okta-example +\d{4}-.*Z +-\n/,
  );
  const shown = JSON.parse((await integration(me, "show", "okta", "--json")).stdout) as Record<string, unknown>;
  expect(shown).toMatchObject({
    name: "okta",
    channelArn,
    tags: { team: "security" },
    eventDataStores: [{ name: "audit" }],
  });
});

test("the console's rules: who sends, and the external id of a direct source", async () => {
  const me = await newAccount();
  const create = (...argv: string[]) =>
    integration(me, "create", "--yes", "--new-store", "audit", "--name", "x-1", ...argv);
  const refused = async (words: string, ...argv: string[]) => {
    const { code, stderr } = await create(...argv);
    expect(stderr).toContain(words);
    expect(code).toBe(2);
  };
  await refused("Snyk.io calls from its own AWS account, which is not public. Add --principal", "--source", "Snyk");
  await refused("such a source needs an external id", "--source", "Snyk", "--principal", otherAccount);
  await refused("Nobody may send. Add --principal: your account id, or --no-policy", "--source", "GitHub");
  await refused("did you mean OktaSystemLogEvents", "--source", "Okta", "--principal", account);
  await refused('--principal: "123" is not a principal', "--source", "GitHub", "--principal", "123");
  await refused("--external-id: Without a policy", "--source", "GitHub", "--no-policy", "--external-id", "abc");
  await refused('--tag: "aws:x" cannot be a tag\'s key', "--source", "GitHub", "--no-policy", "--tag", "aws:x=1");
  await refused("--retention-days takes a whole number from 7 to 2557", "--source", "GitHub", "--retention-days", "6");
  const many = Array.from({ length: 250 }, (_, n) => ["--principal", `arn:aws:iam::${otherAccount}:role/shipper-${n}`]);
  await refused("over the limit of 8192", "--source", "GitHub", ...many.flat());
  expect(await (await plane(me)).listStores()).toEqual([]);

  const known = await create("--source", "IBMMulticloud", "--generate-external-id", "--json");
  expect(known.code).toBe(0);
  const first = JSON.parse(known.stdout) as { externalId: string };
  expect(first.externalId).toMatch(/^[0-9a-f]{40}$/);
  const again = JSON.parse(
    (await create("--source", "IBMMulticloud", "--generate-external-id", "--json")).stdout,
  ) as object;
  expect(again).toMatchObject({ done: [], externalId: first.externalId });
  const shown = await integration(me, "show", "x-1");
  expect(shown.stdout).toContain("arn:aws:iam::855341727128:root");

  const alone = await integration(
    me,
    "create",
    "--yes",
    "--name",
    "alone",
    "--source",
    "Custom",
    "--store",
    "audit",
    "--no-policy",
  );
  expect(alone.stdout).toContain("no policy: only the owner's account can send");
  expect(alone.code).toBe(0);
});

test("a right that lacks stops it there, with what was made; with the right it goes on", async () => {
  const me = await newAccount();
  const half = await lake.key(me.accountId, "half", allBut("cloudtrail:PutResourcePolicy"));
  const argv = ["create", ...okta, "--principal", me.accountId, "--yes", "--json"];
  const stopped = await integration(half, ...argv);
  expect(stopped.code).toBe(4);
  expect(JSON.parse(stopped.stdout)).toMatchObject({
    ok: false,
    done: ["create the event data store audit", "create the channel okta"],
    stopped: { at: "put the policy of the channel okta", code: "CONTROL_DENIED" },
  });
  const inWords = await integration(half, ...argv.slice(0, -1));
  expect(inWords.stderr).toContain("must allow cloudtrail:PutResourcePolicy");
  expect(inWords.stderr).toContain("run the same command again: it goes on.");
  const rest = await integration(me, ...argv);
  expect(rest.code).toBe(0);
  expect(JSON.parse(rest.stdout)).toMatchObject({ ok: true, done: ["put the policy of the channel okta"] });

  const blind = await lake.key(me.accountId, "blind", allBut("cloudtrail:GetResourcePolicy", "cloudtrail:ListTags"));
  const listed = await integration(blind, "list", "--json");
  expect(listed.code).toBe(0);
  expect(JSON.parse(listed.stdout)).toMatchObject({
    name: "okta",
    source: "OktaSystemLogEvents",
    policy: null,
    notKnown: { policy: expect.stringContaining("cloudtrail:GetResourcePolicy") as string },
  });
});

test("what is there and differs is said and left alone", async () => {
  const me = await newAccount();
  const create = (...argv: string[]) => integration(me, "create", "--yes", ...argv);
  expect((await create(...okta, "--principal", me.accountId)).code).toBe(0);
  const before = await integration(me, "show", "okta", "--json");
  const refused = async (words: string, ...argv: string[]) => {
    const { code, stderr } = await create(...argv);
    expect(stderr).toContain(words);
    expect(code).toBe(2);
  };
  const named = ["--name", "okta", "--store", "audit", "--principal", me.accountId];
  await refused(
    "is there with the source OktaSystemLogEvents, and a channel's source cannot change",
    ...named,
    "--source",
    "GitHub",
  );
  await refused(
    "there is no event data store none",
    "--name",
    "new",
    "--source",
    "GitHub",
    "--store",
    "none",
    "--no-policy",
  );
  const arn = (await (await plane(me)).listStores())[0]!.arn;
  await refused(
    "two of its stores are one",
    "--name",
    "new",
    "--source",
    "GitHub",
    "--no-policy",
    "--store",
    "audit",
    "--store",
    arn,
  );
  await refused("no external id -> external id other", ...okta, "--principal", me.accountId, "--external-id", "other");
  await refused(
    "retention: 2557 -> 30 days: older events are deleted",
    ...okta,
    "--principal",
    me.accountId,
    "--retention-days",
    "30",
  );
  expect((await integration(me, "show", "okta", "--json")).stdout).toBe(before.stdout);

  expect((await create(...okta, "--principal", me.accountId, "--external-id", "other", "--change")).code).toBe(0);
  expect((await integration(me, "list")).stdout).toContain("external id other");

  const second = await create("--name", "okta-2", "--source", "OktaSystemLogEvents", "--store", "audit", "--no-policy");
  expect(second.stdout).toContain("the source OktaSystemLogEvents has a channel already, okta");
  expect(second.stderr).toContain("ChannelMaxLimitExceededException");
  expect(second.code).toBe(4);

  const control = await plane(me);
  const unused = await control.createStore({ name: "unused", retentionDays: 7, tags: {} });
  await control.endProtection(unused);
  await control.deleteStore(unused);
  await refused(
    "it waits for its deletion",
    "--name",
    "gh-1",
    "--source",
    "GitHub",
    "--new-store",
    "unused",
    "--no-policy",
  );
});

test("a quota, a wrong region, a wrong key and a server that is away are told apart", async () => {
  const me = await newAccount();
  const control = await plane(me);
  for (let n = 0; n < 10; n++) await control.createStore({ name: `store-${n}`, retentionDays: 7, tags: {} });
  const full = await integration(me, "create", ...okta, "--principal", me.accountId, "--yes");
  expect(full.code).toBe(4);
  expect(full.stderr).toContain("EventDataStoreMaxLimitExceededException");
  expect(full.stderr).toContain("Those that wait for their deletion count too");
  const elsewhere = await integration(me, "list", "--region", "eu-west-1");
  expect(elsewhere).toMatchObject({
    code: 4,
    stderr: expect.stringContaining("does not accept the credentials") as string,
  });
  const nobody = await integration({ accessKeyId: "AKIDEXAMPLE", secretAccessKey: "none" }, "list");
  expect(nobody.code).toBe(4);
  const away = await integration(me, "list", "--endpoint", "http://127.0.0.1:1");
  expect(away.code).toBe(3);
  expect(away.stderr).toContain("ECONNREFUSED");
});

test("delete asks, keeps the events, and takes stores along only when told", async () => {
  const me = await newAccount();
  await integration(me, "create", ...okta, "--no-policy", "--yes");
  await integration(me, "create", "--name", "github", "--source", "GitHub", "--store", "audit", "--no-policy", "--yes");
  const unasked = await integration(me, "delete", "okta");
  expect(unasked).toMatchObject({ code: 2, stderr: expect.stringContaining("Say --yes") as string });
  const shared = await integration(me, "delete", "okta", "--with-stores", "--yes");
  expect(shared).toMatchObject({ code: 2, stderr: expect.stringContaining("github delivers to") as string });
  expect((await integration(me, "delete", "okta", "--yes")).code).toBe(0);
  expect((await integration(me, "delete", "okta", "--yes")).stderr).toContain("There is no channel okta");
  expect((await integration(me, "delete", "github", "--with-stores", "--yes")).code).toBe(0);
  const control = await plane(me);
  expect(await control.listChannels()).toEqual([]);
  const [store] = await control.listStores();
  expect(await control.getStore(store!.arn)).toMatchObject({ status: "PENDING_DELETION" });
});

test("on a terminal it asks for what no option says", async () => {
  const me = await newAccount();
  const answers = ["Snyk.io", "", "new-store", "365", otherAccount, "new", "y"];
  const asked: string[] = [];
  const { code, stdout } = await inProcess(["integration", "create"], lake.env(me), terminal(answers, asked));
  expect(code).toBe(0);
  expect(asked).toHaveLength(answers.length);
  expect(asked[1]).toContain("[snyk]");
  expect(stdout).toContain("retention 365 days");
  expect(stdout).toContain("Snyk.io sends by itself");
  expect((await integration(me, "list")).stdout).toMatch(
    /snyk +Snyk +new-store +1 principal, external id [0-9a-f]{40}/,
  );
});

test("nothing of the secret key is shown", async () => {
  using place = scene();
  const file = place.write("set.yaml", "integrations: []\n");
  for (const argv of [["list"], ["show", "none"], ["apply", "-f", file, "--yes"], ["create", "--json"]]) {
    const { stdout, stderr } = await integration(admin, ...argv);
    expect(stdout + stderr).not.toContain(admin.secretAccessKey);
  }
});
