import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Answer, type Key, TestLake, account, entry, otherAccount, run } from "./test-lake.ts";

vi.setConfig({ testTimeout: 30_000 });

let lake: TestLake;
let channelArn: string;
beforeAll(async () => {
  lake = await TestLake.start();
  channelArn = await lake.channel([await lake.store()]);
  await lake.identity(account, "robot", {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
  });
});
afterAll(() => lake.close());

const command = (line: string): ReturnType<typeof run> => run([...line.split(" "), "--data", lake.data, "--json"]);
async function done(line: string): Promise<Readonly<Record<string, unknown>>> {
  const { code, stdout, stderr } = await command(line);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout) as Readonly<Record<string, unknown>>;
}
const newKey = async (name: string): Promise<Key> =>
  (await done(`identity key create --account ${account} --name ${name}`)) as unknown as Key;
const listed = async (name: string): Promise<{ readonly accessKeys: readonly object[] } | undefined> =>
  (await command("identity list")).stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { readonly name: string; readonly accessKeys: readonly object[] })
    .find((identity) => identity.name === name);

/** How both planes answer a key. */
async function answers(key: Key): Promise<readonly Pick<Answer, "status" | "json">[]> {
  const control = await lake.control("ListChannels", {}, { key });
  const data = await lake.put(channelArn, [entry("key-test")], { key });
  return [control, data].map(({ status, json }) => ({ status, json: status === 200 ? {} : json }));
}
const accepted = [200, 200].map((status) => ({ status, json: {} }));

test("a key that is disabled or deleted is answered exactly as one that never was; an enabled one is accepted again", async () => {
  const unknown = await answers({ accessKeyId: "TRIBAAAAAAAAAAAAAAAA", secretAccessKey: "no" });
  expect(unknown.map(({ status }) => status)).toEqual([403, 403]);
  const key = await newKey("robot");
  expect(await answers(key)).toEqual(accepted);
  await done(`identity key disable --access-key-id ${key.accessKeyId}`);
  expect(await answers(key)).toEqual(unknown);
  await done(`identity key enable --access-key-id ${key.accessKeyId}`);
  expect(await answers(key)).toEqual(accepted);
  await done(`identity key delete --access-key-id ${key.accessKeyId}`);
  expect(await answers(key)).toEqual(unknown);
});

test("the first PutAuditEvents after a key was disabled is answered as with an unknown one", async () => {
  const key = await newKey("robot");
  const put = (): Promise<Answer> => lake.put(channelArn, [entry("first")], { key });
  expect(await put()).toMatchObject({ status: 200 });
  await done(`identity key disable --access-key-id ${key.accessKeyId}`);
  const refused = await put();
  const unknown = await lake.put(channelArn, [entry("first")], {
    key: { ...key, accessKeyId: "TRIBAAAAAAAAAAAAAAAA" },
  });
  expect(refused).toMatchObject({ status: 403, json: unknown.json });
  await done(`identity key delete --access-key-id ${key.accessKeyId}`);
});

test("a user has two keys at most, which both work; a disabled one counts", async () => {
  const second = await newKey("robot");
  expect(await answers(second)).toEqual(accepted);
  await done(`identity key disable --access-key-id ${second.accessKeyId}`);
  const third = await command(`identity key create --account ${account} --name robot`);
  expect(third).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(/has 2 access keys.*key delete/s) });
  expect((await listed("robot"))?.accessKeys).toMatchObject([
    { enabled: true },
    { accessKeyId: second.accessKeyId, enabled: false },
  ]);
  await done(`identity key delete --access-key-id ${second.accessKeyId}`);
  await done(`identity key delete --access-key-id ${(await newKey("robot")).accessKeyId}`);
});

test("a deleted user's keys are gone, and come not back with its name", async () => {
  const policy = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
  const key = await lake.identity(account, "leaver", policy);
  expect(await answers(key)).toEqual(accepted);
  await done(`identity delete --account ${account} --name leaver`);
  const gone = await answers(key);
  expect(gone.map(({ status }) => status)).toEqual([403, 403]);
  expect(await listed("leaver")).toBeUndefined();
  await lake.identity(account, "leaver", policy);
  expect(await answers(key)).toEqual(gone);
});

test("of a disabled account no key is accepted, and its channels refuse each event of others; enabled, all is as before", async () => {
  const partner = await lake.identity(otherAccount, "partner");
  const ResourcePolicy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: otherAccount },
        Action: "cloudtrail-data:PutAuditEvents",
        Resource: channelArn,
      },
    ],
  });
  await lake.control("PutResourcePolicy", { ResourceArn: channelArn, ResourcePolicy });
  const put = (): Promise<Answer> =>
    lake.put(channelArn, [entry("good"), { id: "bad", eventData: "{" }], { key: partner });
  expect((await put()).json).toMatchObject({ successful: [{ id: "good" }], failed: [{ id: "bad" }] });

  await done(`account disable --account ${account}`);
  const unknown = await answers({ accessKeyId: "TRIBAAAAAAAAAAAAAAAA", secretAccessKey: "no" });
  expect(await answers(lake.admin)).toEqual(unknown);
  expect(await put()).toMatchObject({
    status: 200,
    json: {
      successful: [],
      failed: [
        { id: "good", errorCode: "AccountNotSubscribed" },
        { id: "bad", errorCode: "InvalidData" },
      ],
    },
  });
  expect(await lake.control("ListChannels", {}, { key: partner })).toMatchObject({ status: 200 });

  await done(`account enable --account ${account}`);
  expect(await answers(lake.admin)).toEqual(accepted);
  expect((await put()).json).toMatchObject({ successful: [{ id: "good" }] });
});

test.each([
  [`identity key disable --access-key-id TRIBAAAAAAAAAAAAAAAA`, 1, /There is no access key TRIBAAAAAAAAAAAAAAAA/],
  [`identity key disable`, 2, /--access-key-id is missing/],
  [`identity key create --account ${account} --name nobody`, 1, /There is no identity nobody/],
  [`identity key disable --name robot --access-key-id x`, 2, /has no option --name/],
  [`identity delete --account ${account} --name nobody`, 1, /There is no identity nobody/],
  [`account disable --account 999999999999`, 1, /The lake has no account \\"999999999999\\"/],
  [`account disable`, 2, /--account is missing/],
])("%s is refused", async (line, code, message) => {
  expect(await command(line)).toMatchObject({ code, stdout: "", stderr: expect.stringMatching(message) });
});

test("--data may be left to TRIBUTARY_LAKE_DATA; the option comes first", async () => {
  const env = { TRIBUTARY_LAKE_DATA: lake.data };
  const { code, stdout } = await run(["identity", "list", "--json"], env);
  expect({ code, named: stdout.includes('"robot"') }).toEqual({ code: 0, named: true });
  const other = await run(["identity", "list", "--data", `${lake.data}-nowhere`], env);
  expect(other.code).not.toBe(0);
  expect(other.stderr).toContain("-nowhere");
});
