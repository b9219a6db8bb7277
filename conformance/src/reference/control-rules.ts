import {
  checkShape,
  controlErrorCodes,
  findSource,
  limits,
  type OperationName,
  operations,
  type ShapeProblem,
} from "@tributary/schema";
import { isMembers, type Members } from "../core/members.ts";
import { type ControlRefusals, controlRefusals } from "./control-refusals.ts";
import type { Channel, EventDataStore, Ingestion, StoreStatus, Tags } from "./control-state.ts";

const refusals: ControlRefusals = controlRefusals;
const { retentionDays, stores, channels, tags } = limits;
const dayMs = 86_400_000;

/** Errors for a member that breaks a constraint, where the operation has one for it; else InvalidParameterException. Spec 2.1. */
const memberErrors: Readonly<Record<string, string>> = {
  "CreateChannel/Source": "InvalidSourceException",
  "CreateChannel/Tags": "InvalidTagParameterException",
  "GetChannel/Channel": "ChannelARNInvalidException",
  "UpdateChannel/Channel": "ChannelARNInvalidException",
  "DeleteChannel/Channel": "ChannelARNInvalidException",
  "ListChannels/NextToken": "InvalidNextTokenException",
  "CreateEventDataStore/AdvancedEventSelectors": "InvalidEventSelectorsException",
  "CreateEventDataStore/TagsList": "InvalidTagParameterException",
  "CreateEventDataStore/KmsKeyId": "InvalidKmsKeyIdException",
  "UpdateEventDataStore/AdvancedEventSelectors": "InvalidEventSelectorsException",
  "UpdateEventDataStore/KmsKeyId": "InvalidKmsKeyIdException",
  "ListEventDataStores/MaxResults": "InvalidMaxResultsException",
  "ListEventDataStores/NextToken": "InvalidNextTokenException",
  "AddTags/ResourceId": "CloudTrailARNInvalidException",
  "AddTags/TagsList": "InvalidTagParameterException",
  "RemoveTags/ResourceId": "CloudTrailARNInvalidException",
  "RemoveTags/TagsList": "InvalidTagParameterException",
  "StartQuery/QueryStatement": "InvalidQueryStatementException",
  "GetQueryResults/MaxQueryResults": "InvalidMaxResultsException",
  "GetQueryResults/NextToken": "InvalidNextTokenException",
  "ListQueries/MaxResults": "InvalidMaxResultsException",
  "ListQueries/NextToken": "InvalidNextTokenException",
  "ListQueries/QueryStatus": "InvalidQueryStatusException",
};

/** How long a policy may be is a decision about policies. */
const isOurs = ({ path, constraint }: ShapeProblem): boolean => path !== "/ResourcePolicy" || constraint !== "length";

/** Decisions of the control plane, spec 2, 4 and A. A mutant changes one of them. */
export const controlRules = {
  refusals,
  statusOf: (code: string): number => (isControlCode(code) ? controlErrorCodes[code].status : 400),
  /** The operation that a target names. */
  operation: (target: string): string | undefined => /^(?:[\w.]+\.)?CloudTrail_20131101\.(\w+)$/.exec(target)?.[1],
  mediaType: "application/x-amz-json-1.1",
  messageMember: "Message",
  fullName: (code: string): string => code,
  parse: (text: string): unknown => JSON.parse(text),
  shape: (operation: OperationName, input: Members): readonly ShapeProblem[] =>
    checkShape(operations[operation].request, input).filter(isOurs),
  shapeError: (operation: string, member: string): string =>
    memberErrors[`${operation}/${member}`] ??
    (member === "ResourceArn" ? "ResourceARNNotValidException" : undefined) ??
    (member === "EventDataStore" ? "EventDataStoreARNInvalidException" : "InvalidParameterException"),
  /** What an operation answers. */
  answer: (_operation: string, output: object): object => output,

  /** Seconds since 1970. */
  timestamp: (ms: number): unknown => ms / 1000,

  // Names and places.
  isNamed: (name: string, other: string): boolean => name === other,
  /** What is kept of a new name. */
  kept: (name: string): string => name,
  takesIds: true,
  isHere: (region: string, endpoint: string): boolean => region === endpoint,
  /** The id of a new channel or store. */
  idOf: (uuid: string): string => uuid,
  isOwn: (accountId: string, caller: string): boolean => accountId === caller,

  // Channels.
  isSource: (source: string): boolean => findSource(source) !== undefined,
  channelsPerSource: channels.perSource as number,
  maxChannels: channels.perRegion as number,
  /** Where a destination lies, as it is answered. */
  location: (store: { readonly arn: string; readonly id: string }): string => store.arn,
  replacesDestinations: true,
  /** Nothing is changed before all of a request is seen to be good. */
  checksFirst: true,
  newSource: (source: string, _given: unknown): string => source,
  /** Where events go of those that stand. */
  receiving: (destinations: readonly EventDataStore[], _all: readonly EventDataStore[]): readonly EventDataStore[] =>
    destinations,
  /** Events of a channel when its destinations change, or when it is deleted. */
  afterMove: (_channel: Channel, _from: readonly EventDataStore[], _to: readonly EventDataStore[]): void => undefined,
  deletes: (_what: "channel" | "store"): boolean => true,
  /** After a deletion another channel may have the name. */
  freesNames: true,
  /** With a channel go its tags. */
  forgetsTags: true,
  /** What is told of the last request that was taken. */
  ingestion: (before: Ingestion | undefined, latest: Ingestion): Ingestion => ({
    successAt: before?.successAt,
    successEventId: before?.successEventId,
    ...latest,
  }),

  // Stores.
  /** Whether selectors are those of an activity store. */
  isActivity,
  defaults: {
    multiRegion: false,
    billingMode: "EXTENDABLE_RETENTION_PRICING",
    terminationProtection: true,
    retentionDays: (billingMode: string): number =>
      billingMode === "FIXED_RETENTION_PRICING" ? retentionDays.fixedDefault : retentionDays.default,
  },
  maxFixedRetentionDays: retentionDays.fixedMax as number,
  maxStores: stores.perRegion as number,
  countsDeletedStores: true,
  restoreWindowMs: stores.restoreDays * dayMs,
  restoredStatus: "ENABLED" as StoreStatus,
  restoredProtection: (before: boolean): boolean => before,
  restoredDays: (before: number): number => before,
  /** Whether a store of this status does not keep its name to itself. */
  isNameFree: (_status: StoreStatus): boolean => false,
  listsDeleted: true,
  /** Whether a store is told to another account that its policy lets see it. */
  describesShared: true,
  /** What an update does beside what it is asked. */
  afterUpdate: (_store: EventDataStore, _input: Members): void => undefined,
  updatedAt: (_store: { readonly createdAt: number }, now: number): number => now,
  changesIngestion: true,
  /** A channel or a store in a list. */
  listed: (_whole: object, brief: object): object => brief,
  isRetained: (eventTime: number, days: number, now: number): boolean => eventTime >= now - days * dayMs,

  // Tags.
  tagsAtCreation: (given: Tags): Tags => given,
  tagKey: (key: string): string => key,
  tagValue: (value: string | null): string | null => value,
  maxTags: tags.perResource as number,
  maxTaggedResources: tags.resourcesPerList as number,
  overwritesTags: true,
  removesTags: (_kept: string | null | undefined, _named: string | null): boolean => true,
  /** Those of before, too. */
  countsAllTags: true,

  // Pages.
  listsOwn: true,
  defaultPage: 1000,
  pageSize: (asked: number): number => asked,
  /** What a token is good for. */
  tokenBinding: (operation: string, accountId: string, parameters: string): string =>
    JSON.stringify([operation, accountId, parameters]),
  signsTokens: true,
  /** Where the next page begins. */
  nextIndex: (end: number): number => end,
  endsEarly: false,
};

export type ControlRules = typeof controlRules;

function isControlCode(code: string): code is keyof typeof controlErrorCodes {
  return code in controlErrorCodes;
}

function isActivity(selectors: readonly unknown[]): boolean {
  const [selector, ...more] = selectors;
  const fields = isMembers(selector) ? selector["FieldSelectors"] : undefined;
  const [field, ...others]: readonly unknown[] = Array.isArray(fields) ? fields : [];
  if (more.length > 0 || others.length > 0 || !isMembers(field)) return false;
  const { Field, Equals, ...operators } = field;
  const isAlone = Object.values(operators).every((value) => value === undefined || value === null);
  return isAlone && Field === "eventCategory" && JSON.stringify(Equals) === '["ActivityAuditLog"]';
}
