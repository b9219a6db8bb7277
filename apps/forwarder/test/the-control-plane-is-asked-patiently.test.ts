import { createServer } from "node:http";
import { afterEach, beforeEach, expect, test } from "vitest";
import { awsControlPlane } from "../src/control/aws-control-plane.ts";
import { carryOut } from "../src/control/carry-out.ts";
import type { ControlPlane } from "../src/control/control-plane.ts";
import type { Plan, Step } from "../src/control/plan.ts";
import { instantClock } from "./support/instant-clock.ts";
import { account, region } from "./support/test-lake.ts";

interface Asked {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}
type Answer = readonly [status: number, body: object];

/** A server in the shape of AWS's control plane, for what a lake never answers. */
let script: (asked: Asked, number: number) => Answer;
let asked: Asked[];
let control: ControlPlane;
let close: () => Promise<void>;
beforeEach(async () => {
  asked = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
      const input: Record<string, unknown> = JSON.parse(Buffer.concat(chunks).toString("utf8"));
      asked.push({ operation, input });
      const [status, body] = script({ operation, input }, asked.length);
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const endpoint = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "an-example-secret" };
  control = await awsControlPlane({ region, endpoint, profile: undefined, credentials });
  close = () =>
    new Promise((resolve) => {
      control.close();
      server.close(() => resolve());
    });
});
afterEach(() => close());

const arnOf = (type: string, id: string): string => `arn:aws:cloudtrail:${region}:${account}:${type}/${id}`;
const refusal = (name: string, message = name): Answer => [400, { __type: name, Message: message }];
const plan = (...steps: readonly Step[]): Plan => ({
  items: [{ what: "channel", name: "okta", arn: undefined, verdict: "create", differences: [], steps }],
  problems: [],
  notes: [],
});

test("lists are read to their last page, and channels of AWS services are left out", async () => {
  script = ({ input }) => {
    const page = Number(input["NextToken"]?.toString().slice(5) ?? 0);
    const id = page === 1 ? "aws-service-channel/resource-explorer-2/default" : `c-${page}`;
    const more = page < 3 ? { NextToken: `token${page + 1}` } : {};
    return [200, { Channels: [{ ChannelArn: arnOf("channel", id), Name: `n-${page}` }], ...more }];
  };
  expect((await control.listChannels()).map(({ name }) => name)).toEqual(["n-0", "n-2", "n-3"]);
  expect(asked).toHaveLength(4);
});

test("what was made a moment ago and is not ready is waited for, and said once", async () => {
  const clock = instantClock();
  const waits: string[] = [];
  let left = 3;
  script = ({ operation }) => {
    if (operation === "CreateEventDataStore") return [200, { EventDataStoreArn: arnOf("eventdatastore", "s") }];
    if (operation === "CreateChannel")
      return left-- > 0 ? refusal("InactiveEventDataStoreException") : [200, { ChannelArn: arnOf("channel", "c") }];
    return left++ < 1 ? [409, { __type: "ConflictException", Message: "not loaded yet" }] : [200, {}];
  };
  const senders = { principals: [account], externalId: undefined };
  const result = await carryOut(
    plan(
      { kind: "createStore", name: "audit", retentionDays: 2557, tags: {} },
      { kind: "createChannel", name: "okta", source: "OktaSystemLogEvents", stores: [{ made: "audit" }], tags: {} },
      { kind: "putPolicy", name: "okta", senders },
    ),
    control,
    { signal: new AbortController().signal, clock, onWait: ({ kind }) => waits.push(kind) },
  );
  expect(result.stopped).toBeUndefined();
  expect(waits).toEqual(["createChannel", "putPolicy"]);
  expect(clock.delays.slice(0, 3)).toEqual([1000, 2000, 4000]);
  expect(asked[0]?.input).toEqual({
    Name: "audit",
    AdvancedEventSelectors: [
      {
        Name: "Audit events from outside AWS",
        FieldSelectors: [{ Field: "eventCategory", Equals: ["ActivityAuditLog"] }],
      },
    ],
    MultiRegionEnabled: false,
    OrganizationEnabled: false,
    RetentionPeriod: 2557,
    BillingMode: "FIXED_RETENTION_PRICING",
  });
});

test("what never gets ready stops after three minutes, with what was made", async () => {
  const clock = instantClock();
  const started = clock.now();
  script = () => refusal("ConflictException");
  const step: Step = { kind: "createChannel", name: "okta", source: "GitHub", stores: [], tags: {} };
  const { stopped } = await carryOut(plan(step), control, { signal: new AbortController().signal, clock });
  expect(stopped?.error.code).toBe("CONTROL_REFUSED");
  expect(clock.now() - started).toBeGreaterThan(120_000);
  expect(clock.now() - started).toBeLessThanOrEqual(180_000);
});

test("a lost answer is no second channel: what is there by that name and source is taken", async () => {
  script = ({ operation }) => {
    if (operation === "CreateChannel") return refusal("ChannelAlreadyExistsException");
    if (operation === "ListChannels") return [200, { Channels: [{ ChannelArn: arnOf("channel", "c"), Name: "okta" }] }];
    return [200, { ChannelArn: arnOf("channel", "c"), Name: "okta", Source: "GitHub", Destinations: [] }];
  };
  const options = { signal: new AbortController().signal, clock: instantClock() };
  const step = { kind: "createChannel", name: "okta", stores: [], tags: {} } as const;
  const same = await carryOut(plan({ ...step, source: "GitHub" }), control, options);
  expect(same.channels.get("okta")).toBe(arnOf("channel", "c"));
  const other = await carryOut(plan({ ...step, source: "Custom" }), control, options);
  expect(other.stopped?.error.message).toContain("ChannelAlreadyExistsException");
});

test("throttling is waited out; an answer that is none is told as such; the service's own words are kept", async () => {
  script = (_asked, number) =>
    number < 3 ? [429, { __type: "ThrottlingException", Message: "Rate exceeded" }] : [200, { EventDataStores: [] }];
  expect(await control.listStores()).toEqual([]);
  expect(asked).toHaveLength(3);
  script = () => [200, {}];
  await expect(control.createChannel({ name: "n", source: "s", stores: [], tags: {} })).rejects.toMatchObject({
    code: "CONTROL_ANSWER_INVALID",
  });
  script = () => [403, { page: "Blocked by a proxy." }];
  await expect(control.listStores()).rejects.toMatchObject({
    code: "CONTROL_UNREACHABLE",
    message: expect.stringContaining("answers with status 403, and not as CloudTrail does") as string,
  });
  script = () => refusal("InvalidParameterException", "CloudTrail Lake is closed to new customers.");
  await expect(control.listStores()).rejects.toMatchObject({
    code: "CONTROL_REFUSED",
    message: expect.stringContaining("CloudTrail Lake is closed to new customers.") as string,
  });
});

test("a signal stops between two steps and within one, and says what is left", async () => {
  const abort = new AbortController();
  script = () => {
    abort.abort();
    return [200, { ChannelArn: arnOf("channel", "c") }];
  };
  const step = { kind: "createChannel", name: "okta", source: "GitHub", stores: [], tags: {} } as const;
  const twice = plan(step, { ...step, name: "other" });
  const { done, stopped } = await carryOut(twice, control, { signal: abort.signal, clock: instantClock() });
  expect(done).toHaveLength(1);
  expect(stopped).toMatchObject({ at: { name: "other" }, error: { code: "INTERRUPTED" }, left: [] });
});
