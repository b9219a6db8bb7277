import { createHash } from "node:crypto";
import { isMembers, type Members } from "../core/members.ts";

/** Decisions about one event, spec 1.7 and 1.9. A mutant changes one of them. */
export const eventRules = {
  maxEventBytes: 262_144,
  strings: {
    version: 256,
    "userIdentity.type": 128,
    "userIdentity.principalId": 1024,
    userAgent: 1024,
    eventSource: 1024,
    eventName: 1024,
    UID: 1024,
    errorCode: 256,
    errorMessage: 256,
    sourceIPAddress: Number.POSITIVE_INFINITY,
    recipientAccountId: Number.POSITIVE_INFINITY,
    eventTime: Number.POSITIVE_INFINITY,
  } as Readonly<Record<string, number>>,
  objects: {
    userIdentity: Number.POSITIVE_INFINITY,
    "userIdentity.details": Number.POSITIVE_INFINITY,
    requestParameters: 102_400,
    responseElements: 102_400,
    additionalEventData: 28_672,
  } as Readonly<Record<string, number>>,
  required: [
    "version",
    "userIdentity",
    "userIdentity.type",
    "userIdentity.principalId",
    "eventSource",
    "eventName",
    "eventTime",
    "UID",
    "recipientAccountId",
  ] as readonly string[],
  maxDepth: 64,
  checksumFirst: true,
  hasChecksum: (value: unknown): boolean => value !== undefined && value !== null,
  /** Bytes the checksum is over. */
  checksummed: (entry: { readonly id: string; readonly eventData: string }): string => entry.eventData,
  /** The text as a checksum, or undefined where it is none. */
  checksumBytes: (text: string): string | undefined =>
    Buffer.from(text, "base64").toString("base64") === text && text.length === 44 ? text : undefined,
  sha256: (text: string): string => createHash("sha256").update(text).digest("base64"),
  textLength: (text: string): number => text.match(/[^]/gu)?.length ?? 0,
  byteLength: (text: string): number => Buffer.byteLength(text),
  /** Undefined where the text is no JSON. */
  parse: (text: string): { readonly value: unknown } | undefined => {
    try {
      return { value: JSON.parse(text) };
    } catch {
      return undefined;
    }
  },
  isEvent: (value: unknown): value is Members => isMembers(value),
  isString: (value: unknown): boolean => typeof value === "string",
  isObject: (value: unknown): boolean => isMembers(value),
  isAbsent: (value: unknown, _isRequired: boolean): boolean => value === undefined || value === null,
  /** Members of the free objects. */
  isFree: (_path: string, _value: unknown): boolean => true,
  keyOf: (key: string): string => key,
  allowsDuplicateKeys: false,
  allowsLoneSurrogates: false,
  refusesUnknownKeys: false,
  refusesEmptyStrings: false,
  isAddress: (_text: string): boolean => true,
  /** ms since 1970, or undefined. */
  eventTime: (text: string, now: number): number | undefined => {
    const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?Z?$/.exec(text);
    if (match === null) return undefined;
    const at = Date.parse(`${match.slice(1, 4).join("-")}T${match.slice(4, 7).join(":")}Z`);
    if (Number.isNaN(at) || new Date(at).getUTCDate() !== Number(match[3])) return undefined;
    return at < 0 || at > now + 86_400_000 ? undefined : at;
  },
  refusesOldEvents: false,
  isRecipient: (recipient: string, owner: string): boolean => recipient === owner,
};

export type EventRules = typeof eventRules;
