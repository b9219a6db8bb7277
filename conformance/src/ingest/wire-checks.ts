import type { Check } from "../core/check.ts";
import { expects } from "../core/unmet.ts";
import { refused } from "../wire/answer.ts";
import type { Variation } from "../wire/wire.ts";
import type { WireRequest } from "../wire/wire-request.ts";
import { ends, event, type IngestWorld, put } from "./ingest-world.ts";

/** Spec 5: who signed a request, and that it is the request that was signed. */
export const wireChecks: readonly Check<IngestWorld>[] = [
  {
    clause: "ingest/signature/as-botocore-signs",
    run: async (world) =>
      ok(
        await putOne(world, {
          headers: [
            ["Content-Type", "application/json"],
            ["User-Agent", "Boto3/1.43.11 md/Botocore#1.43.11"],
            ["amz-sdk-invocation-id", "1f2e3d4c-5b6a-4978-8695-a4b3c2d1e0f9"],
            ["amz-sdk-request", "attempt=1"],
          ],
          signing: { signed: ["content-type"] },
        }),
      ),
  },
  {
    clause: "ingest/signature/as-the-javascript-sdk-signs",
    run: async (world) =>
      ok(
        await putOne(world, {
          headers: [
            ["content-type", "application/json"],
            ["x-amz-user-agent", "aws-sdk-js/3.0.0"],
            ["amz-sdk-invocation-id", "1f2e3d4c-5b6a-4978-8695-a4b3c2d1e0f9"],
            ["amz-sdk-request", "attempt=1; max=3"],
          ],
          signing: { contentHash: true },
        }),
      ),
  },
  {
    clause: "ingest/signature/required",
    run: async (world) => refused(await putOne(world, { tamper: without("authorization") })),
  },
  {
    clause: "ingest/signature/wrong-secret-refused",
    run: async (world) => {
      const { owner } = world.wire.subject;
      refused(await putOne(world, { as: { ...owner, secretAccessKey: `${owner.secretAccessKey}x` } }));
    },
  },
  {
    clause: "ingest/signature/unknown-key-refused",
    run: async (world) =>
      refused(await putOne(world, { as: { ...world.wire.subject.owner, accessKeyId: "AKIACONFORMANCE00000" } })),
  },
  {
    clause: "ingest/signature/refusals-are-403",
    run: async (world) => {
      const { owner } = world.wire.subject;
      refused(
        await putOne(world, { tamper: without("authorization") }),
        ["MissingAuthenticationToken", "MissingAuthenticationTokenException"],
        403,
      );
      refused(
        await putOne(world, { as: { ...owner, secretAccessKey: "x".repeat(40) } }),
        ["InvalidSignatureException", "SignatureDoesNotMatch", "UnrecognizedClientException"],
        403,
      );
      refused(
        await putOne(world, { as: { ...owner, accessKeyId: "AKIACONFORMANCE00000" } }),
        ["UnrecognizedClientException", "InvalidSignatureException"],
        403,
      );
    },
  },
  {
    clause: "ingest/signature/of-the-body",
    run: async (world) => {
      for (const contentHash of [false, true])
        refused(await putOne(world, { signing: { contentHash }, tamper: otherBody }));
    },
  },
  {
    clause: "ingest/signature/of-the-query",
    run: async (world) =>
      refused(
        await putOne(world, {
          tamper: (request) => ({ ...request, target: `${request.target}&externalId=someone-else` }),
        }),
      ),
  },
  {
    clause: "ingest/signature/of-the-signed-headers",
    run: async (world) =>
      refused(
        await putOne(world, {
          headers: [
            ["Content-Type", "application/json"],
            ["X-Amz-Meta", "signed"],
          ],
          tamper: (request) => withHeader(request, "x-amz-meta", "changed"),
        }),
      ),
  },
  {
    clause: "ingest/signature/content-hash-must-match",
    run: async (world) =>
      refused(
        await putOne(world, {
          headers: [
            ["Content-Type", "application/json"],
            ["X-Amz-Content-Sha256", "0".repeat(64)],
          ],
        }),
      ),
  },
  {
    clause: "ingest/signature/of-the-other-service-refused",
    run: async (world) => refused(await putOne(world, { signing: { service: "cloudtrail" } })),
  },
  {
    clause: "ingest/signature/of-another-region-refused",
    run: async (world) =>
      refused(
        await putOne(world, {
          signing: { region: world.wire.subject.region === "eu-west-1" ? "eu-west-2" : "eu-west-1" },
        }),
      ),
  },
  {
    clause: "ingest/signature/an-hour-off-refused",
    run: async (world) => {
      const now = world.wire.subject.now();
      for (const at of [now - 3_600_000, now + 3_600_000]) refused(await putOne(world, { signing: { at } }));
    },
  },
  {
    clause: "ingest/signature/five-minutes-off-accepted",
    run: async (world) => {
      const now = world.wire.subject.now();
      for (const at of [now - 300_000, now + 300_000]) ok(await putOne(world, { signing: { at } }));
    },
  },
  {
    clause: "ingest/signature/foreign-session-token-refused",
    run: async (world) =>
      refused(await putOne(world, { as: { ...world.wire.subject.owner, sessionToken: "not-of-this-key" } })),
  },
];

function putOne(world: IngestWorld, variation: Variation): ReturnType<typeof put> {
  return put(world, [{ id: "the-event", eventData: JSON.stringify(event(world)) }], variation);
}

function ok(answer: Awaited<ReturnType<typeof put>>): void {
  expects(ends(answer).get("the-event") === undefined, "the event in successful", answer.text);
}

function otherBody(request: WireRequest): WireRequest {
  return {
    ...request,
    body: Buffer.from(Buffer.from(request.body).toString().replace("DocumentOpened", "DocumentClosed")),
  };
}

function without(name: string): (request: WireRequest) => WireRequest {
  return (request) => ({ ...request, headers: request.headers.filter(([one]) => one.toLowerCase() !== name) });
}

function withHeader(request: WireRequest, name: string, value: string): WireRequest {
  return {
    ...request,
    headers: request.headers.map(([one, old]) => (one.toLowerCase() === name ? [one, value] : [one, old])),
  };
}
