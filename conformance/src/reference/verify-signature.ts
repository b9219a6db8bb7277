import { createHash } from "node:crypto";
import type { Identity } from "../wire/identity.ts";
import { sign } from "../wire/sign.ts";
import type { WireRequest } from "../wire/wire-request.ts";
import type { Rules } from "./rules.ts";

/** Who a request is from, or why it is refused: the name of the error. */
export type Signer<Who extends Identity> = { readonly identity: Who } | { readonly refused: string };

/** Verifies Signature Version 4 by signing the request again with the secret of its key. */
export function verifySignature<Who extends Identity>(
  request: WireRequest,
  rules: Rules["signature"],
  place: {
    readonly service: string;
    readonly region: string;
    readonly now: number;
    readonly keys: ReadonlyMap<string, Who>;
  },
): Signer<Who> {
  const header = (name: string) => request.headers.find(([one]) => one.toLowerCase() === name)?.[1];
  const names = rules.refusalNames;
  const authorization = header("authorization");
  const [anyone] = place.keys.values();
  if (authorization === undefined)
    return rules.required || anyone === undefined ? { refused: names.missing } : { identity: anyone };
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      authorization,
    );
  if (match === null) return { refused: "IncompleteSignature" };
  const [, key = "", , region = "", service = "", signed = "", signature = ""] = match;
  const identity = place.keys.get(key) ?? (rules.takesUnknownKeys ? anyone : undefined);
  if (identity === undefined) return { refused: names.key };
  const date = header("x-amz-date") ?? "";
  const at = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  if (!(Math.abs(at - place.now) <= rules.skewMs)) return { refused: names.time };
  if (rules.checksService && service !== place.service) return { refused: names.signature };
  if (rules.checksRegion && region !== place.region) return { refused: names.signature };
  const token = header("x-amz-security-token");
  if (rules.checksToken && token !== identity.sessionToken) return { refused: names.key };
  const hash = header("x-amz-content-sha256");
  if (rules.requiresContentHash && hash === undefined) return { refused: names.signature };
  const actual = createHash("sha256").update(request.body).digest("hex");
  if (hash !== undefined && hash !== actual && !rules.trustsContentHash) return { refused: names.signature };
  if (!rules.checksSignature || !place.keys.has(key)) return { identity };
  const covered = new Set(rules.covers(signed.split(";")));
  const unsigned = request.headers.some(
    ([name]) => !/^(authorization|content-length)$/i.test(name) && !covered.has(name.toLowerCase()),
  );
  if (rules.wantsAllSigned && unsigned) return { refused: names.signature };
  const made = new Set(["authorization", "x-amz-date", "x-amz-security-token"]);
  const headers = request.headers.filter(([name]) => covered.has(name.toLowerCase()) && !made.has(name.toLowerCase()));
  const isSigned = rules.targets(request.target).some((target) =>
    rules.operations(header("x-amz-target") ?? "").some((operation) => {
      const named = headers.map(([name, value]) => [name, /^x-amz-target$/i.test(name) ? operation : value] as const);
      const again = sign(
        { ...request, target, headers: named },
        { identity: { ...identity, sessionToken: token }, region, service, at },
      );
      return again.at(-1)?.[1].endsWith(`Signature=${signature}`);
    }),
  );
  return isSigned ? { identity } : { refused: names.signature };
}
