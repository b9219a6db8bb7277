import type { Exchange, WireAnswer, WireRequest } from "../wire/wire-request.ts";
import type { ReferenceIdentity } from "./resource-policies.ts";
import { ControlPlane } from "./control-plane.ts";
import { establish } from "./establish.ts";
import { putAuditEvents } from "./put-audit-events.ts";
import { queryEngine } from "./query-engine.ts";
import type { QueriedLake, QueryEngine } from "./query-port.ts";
import { Refusal } from "./refusal.ts";
import { type Rules, rules as healthy } from "./rules.ts";
import { verifySignature } from "./verify-signature.ts";

/** What stands before the reference lake answers anything. */
export interface ReferenceSetting {
  readonly region: string;
  readonly identities: readonly ReferenceIdentity[];
  /** Channels that were created, each account's to a store of its own. */
  readonly channels: readonly { readonly arn: string; readonly accountId: string }[];
  /** Event data stores for management events that were created. */
  readonly managementStores?: readonly { readonly arn: string; readonly accountId: string }[] | undefined;
  /** What answers queries; by default the lake's own engine. */
  readonly queries?: ((lake: QueriedLake) => QueryEngine) | undefined;
  /** ms since 1970. */
  readonly now: () => number;
}

/**
 * A lake in memory that does what the specification says, decision by decision: the subject that the suite itself is held against.
 * Each decision is a member of `rules`; with one of them changed it is a mutant, and the suite must find it.
 */
export function referenceLake(setting: ReferenceSetting, rules: Rules = healthy): Exchange {
  let count = 0;
  const keys = new Map(setting.identities.map((identity) => [identity.accessKeyId, identity]));
  const queries = setting.queries ?? ((lake: QueriedLake) => queryEngine(lake, rules.query));
  const control = new ControlPlane(rules, { ...setting, queries });
  establish(control.state, setting);
  const handle = (request: WireRequest): object => {
    const target = targetOf(request);
    if (request.body.length > rules.request.maxBodyBytes)
      throw new Refusal("RequestEntityTooLargeException", "The body is too large", 413);
    const signer = verifySignature(request, rules.signature, {
      service: target === undefined ? "cloudtrail-data" : "cloudtrail",
      region: setting.region,
      now: setting.now(),
      keys,
    });
    if ("refused" in signer)
      throw new Refusal(signer.refused, "The signature is not accepted", rules.signature.refusal);
    if (target !== undefined) return control.operate(target, request.body, signer.identity);
    return putAuditEvents(request, signer.identity, { setting, rules, control });
  };
  // oxlint-disable-next-line require-await -- an Exchange is asynchronous
  return async (request) => {
    count++;
    const isControl = targetOf(request) !== undefined;
    const mediaType = isControl ? rules.control.mediaType : "application/json";
    try {
      return answered(200, handle(request), [["content-type", mediaType]], rules, count);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const message = rules.answer.errorMessage(error.message);
      const member = isControl ? rules.control.messageMember : "message";
      const code = isControl ? rules.control.fullName(error.code) : error.code;
      const body = {
        ...(rules.answer.errorTypeInBody && { __type: code }),
        ...(message !== "" && { [member]: message }),
      };
      const headers = [
        ["content-type", mediaType] as const,
        ...(rules.answer.errorTypeHeader ? [["x-amzn-errortype", code] as const] : []),
        ...(rules.answer.queryErrorHeader ? [["x-amzn-query-error", `${code};Sender`] as const] : []),
      ];
      return answered(error.status, body, headers, rules, count);
    }
  };
}

function answered(
  status: number,
  body: object,
  headers: readonly (readonly [string, string])[],
  rules: Rules,
  count: number,
): WireAnswer {
  const requestId = rules.answer.requestId(count);
  const named = new Map(headers);
  if (requestId !== undefined) named.set("x-amzn-requestid", requestId);
  const failedAll = "successful" in body && Array.isArray(body.successful) && body.successful.length === 0;
  return {
    status: failedAll ? rules.request.statusWhenAllFail : status,
    headers: named,
    body: Buffer.from(JSON.stringify(body)),
  };
}

/** What X-Amz-Target names, where it is a request to the control plane. */
function targetOf({ headers }: WireRequest): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === "x-amz-target")?.[1];
}
