import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../src/delivery/clock.ts";
import { awsControlPlane } from "../src/control/aws-control-plane.ts";
import { carryOut } from "../src/control/carry-out.ts";
import { ControlError } from "../src/control/control-error.ts";
import type { ControlPlane } from "../src/control/control-plane.ts";
import { declaredFindings } from "../src/control/declared-findings.ts";
import { type DeclaredSet, setTag } from "../src/control/declared-schema.ts";
import { type Observed, observe } from "../src/control/observed.ts";
import { stepsOf } from "../src/control/plan.ts";
import { planChanges } from "../src/control/plan-changes.ts";
import { policyDifference } from "../src/control/policy-difference.ts";
import { unfitStore } from "../src/control/unfit-store.ts";
import { inProcess, type Output } from "./support/in-process.ts";
import { scene } from "./support/scene.ts";
import { account, type Key, otherAccount, region, testLake, type TestLake } from "./support/test-lake.ts";

let lake: TestLake;
let accounts = 0;
beforeAll(async () => {
  const quotas = {
    channels: 25,
    channelsPerSource: 5,
    eventDataStores: 50,
    concurrentQueries: 10,
    tagsPerResource: 50,
  };
  lake = await testLake({ quotas });
});
afterAll(() => lake.close());

const newAccount = (): Promise<Key> => lake.key(String(300000000000 + accounts++), "admin");
const apply = (key: Key, ...argv: readonly string[]): Promise<Output> =>
  inProcess(["integration", "apply", ...argv], lake.env(key));

const twoIntegrations = `set: production
eventDataStores:
  - name: audit
    retentionDays: 365
    tags: {team: security}
integrations:
  - name: okta
    source: OktaSystemLogEvents
    stores: [audit]
    principals: ["111122223333", "arn:aws:iam::444455556666:role/shipper"]
    externalId: okta-example
  - name: custom
    source: Custom
    stores: [audit]
    noPolicy: true
`;

test("apply: a plan, the same done, and then nothing to do; exit codes tell", async () => {
  const me = await newAccount();
  using place = scene();
  const file = place.write("integrations.yaml", twoIntegrations);
  const plan = await apply(me, "-f", file, "--plan");
  expect(plan).toMatchObject({ code: 6, stderr: "" });
  expect(plan.stdout).toBe(`+ store audit
    retention 365 days
    tag team=security
    tag tributary:set=production
+ channel okta
    source OktaSystemLogEvents
    stores: audit
    policy: 111122223333, arn:aws:iam::444455556666:role/shipper; external id okta-example
    tag tributary:set=production
+ channel custom
    source Custom
    stores: audit
    no policy: only the owner's account can send
    tag tributary:set=production
Plan: 3 to create, 0 to change, 0 to delete, 0 unchanged, 0 not managed.
`);
  expect(await apply(me, "-f", file)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("Say --yes") as string,
  });
  expect((await apply(me, "-f", file, "--yes")).code).toBe(0);
  const again = await apply(me, "-f", file, "--plan");
  expect(again.code).toBe(0);
  expect(again.stdout).toContain("0 to create, 0 to change, 0 to delete, 3 unchanged");
  expect(JSON.parse((await apply(me, "-f", file, "--yes", "--json")).stdout)).toMatchObject({ ok: true, done: [] });
});

test("apply changes what differs and nothing else; --prune deletes what the set made and no longer names", async () => {
  const me = await newAccount();
  using place = scene();
  expect((await apply(me, "-f", place.write("a.yaml", twoIntegrations), "--yes")).code).toBe(0);
  const control = await awsControlPlane({ region, endpoint: lake.url, profile: undefined, credentials: me });
  const own = await control.createStore({ name: "by-hand", retentionDays: 90, tags: {} });
  await control.createChannel({ name: "by-hand", source: "GitHub", stores: [own], tags: {} });

  const changed = place.write(
    "a.yaml",
    `set: production
integrations:
  - name: okta
    source: OktaSystemLogEvents
    stores: [audit, by-hand]
    principals: ["arn:aws:iam::111122223333:root", "555566667777"]
    externalId: another
`,
  );
  const plan = await apply(me, "-f", changed, "--plan");
  const withoutArns = plan.stdout.replaceAll(/ {2}arn:\S+/g, "");
  expect(withoutArns).toBe(`~ channel okta
    stores: audit -> audit, by-hand
    policy: + arn:aws:iam::555566667777:root
    policy: - arn:aws:iam::444455556666:role/shipper
    policy: external id okta-example -> external id another
. channel custom (not managed)
    it is no longer in the file: --prune deletes it
. channel by-hand (not managed)
. store audit (not managed)
    it is no longer in the file; it holds events, so it is kept: tributary integration delete --store
Plan: 0 to create, 1 to change, 0 to delete, 0 unchanged, 3 not managed.
`);
  expect((await apply(me, "-f", changed, "--prune", "--yes")).code).toBe(0);
  expect((await control.listChannels()).map(({ name }) => name).toSorted()).toEqual(["by-hand", "okta"]);
  expect((await control.listStores()).map(({ name }) => name).toSorted()).toEqual(["audit", "by-hand"]);
  expect((await apply(me, "-f", changed, "--prune", "--plan")).code).toBe(0);

  const foreign = place.write("b.yaml", twoIntegrations.replace("production", "staging"));
  expect(JSON.parse((await apply(me, "-f", foreign, "--yes", "--json")).stdout)).toMatchObject({
    ok: false,
    done: [],
    problems: [expect.stringContaining("belongs to the set production"), expect.anything()],
  });
  const refused = await apply(me, "-f", foreign, "--yes");
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("The channel okta belongs to the set production (tag tributary:set)");
});

test("an error of the file names line, column and the fix; nothing is asked of the server", async () => {
  using place = scene();
  const file = place.write(
    "integrations.yaml",
    `integrations:
  - name: okta
    source: OktaSystemLogEvents
    stores: [audit]
    principals: [111122223333]
  - name: snyk
    source: Snyk
    stores: [audit, audit]
    principals: ["123"]
`,
  );
  const nobody = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "none" };
  const shape = await apply(nobody, "-f", file);
  expect(shape.code).toBe(2);
  expect(shape.stderr).toContain(`${file}:5:18: integrations[0].principals[0]: 111122223333 is not allowed`);
  expect(shape.stderr).toContain("account id in quotes");
  place.write(
    "integrations.yaml",
    twoIntegrations.replace("OktaSystemLogEvents", "Snyk").replace(/\n +externalId.*/, ""),
  );
  const meaning = JSON.parse((await apply(nobody, "-f", file, "--json")).stdout) as object;
  expect(meaning).toMatchObject({ ok: false, problems: [{ line: 7, column: 5, path: "integrations[0]" }] });
  const schema = JSON.parse((await apply(nobody, "--schema")).stdout) as { properties: object };
  expect(Object.keys(schema.properties)).toEqual(["set", "region", "endpoint", "eventDataStores", "integrations"]);
});

const selectors = (category: string) => [{ FieldSelectors: [{ Field: "eventCategory", Equals: [category] }] }];

test("a store of other events, of all regions or of an organization takes none from a channel", () => {
  const fit = { Status: "ENABLED", AdvancedEventSelectors: selectors("ActivityAuditLog") };
  expect(unfitStore(fit)).toBeUndefined();
  expect(unfitStore({ ...fit, AdvancedEventSelectors: selectors("Management") })).toContain(
    "it holds Management events",
  );
  expect(unfitStore({ ...fit, MultiRegionEnabled: true })).toContain("all regions");
  expect(unfitStore({ ...fit, OrganizationEnabled: true })).toContain("an organization");
  expect(unfitStore({ ...fit, Status: "STOPPED_INGESTION" })).toContain("STOPPED_INGESTION");
  const tags = {};
  const unfit = unfitStore({ ...fit, AdvancedEventSelectors: selectors("Data") });
  const store = {
    arn: "a",
    name: "data",
    status: "ENABLED",
    retentionDays: 7,
    terminationProtection: true,
    unfit,
    tags,
  };
  const set: DeclaredSet = {
    set: "s",
    eventDataStores: [],
    integrations: [{ name: "okta", source: "OktaSystemLogEvents", stores: ["data"], noPolicy: true }],
  };
  const { problems } = planChanges(set, { channels: [], stores: [store] }, { ...options, manyOfSource: false });
  expect(problems).toEqual([expect.stringContaining("it holds Data events")]);
});

const policy = (...statements: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });

test("policies that say the same are the same, however they are written", () => {
  const channel = `arn:aws:cloudtrail:us-east-1:${account}:channel/x`;
  const statement = {
    Sid: "A",
    Effect: "Allow",
    Principal: { AWS: [account, otherAccount] },
    Action: "cloudtrail-data:PutAuditEvents",
    Resource: channel,
    Condition: { StringEquals: { "cloudtrail:ExternalId": "x-1" } },
  };
  const one = policy(statement);
  const roots = { AWS: [`arn:aws:iam::${otherAccount}:root`, `arn:aws:iam::${account}:root`] };
  const lists = {
    Action: [statement.Action],
    Resource: [channel],
    Condition: { StringEquals: { "cloudtrail:ExternalId": ["x-1"] } },
  };
  expect(policyDifference(one, policy({ ...statement, Sid: undefined, Principal: roots, ...lists }))).toEqual([]);
  const apart = [account, otherAccount].map((id) => ({ ...statement, Sid: `S${id}`, Principal: { AWS: id } }));
  expect(policyDifference(one, policy(...apart))).toEqual([]);
  const changes: object[] = [
    { ...statement, Effect: "Deny" },
    { ...statement, Principal: { AWS: account } },
    { ...statement, Condition: undefined },
    { ...statement, Condition: { StringLike: { "cloudtrail:ExternalId": "x-1" } } },
    { ...statement, Condition: { StringEquals: { "cloudtrail:ExternalId": ["x-1", "x-2"] } } },
    { ...statement, Resource: `${channel}y` },
  ];
  for (const change of changes) expect(policyDifference(one, policy(change))).not.toEqual([]);
  expect(policyDifference(one, policy(statement, changes[0]!))).not.toEqual([]);
  expect(policyDifference("{", one)).not.toEqual([]);
});

const options = { mark: "s", change: true, prune: true, manyOfSource: true };
const world = { signal: new AbortController().signal, clock: systemClock };
const storeNames = ["store-a", "store-b", "store-c"];
const declaredSet: fc.Arbitrary<DeclaredSet> = fc
  .record({
    stores: fc.subarray(storeNames, { minLength: 1 }),
    retentionDays: fc.constantFrom(undefined, 7, 365, 2557),
    channels: fc.uniqueArray(
      fc.record({
        name: fc.constantFrom("chan-a", "chan-b", "chan-c"),
        picked: fc.subarray([0, 1, 2], { minLength: 1 }),
        principals: fc.subarray([account, otherAccount, `arn:aws:iam::${account}:role/r`]),
        externalId: fc.constantFrom(undefined, "one", "two"),
        tags: fc.constantFrom(undefined, { team: "x" }, { team: "y", other: "" }),
      }),
      { selector: ({ name }) => name, maxLength: 3 },
    ),
  })
  .map(({ stores, retentionDays, channels }) => ({
    set: "s",
    endpoint: "http://127.0.0.1",
    eventDataStores: stores.map((name) => ({ name, ...(retentionDays !== undefined && { retentionDays }) })),
    integrations: channels.map(({ name, picked, principals, externalId, tags }) => ({
      name,
      // A channel's source cannot change: it hangs on the name.
      source: { "chan-a": "GitHub", "chan-b": "Custom", "chan-c": "Snyk" }[name] ?? "Custom",
      stores: [...new Set(picked.map((at) => stores[at % stores.length]!))],
      ...(principals.length > 0
        ? {
            principals,
            ...((externalId ?? (name === "chan-c" ? "one" : undefined)) !== undefined && {
              externalId: externalId ?? "one",
            }),
          }
        : { noPolicy: true }),
      ...(tags !== undefined && "team" in tags && { tags: { team: tags.team } }),
    })),
  }));

test("whatever call fails, before or after its effect, apply reaches the same state when it runs again", async () => {
  await fc.assert(
    fc.asyncProperty(declaredSet, declaredSet, fc.nat(), fc.boolean(), async (before, after, at, lost) => {
      expect([...declaredFindings(before, true), ...declaredFindings(after, true)]).toEqual([]);
      const credentials = await newAccount();
      const control = await awsControlPlane({ region, endpoint: lake.url, profile: undefined, credentials });
      await settle(before, control);
      const plan = planChanges(after, await look(after, control), options);
      const steps = stepsOf(plan).length;
      const cut = steps === 0 ? 0 : at % (steps + 1);
      const result = await carryOut(plan, failing(control, cut, lost), world);
      expect(result.done.length).toBe(Math.min(cut, steps));
      await settle(after, control);

      const { channels, stores } = await look(after, control);
      const nameOf = (arn: string) => stores.find((store) => store.arn === arn)?.name;
      expect(channels.map(({ name }) => name).toSorted()).toEqual(
        after.integrations.map(({ name }) => name).toSorted(),
      );
      for (const declared of after.integrations) {
        const channel = channels.find(({ name }) => name === declared.name)!;
        expect(channel.source).toBe(declared.source);
        expect(new Set(channel.stores.map(nameOf))).toEqual(new Set(declared.stores));
        expect(channel.policy === undefined).toBe(declared.noPolicy === true);
        for (const one of declared.principals ?? []) expect(channel.policy).toContain(one);
        expect(channel.policy?.includes("cloudtrail:ExternalId") ?? false).toBe(declared.externalId !== undefined);
        expect(channel.tags).toMatchObject({ ...declared.tags, [setTag]: "s" });
      }
      for (const { name, retentionDays } of after.eventDataStores) {
        const store = stores.find((one) => one.name === name)!;
        expect(store.retentionDays).toBe(retentionDays ?? store.retentionDays);
      }
      control.close();
    }),
    { numRuns: 12, endOnFailure: true },
  );
});

/** Applies, and finds nothing more to do. */
async function settle(set: DeclaredSet, control: ControlPlane): Promise<void> {
  const plan = planChanges(set, await look(set, control), options);
  expect(plan.problems).toEqual([]);
  const { stopped } = await carryOut(plan, control, world);
  expect(stopped).toBeUndefined();
  expect(stepsOf(planChanges(set, await look(set, control), options))).toEqual([]);
}

const look = (set: DeclaredSet, control: ControlPlane): Promise<Observed> =>
  observe(control, { channels: new Set(set.integrations.map(({ name }) => name)), tags: true });

/** A control plane whose call number `at` of those that change something fails; with `lost` it takes effect all the same. */
function failing(control: ControlPlane, at: number, lost: boolean): ControlPlane {
  let calls = 0;
  return new Proxy(control, {
    get(target, name, self) {
      const member: unknown = Reflect.get(target, name, self);
      if (typeof member !== "function" || !/^(create|set|put|delete|add|end)/.test(String(name))) return member;
      return async (...given: unknown[]): Promise<unknown> => {
        const fails = calls++ === at;
        if (!fails || lost) {
          const answer: unknown = await Reflect.apply(member, target, given);
          if (!fails) return answer;
        }
        throw new ControlError("No answer.", {
          code: "CONTROL_UNREACHABLE",
          operation: String(name),
          wireName: "TimeoutError",
          cause: undefined,
        });
      };
    },
  });
}
