import { inSignature, type Mutant } from "./mutant.ts";

/** Lakes that believe the wrong ones. */
export const signatureMutants: readonly Mutant[] = [
  // Who signed.
  inSignature("wants no signature", ["ingest/signature/required", "ingest/signature/refusals"], { required: false }),
  inSignature("looks at no signature", ["ingest/signature/"], { checksSignature: false }),
  inSignature("takes any key", ["ingest/signature/unknown-key", "ingest/signature/refusals"], {
    takesUnknownKeys: true,
  }),
  inSignature("trusts the declared hash of a body", ["ingest/signature/of-the-body", "ingest/signature/content-hash"], {
    trustsContentHash: true,
  }),
  inSignature("wants x-amz-content-sha256", ["*"], { requiresContentHash: true }),
  inSignature("wants every header signed", ["ingest/signature/as-botocore"], { wantsAllSigned: true }),
  inSignature("knows four headers that are signed", ["ingest/signature/as-the-javascript"], {
    covers: (names) =>
      names.filter((name) => ["content-type", "host", "x-amz-date", "x-amz-meta", "content-encoding"].includes(name)),
  }),
  inSignature("reads one parameter of the query", ["ingest/signature/of-the-query"], {
    targets: (target) => [target, target.replace(/&.*/, "")],
  }),
  inSignature("takes a signature for any service", ["ingest/signature/of-the-other-service"], { checksService: false }),
  inSignature("takes a signature for any region", ["ingest/signature/of-another-region"], { checksRegion: false }),
  inSignature("takes a signature of any time", ["ingest/signature/an-hour-off"], { skewMs: Number.POSITIVE_INFINITY }),
  inSignature("takes a signature of one minute", ["ingest/signature/five-minutes-off"], { skewMs: 60_000 }),
  inSignature("takes any session token", ["ingest/signature/foreign-session-token"], { checksToken: false }),
  inSignature("answers 400 to a bad signature", ["ingest/signature/refusals"], { refusal: 400 }),
  inSignature("answers AccessDenied to a bad signature", ["ingest/signature/refusals"], {
    refusalNames: { missing: "AccessDenied", key: "AccessDenied", signature: "AccessDenied", time: "AccessDenied" },
  }),
];
