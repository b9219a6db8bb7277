import type { ValueType } from "./condition-key.ts";
import { ipInRange, parseIpRange } from "./ip-range.ts";
import { wildcardMatches } from "./wildcard.ts";

/** One condition operator without its set prefix and `IfExists`. */
export interface Operator {
  /** `string` operators fit every key, the others keys of their own type. */
  readonly type: ValueType;
  /** A negated operator holds when its positive form holds for none of the policy's values. */
  readonly negated: boolean;
  /** Whether the policy may carry this value; `form` says what one looks like. */
  readonly accepts: (policyValue: string) => boolean;
  readonly form: string;
  /** The positive test. */
  readonly test: (policyValue: string, contextValue: string) => boolean;
}

const anyText = () => true;
const string = (test: Operator["test"], negated = false): Operator => ({
  type: "string",
  negated,
  accepts: anyText,
  form: "a string",
  test,
});
const arn = (negated = false): Operator => ({
  type: "arn",
  negated,
  accepts: (value) => value.startsWith("arn:") && arnSegments(value).length === 6,
  form: "an ARN of six parts, in which * and ? may stand",
  test: arnLike,
});
const ip = (negated = false): Operator => ({
  type: "ip",
  negated,
  accepts: (value) => parseIpRange(value) !== undefined,
  form: "an IP address or a CIDR block",
  test: (range, address) => ipInRange(address, parseIpRange(range)!),
});
const date = (compare: (context: number, policy: number) => boolean, negated = false): Operator => ({
  type: "date",
  negated,
  accepts: (value) => parseDate(value) !== undefined,
  form: "an ISO 8601 date and time with zone, a date, or seconds since 1970",
  test: (policyValue, contextValue) => {
    const context = parseDate(contextValue);
    return context !== undefined && compare(context, parseDate(policyValue)!);
  },
});

const equals = (a: string, b: string) => a === b;
const equalsIgnoreCase = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** Every operator accepted, without `Null`, which tests presence and is no comparison. Spec 3.1. */
export const operators: Readonly<Record<string, Operator>> = {
  StringEquals: string(equals),
  StringNotEquals: string(equals, true),
  StringEqualsIgnoreCase: string(equalsIgnoreCase),
  StringNotEqualsIgnoreCase: string(equalsIgnoreCase, true),
  StringLike: string(wildcardMatches),
  StringNotLike: string(wildcardMatches, true),
  ArnEquals: arn(),
  ArnLike: arn(),
  ArnNotEquals: arn(true),
  ArnNotLike: arn(true),
  Bool: {
    type: "boolean",
    negated: false,
    accepts: (value) => /^(?:true|false)$/i.test(value),
    form: "true or false",
    test: equalsIgnoreCase,
  },
  IpAddress: ip(),
  NotIpAddress: ip(true),
  DateEquals: date((context, policy) => context === policy),
  DateNotEquals: date((context, policy) => context === policy, true),
  DateLessThan: date((context, policy) => context < policy),
  DateLessThanEquals: date((context, policy) => context <= policy),
  DateGreaterThan: date((context, policy) => context > policy),
  DateGreaterThanEquals: date((context, policy) => context >= policy),
};

/** The operator of that name. */
export function findOperator(name: string): Operator | undefined {
  return Object.hasOwn(operators, name) ? operators[name] : undefined;
}

/** ArnEquals and ArnLike are one: each of the six parts is matched by itself, so a wildcard never crosses a colon of the first five. */
function arnLike(pattern: string, text: string): boolean {
  const patterns = arnSegments(pattern);
  const segments = arnSegments(text);
  return segments.length === 6 && patterns.every((part, index) => wildcardMatches(part, segments[index]!));
}

/** The parts of an ARN; the sixth keeps its colons. */
function arnSegments(text: string): readonly string[] {
  const parts = text.split(":");
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(":")];
}

/** Milliseconds since 1970; undefined for what is not a date that exists. */
function parseDate(text: string): number | undefined {
  if (/^\d{1,11}$/.test(text)) return Number(text) * 1000;
  const match = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::(\d\d)(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/.exec(text);
  if (!match) return undefined;
  const [, day, minutes = "00:00", seconds = "00", fraction = "", zone = "Z"] = match;
  // Date.parse takes 30 February for 2 March: the day must survive a round trip.
  const midnight = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(day!)) return undefined;
  const time = Date.parse(`${day}T${minutes}:${seconds}${fraction}${zone}`);
  return Number.isNaN(time) ? undefined : time;
}
