import {
  type ChannelPolicy,
  type Decision,
  evaluatePutAuditEvents,
  parseChannelPolicy,
  type PutAuditEventsCall,
} from "@tributary/policy";
import { inPolicy, type Mutant } from "./mutant.ts";

const yes: Decision = { allowed: true };
const no = (by: "resource-policy" | "external-id" | "explicit-deny" | "identity-policy"): Decision => ({
  allowed: false,
  by,
  message: "refused",
});
const isStranger = ({ caller, channel }: PutAuditEventsCall): boolean => caller.accountId !== channel.accountId;
const decide = (change: (call: PutAuditEventsCall, usual: Decision) => Decision) => (call: PutAuditEventsCall) =>
  change(call, evaluatePutAuditEvents(call));

/** Reads a document after it was changed: what the change mends is taken. */
const after =
  (change: (document: Document) => unknown) =>
  (text: string, channelArn: string): ChannelPolicy => {
    const document: Document = JSON.parse(text);
    // As long as it came: its length is another matter.
    return parseChannelPolicy(JSON.stringify(change(document)).padEnd(text.length), channelArn);
  };

interface Statement {
  readonly Action?: unknown;
  readonly Resource?: unknown;
  readonly Principal?: unknown;
  readonly [name: string]: unknown;
}

interface Document {
  readonly Version: string;
  readonly Statement: Statement | readonly Statement[];
  readonly [name: string]: unknown;
}

const each = (document: Document, change: (statement: Statement) => Statement): Document => ({
  ...document,
  Statement: [document.Statement].flat().map((one) => change(one)),
});
const cut = (document: Document, most: number): Document => ({
  ...document,
  Statement: [document.Statement].flat().slice(0, most),
});
const mended = (document: Document, channelArn: string, name: "Action" | "Resource"): Document =>
  each(document, (one) => ({ ...one, [name]: name === "Action" ? "cloudtrail-data:PutAuditEvents" : channelArn }));

/** Lakes that misread a policy, or decide wrongly by it. */
export const policyMutants: readonly Mutant[] = [
  inPolicy("forgets a policy's spelling", ["policy/document/kept"], {
    kept: (text) => JSON.stringify(JSON.parse(text)),
  }),
  inPolicy("answers nothing to a policy that it keeps", ["policy/document/put-answers", "policy/store/kept"], {
    putAnswer: () => ({}),
  }),
  inPolicy("keeps the first policy", ["policy/document/put-replaces", "policy/store/kept"], { replaces: false }),
  inPolicy("deletes no policy", ["policy/"], { deletes: false }),
  inPolicy(
    "answers an empty policy's absence as a missing resource",
    ["policy/document/delete-removes", "policy/document/none-is", "policy/store/kept", "policy/store/none-is"],
    { missing: "ResourceNotFoundException" },
  ),
  inPolicy("calls an invalid policy an invalid parameter", ["policy/document/", "policy/store/"], {
    invalid: "InvalidParameterException",
  }),
  inPolicy(
    "calls a wrong ARN an invalid parameter",
    ["policy/document/unknown-channel", "policy/document/not-an-arn", "policy/store/unknown-store"],
    { wrongArn: "InvalidParameterException" },
  ),
  inPolicy("takes trails for resources that are not there", ["policy/document/other-resources"], {
    wrongType: "ResourceARNNotValidException",
  }),
  inPolicy("takes policies of any length", ["policy/document/to-8192"], {
    parse: (text, arn) => parseChannelPolicy(text.trim(), arn),
  }),
  inPolicy("takes 4096 characters at most", ["policy/document/to-8192", "policy/document/1-to-20"], {
    parse: (text, arn) => (text.length > 4096 ? fail() : parseChannelPolicy(text, arn)),
  }),
  inPolicy("takes 21 statements", ["policy/document/1-to-20"], { parse: after((document) => cut(document, 20)) }),
  inPolicy("takes 19 statements at most", ["policy/document/1-to-20"], {
    parse: (text, arn) => (text.split('"Sid":"S19"').length > 1 ? fail() : parseChannelPolicy(text, arn)),
  }),
  inPolicy("takes 51 principals", ["policy/document/1-to-50"], {
    parse: after((document) => each(document, (one) => ({ ...one, Principal: firstFifty(one.Principal) }))),
  }),
  inPolicy(
    "takes any action",
    ["policy/document/one-action", "policy/document/no-wildcards", "policy/document/effect-and"],
    { parse: (text, arn) => after((document) => mended(document, arn, "Action"))(text, arn) },
  ),
  inPolicy("takes wildcards in actions", ["policy/document/no-wildcards"], {
    parse: (text, arn) =>
      parseChannelPolicy(
        text.replace(/"Action":"(cloudtrail-data:)?\*"/, '"Action":"cloudtrail-data:PutAuditEvents"'),
        arn,
      ),
  }),
  inPolicy(
    "takes any resource",
    ["policy/document/resource-is", "policy/document/no-wildcards", "policy/document/effect-and"],
    { parse: (text, arn) => after((document) => mended(document, arn, "Resource"))(text, arn) },
  ),
  inPolicy("forgives what follows a policy", ["policy/document/is-json"], {
    parse: (text, arn) => parseChannelPolicy(text.slice(0, text.lastIndexOf("}") + 1).padEnd(text.length), arn),
  }),
  inPolicy("does without an effect", ["policy/document/effect-and"], {
    parse: after((document) => each(document, (one) => ({ Effect: "Allow", ...one }))),
  }),
  inPolicy(
    "knows accounts alone",
    ["policy/document/principals-of", "policy/decision/stranger-granted", "policy/role/"],
    {
      parse: (text, arn) => (/"AWS":"arn:/.test(text) ? fail() : parseChannelPolicy(text, arn)),
    },
  ),
  inPolicy("takes any text for a principal", ["policy/document/principals-of"], {
    parse: after((document) => each(document, (one) => ({ ...one, Principal: onlyAccounts(one.Principal) }))),
  }),
  inPolicy("takes services for principals", ["policy/document/other-principals"], {
    parse: after((document) =>
      each(document, (one) => (isService(one.Principal) ? { ...one, Principal: { AWS: "123456789012" } } : one)),
    ),
  }),
  inPolicy("overlooks members it does not know", ["policy/document/unknown-members"], {
    parse: after((document) => withoutComment(each(document, withoutComment))),
  }),
  inPolicy(
    "knows no conditions",
    [
      "policy/document/condition-on",
      "policy/decision/",
      "policy/refusal/names",
      "policy/role/external-id",
      "policy/role/any-policy?",
    ],
    {
      parse: (text, arn) => (text.includes("Condition") ? fail() : parseChannelPolicy(text, arn)),
    },
  ),
  inPolicy("takes one external id a condition", ["policy/document/condition-on", "policy/decision/external-id-equal"], {
    parse: (text, arn) => (/ExternalId":\[/.test(text) ? fail() : parseChannelPolicy(text, arn)),
  }),
  inPolicy("overlooks conditions it does not know", ["policy/document/unknown-conditions"], {
    parse: after((document) => each(document, (one) => (isKnown(one["Condition"]) ? one : { ...one, Condition: {} }))),
  }),
  inPolicy("lets everybody in", ["policy/decision/", "policy/refusal/", "policy/role/"], { decide: () => yes }),
  inPolicy("lets nobody in from outside", ["policy/decision/", "policy/role/"], {
    decide: decide((call, usual) => (isStranger(call) ? no("resource-policy") : usual)),
  }),
  inPolicy("wants a policy for the owner, too", ["policy/decision/owner-needs", "policy/decision/any-policy?"], {
    decide: decide((call, usual) => (!isStranger(call) && call.policy === undefined ? no("resource-policy") : usual)),
  }),
  inPolicy(
    "lets any account in that a policy does not name",
    [
      "policy/decision/account-not-named",
      "policy/decision/any-policy?",
      "policy/role/other-names",
      "policy/role/any-policy?",
    ],
    {
      decide: decide((call, usual) =>
        call.policy !== undefined && !usual.allowed && usual.by === "resource-policy" ? yes : usual,
      ),
    },
  ),
  inPolicy(
    "overlooks the external id",
    [
      "policy/decision/external-id-missing",
      "policy/decision/external-id-different",
      "policy/decision/any-policy?",
      "policy/refusal/names",
      "policy/role/external-id",
      "policy/role/any-policy?",
    ],
    { decide: decide((_call, usual) => (!usual.allowed && usual.by === "external-id" ? yes : usual)) },
  ),
  inPolicy(
    "compares external ids without case",
    ["policy/decision/external-id-different", "policy/decision/any-policy?"],
    { externalId: (sent) => sent?.toLowerCase() },
  ),
  inPolicy("compares the beginning of external ids", ["policy/decision/external-id-different"], {
    externalId: (sent) => (sent?.startsWith("partner-1") === true ? "partner-1" : sent),
  }),
  inPolicy(
    "refuses an external id that nobody asked for, from outside",
    ["policy/decision/unasked", "policy/decision/any-policy?"],
    {
      decide: decide((call, usual) =>
        isStranger(call) &&
        call.context.has("cloudtrail:externalid") &&
        !JSON.stringify(call.policy?.statements ?? []).includes("externalid")
          ? no("external-id")
          : usual,
      ),
    },
  ),
  inPolicy(
    "lets Allow beat Deny",
    ["policy/decision/deny-beats", "policy/decision/any-policy?", "policy/role/denied-by", "policy/role/any-policy?"],
    {
      decide: (call) => evaluatePutAuditEvents(withoutDeny(call)),
    },
  ),
  inPolicy("lets no policy deny the owner", ["policy/decision/owner-denied", "policy/decision/any-policy?"], {
    decide: decide((call, usual) =>
      !isStranger(call) && !usual.allowed && usual.by === "explicit-deny" ? yes : usual,
    ),
  }),
  inPolicy("answers AccessDenied for whatever is refused", ["policy/refusal/names", "policy/refusal/existence"], {
    refusal: () => ({ code: "AccessDeniedException", status: 403 }),
  }),
  inPolicy("tells a stranger that a channel is not there", ["policy/refusal/existence"], {
    strangerFindsNothing: "ChannelNotFound",
  }),
];

function fail(): never {
  throw new Error("The policy is not valid");
}

function firstFifty(principal: unknown): unknown {
  const accounts = principalsOf(principal);
  return Array.isArray(accounts) ? { AWS: accounts.slice(0, 50) } : principal;
}

function onlyAccounts(principal: unknown): unknown {
  const one = principalsOf(principal);
  return typeof one === "string" && !/^(\d{12}$|arn:|\*)/.test(one) ? { AWS: "123456789012" } : principal;
}

function principalsOf(principal: unknown): unknown {
  return typeof principal === "object" && principal !== null && "AWS" in principal ? principal.AWS : undefined;
}

const isService = (principal: unknown): boolean =>
  typeof principal === "object" && principal !== null && !("AWS" in principal);

function withoutComment<T extends object>(members: T): Omit<T, "Comment"> & T {
  const { Comment: _comment, ...rest } = { Comment: undefined, ...members };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all but one member
  return rest as unknown as Omit<T, "Comment"> & T;
}

function isKnown(condition: unknown): boolean {
  return (
    condition === undefined ||
    /^\{"String(Equals|NotEquals|EqualsIgnoreCase|Like)":\{"cloudtrail:ExternalId"/.test(JSON.stringify(condition))
  );
}

function withoutDeny(call: PutAuditEventsCall): PutAuditEventsCall {
  const { policy } = call;
  const isAllowed = policy?.statements.some(({ effect }) => effect === "Allow") === true;
  return isAllowed
    ? { ...call, policy: { ...policy, statements: policy.statements.filter(({ effect }) => effect === "Allow") } }
    : call;
}
