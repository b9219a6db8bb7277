import type { Check } from "../core/check.ts";
import { expects } from "../core/unmet.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { type Answer, refused, succeeded } from "../wire/answer.ts";
import type { Variation } from "../wire/wire.ts";
import type { WireRequest } from "../wire/wire-request.ts";
import { ask } from "./channels-world.ts";

const botocore = [
  ["User-Agent", "Boto3/1.43.11 md/Botocore#1.43.11"],
  ["amz-sdk-invocation-id", "1f2e3d4c-5b6a-4978-8695-a4b3c2d1e0f9"],
  ["amz-sdk-request", "attempt=1"],
] as const;

const javascript = [
  ["x-amz-user-agent", "aws-sdk-js/3.0.0"],
  ["amz-sdk-invocation-id", "1f2e3d4c-5b6a-4978-8695-a4b3c2d1e0f9"],
  ["amz-sdk-request", "attempt=1; max=3"],
] as const;

/** Headers of GetChannel, with a client's own. */
const sent = (own: readonly (readonly [string, string])[]) =>
  [["Content-Type", "application/x-amz-json-1.1"], ["X-Amz-Target", "CloudTrail_20131101.GetChannel"], ...own] as const;

/** Spec 5: who signed a request to the control plane, and that it is the request that was signed. */
export const signatureChecks: readonly Check<ServerWorld>[] = [
  {
    clause: "channels/signature/as-botocore-signs",
    run: async (world) =>
      ok(world, await get(world, { headers: sent(botocore), signing: { signed: ["content-type"] } })),
  },
  {
    clause: "channels/signature/as-the-javascript-sdk-signs",
    run: async (world) => ok(world, await get(world, { headers: sent(javascript), signing: { contentHash: true } })),
  },
  {
    clause: "channels/signature/required",
    run: async (world) => {
      refused(await get(world, { tamper: unsigned }));
    },
  },
  {
    clause: "channels/signature/wrong-secret-refused",
    run: async (world) => {
      const { owner } = world.wire.subject;
      refused(await get(world, { as: { ...owner, secretAccessKey: `${owner.secretAccessKey}x` } }));
    },
  },
  {
    clause: "channels/signature/unknown-key-refused",
    run: async (world) =>
      refused(await get(world, { as: { ...world.wire.subject.owner, accessKeyId: "AKIACONFORMANCE00000" } })),
  },
  {
    clause: "channels/signature/of-the-body",
    run: async (world) => {
      for (const contentHash of [false, true])
        refused(await get(world, { signing: { contentHash }, tamper: otherBody }));
    },
  },
  {
    clause: "channels/signature/of-the-operation",
    run: async (world) => {
      refused(await get(world, { tamper: otherOperation }));
    },
  },
  {
    clause: "channels/signature/of-the-data-plane-refused",
    run: async (world) => refused(await get(world, { signing: { service: "cloudtrail-data" } })),
  },
  {
    clause: "channels/signature/of-another-region-refused",
    run: async (world) => {
      const region = world.wire.subject.region === "eu-west-1" ? "eu-west-2" : "eu-west-1";
      refused(await get(world, { signing: { region } }));
    },
  },
  {
    clause: "channels/signature/an-hour-off-refused",
    run: async (world) => {
      const now = world.wire.subject.now();
      for (const at of [now - 3_600_000, now + 3_600_000]) refused(await get(world, { signing: { at } }));
    },
  },
];

function get(world: ServerWorld, variation: Variation): Promise<Answer> {
  return ask(world, "GetChannel", { Channel: world.channelArn }, variation);
}

function ok(world: ServerWorld, answer: Answer): void {
  expects(succeeded(answer)["ChannelArn"] === world.channelArn, "the channel", answer.text);
}

const otherBody = (request: WireRequest): WireRequest => ({
  ...request,
  body: Buffer.from(`${String(request.body)} `),
});

/** A request to look at a channel must not become one to delete it: here it becomes one that lists. */
const otherOperation = (request: WireRequest): WireRequest => ({
  ...request,
  headers: request.headers.map(([name, value]) => [name, value.replace(".GetChannel", ".ListChannels")]),
});

const unsigned = (request: WireRequest): WireRequest => ({
  ...request,
  headers: request.headers.filter(([name]) => name !== "Authorization"),
});
