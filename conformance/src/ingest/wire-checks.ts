import type { Check } from "../core/check.ts";
import { about, expects } from "../core/unmet.ts";
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
    run: (world) => refusesSigned(world, "without an Authorization header", { tamper: without("authorization") }),
  },
  {
    clause: "ingest/signature/wrong-secret-refused",
    run: async (world) => {
      const { owner } = world.wire.subject;
      const as = { ...owner, secretAccessKey: `${owner.secretAccessKey}x` };
      await refusesSigned(world, "signed with another secret than the key's", { as });
    },
  },
  {
    clause: "ingest/signature/unknown-key-refused",
    run: (world) =>
      refusesSigned(world, "signed with a key that there is not", {
        as: { ...world.wire.subject.owner, accessKeyId: "AKIACONFORMANCE00000" },
      }),
  },
  {
    clause: "ingest/signature/refusals-are-403",
    run: async (world) => {
      const { owner } = world.wire.subject;
      await refusesSigned(
        world,
        "without an Authorization header",
        { tamper: without("authorization") },
        ["MissingAuthenticationToken", "MissingAuthenticationTokenException"],
        403,
      );
      await refusesSigned(
        world,
        "signed with another secret than the key's",
        { as: { ...owner, secretAccessKey: "x".repeat(40) } },
        ["InvalidSignatureException", "SignatureDoesNotMatch", "UnrecognizedClientException"],
        403,
      );
      await refusesSigned(
        world,
        "signed with a key that there is not",
        { as: { ...owner, accessKeyId: "AKIACONFORMANCE00000" } },
        ["UnrecognizedClientException", "InvalidSignatureException"],
        403,
      );
    },
  },
  {
    clause: "ingest/signature/of-the-body",
    run: async (world) => {
      for (const contentHash of [false, true])
        await refusesSigned(
          world,
          `whose body was changed after it was signed, ${contentHash ? "with" : "without"} x-amz-content-sha256`,
          { signing: { contentHash }, tamper: otherBody },
        );
    },
  },
  {
    clause: "ingest/signature/of-the-query",
    run: (world) =>
      refusesSigned(world, "to which externalId=someone-else was added after it was signed", {
        tamper: (request) => ({ ...request, target: `${request.target}&externalId=someone-else` }),
      }),
  },
  {
    clause: "ingest/signature/of-the-signed-headers",
    run: (world) =>
      refusesSigned(world, "whose signed header X-Amz-Meta was changed after it was signed", {
        headers: [
          ["Content-Type", "application/json"],
          ["X-Amz-Meta", "signed"],
        ],
        tamper: (request) => withHeader(request, "x-amz-meta", "changed"),
      }),
  },
  {
    clause: "ingest/signature/content-hash-must-match",
    run: (world) =>
      refusesSigned(world, "whose x-amz-content-sha256 is signed, and not that of its body", {
        headers: [
          ["Content-Type", "application/json"],
          ["X-Amz-Content-Sha256", "0".repeat(64)],
        ],
      }),
  },
  {
    clause: "ingest/signature/of-the-other-service-refused",
    run: (world) => refusesSigned(world, "signed for the service cloudtrail", { signing: { service: "cloudtrail" } }),
  },
  {
    clause: "ingest/signature/of-another-region-refused",
    run: (world) => {
      const region = world.wire.subject.region === "eu-west-1" ? "eu-west-2" : "eu-west-1";
      return refusesSigned(world, `signed for the region ${region}`, { signing: { region } });
    },
  },
  {
    clause: "ingest/signature/an-hour-off-refused",
    run: async (world) => {
      const now = world.wire.subject.now();
      await refusesSigned(world, "signed an hour ago", { signing: { at: now - 3_600_000 } });
      await refusesSigned(world, "signed for an hour from now", { signing: { at: now + 3_600_000 } });
    },
  },
  {
    clause: "ingest/signature/five-minutes-off-accepted",
    run: async (world) => {
      const now = world.wire.subject.now();
      await about("for a request signed five minutes ago", async () =>
        ok(await putOne(world, { signing: { at: now - 300_000 } })),
      );
      await about("for a request signed for five minutes from now", async () =>
        ok(await putOne(world, { signing: { at: now + 300_000 } })),
      );
    },
  },
  {
    clause: "ingest/signature/foreign-session-token-refused",
    run: (world) =>
      refusesSigned(world, "with a session token that is not the key's", {
        as: { ...world.wire.subject.owner, sessionToken: "not-of-this-key" },
      }),
  },
];

/** Throws `Unmet` unless a request that is signed so is refused. @param how what is wrong with it */
function refusesSigned(
  world: IngestWorld,
  how: string,
  variation: Variation,
  codes?: readonly string[],
  status?: number,
): Promise<void> {
  return about(`for a request ${how}`, async () => refused(await putOne(world, variation), codes, status));
}

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
