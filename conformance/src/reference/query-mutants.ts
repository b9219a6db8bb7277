import { isMembers, type Members } from "../core/members.ts";
import type { Mutant } from "./mutant.ts";
import { inQuery, inQueryAnswer, inQueryShape } from "./query-mutant.ts";
import { queryRules } from "./query-rules.ts";

const { refusals, isListed, tokenOf } = queryRules;
const named = (reason: keyof typeof refusals, name: string) => ({ refusals: { ...refusals, [reason]: name } });
const isRow = (output: Members): boolean => Array.isArray(output["QueryResultRows"]);
/** A change of the statistics in an answer. */
const statistics =
  (change: (found: Members) => Members) =>
  (output: Members): Members => {
    const { QueryStatistics: found } = output;
    return isMembers(found) ? { ...output, QueryStatistics: change(found) } : output;
  };

/** Lakes whose operations of queries have a defect. */
export const queryMutants: readonly Mutant[] = [
  // StartQuery.
  inQueryShape(
    "answers ids with other letters",
    ["query/start/answers-a-query-id"],
    ({ member, value }) => member === "QueryId" && typeof value === "string" && /^x.{35}$/.test(value),
    { queryId: (id) => `x${id.slice(1)}` },
  ),
  inQuery(
    "gives a statement the same id whenever it is started",
    ["query/start/each-has", "query/list/what-was?", "query/list/by-status?"],
    {
      queryId: (_id, statement) => Buffer.from(statement).toString("hex").slice(-36).padStart(36, "0"),
    },
  ),
  inQuery("starts nothing where nothing is given", ["query/start/statement-or-alias"], {
    startsNothing: (hasAlias) => !hasAlias,
  }),
  inQuery("takes any alias", ["query/start/unknown-alias"], { startsNothing: (hasAlias) => hasAlias }),
  inQueryShape(
    "takes statements of any length",
    ["query/start/statement-to-10000"],
    ({ member, value }) => member === "QueryStatement" && typeof value === "string" && value.length > 10_000,
  ),
  inQuery("takes 9999 characters at most", ["query/start/statement-to-10000"], {
    statement: (text) => (text.length > 9999 ? "too long" : text),
  }),
  inQueryShape(
    "takes any URI to deliver to",
    ["query/start/delivery-uri"],
    ({ member }) => member === "DeliveryS3Uri",
    {
      delivers: true,
    },
  ),
  inQueryShape(
    "takes anything for an account",
    ["query/member/owner-account", "query/start/owner-account"],
    ({ member }) => member === "EventDataStoreOwnerAccountId",
    { isOwner: (owner, owners) => !/^\d{12,16}$/.test(owner) || owners.includes(owner) },
  ),
  inQuery("runs any number of queries at once", ["query/start/10-at-once"], { maxActive: Number.POSITIVE_INFINITY }),
  inQuery(
    "calls too many queries an invalid parameter",
    ["query/start/10-at-once"],
    named("start/too-many", "InvalidParameterException"),
  ),

  // Stores.
  inQuery(
    "calls a store that is not there an invalid statement",
    ["query/statement/unknown-store", "query/statement/every-store", "query/list/unknown-store"],
    named("store/unknown", "InvalidQueryStatementException"),
  ),
  inQuery("looks up the first store alone", ["query/statement/every-store"], { lookedUp: (ids) => ids.slice(0, 1) }),
  inQuery("reads the first store for every store", ["query/store/each-has"], { storeRead: (_id, first) => first }),
  inQuery("queries what is deleted", ["query/store/deleted"], { queriesDeleted: true }),
  inQuery("tells of what is deleted", ["query/store/deleted"], { tellsOfDeleted: true }),
  inQuery(
    "calls a deleted store one that is not there",
    ["query/store/deleted"],
    named("store/inactive", "EventDataStoreNotFoundException"),
  ),

  inQuery(
    "calls an invalid statement an invalid parameter",
    ["query/statement/"],
    named("statement/invalid", "InvalidParameterException"),
  ),

  // DescribeQuery.
  inQuery(
    "calls a query that is not there an invalid parameter",
    [
      "query/describe/unknown",
      "query/results/unknown",
      "query/cancel/unknown",
      "query/describe/query-of-another-account-is",
    ],
    named("query/unknown", "InvalidParameterException"),
  ),
  inQueryShape(
    "takes the last query for one that is not named rightly",
    ["query/start/unknown-alias", "query/describe/query-or-alias", "query/describe/id-is", "query/results/query-id"],
    ({ member }) => member === "QueryId",
    { findsLast: true },
  ),
  inQueryShape(
    "cancels the last query for one that is not named rightly",
    [
      "query/start/unknown-alias",
      "query/describe/query-or-alias",
      "query/describe/id-is",
      "query/results/query-id",
      "query/cancel/",
      "query/shared/named-account",
    ],
    ({ member }) => member === "QueryId",
    { findsLast: true, cancelsEnded: true },
  ),
  inQuery("knows no query by its store", ["query/describe/store-may", "query/shared/owner-may-be"], {
    takesStores: false,
  }),
  inQuery("tidies the statement that it keeps", ["query/describe/statement-as"], {
    keptStatement: (text) => text.replaceAll(/\s+/g, " ").trim(),
  }),
  inQueryAnswer(
    "has states of its own",
    ["query/describe/status", "query/describe/failed", "query/cancel/what-is"],
    (output) => ("QueryString" in output ? { ...output, QueryStatus: `THE_${String(output["QueryStatus"])}` } : output),
  ),
  inQueryAnswer(
    "counts every event as found",
    ["query/describe/statistics"],
    statistics((found) => ({ ...found, EventsMatched: found["EventsScanned"] })),
  ),
  inQueryAnswer(
    "counts no event as looked at",
    ["query/describe/statistics"],
    statistics((found) => ({ ...found, EventsScanned: found["EventsMatched"] })),
  ),
  inQueryAnswer(
    "tells times in milliseconds",
    ["query/describe/creation-time"],
    statistics((found) => ({ ...found, CreationTime: Number(found["CreationTime"]) * 1000 })),
  ),
  inQueryAnswer("does not describe why a query failed", ["query/describe/failed"], (output) =>
    isRow(output) ? output : { ...output, ErrorMessage: undefined },
  ),

  // GetQueryResults.
  inQueryShape("takes pages of any size", ["query/results/1-to-1000"], ({ member }) => member === "MaxQueryResults"),
  inQuery("skips a row between pages", ["query/results/", "query/list/pages"], { nextIndex: (end) => end + 1 }),
  inQuery("repeats a row between pages", ["query/results/", "query/list/pages"], { nextIndex: (end) => end - 1 }),
  inQueryAnswer(
    "counts the rows of a page as all",
    ["query/results/counts"],
    statistics((found) => ({ ...found, TotalResultsCount: found["ResultsCount"] ?? 0 })),
  ),
  inQueryAnswer("says no status on the last of several pages", ["query/results/status"], (output) =>
    output["NextToken"] === undefined &&
    isMembers(output["QueryStatistics"]) &&
    output["QueryStatistics"]["ResultsCount"] !== output["QueryStatistics"]["TotalResultsCount"]
      ? { ...output, QueryStatus: undefined }
      : output,
  ),
  inQuery("has a token on the last page", ["query/results/last-page"], { endsPages: false }),
  inQuery(
    "believes any token",
    ["query/member/foreign-token", "query/results/altered", "query/results/token-of-another", "query/list/altered"],
    {
      checksTokens: false,
    },
  ),
  inQuery(
    "calls a token that is none an invalid parameter",
    ["query/member/foreign-token", "query/results/altered", "query/results/token-of-another", "query/list/altered"],
    named("page/token", "InvalidParameterException"),
  ),
  inQuery("takes a token for any query", ["query/results/token-of-another"], {
    tokenBinding: (operation) => operation,
  }),
  inQuery("forgets a token that was used", ["query/results/"], { tokensOnce: true }),
  inQueryShape(
    "has tokens of more than 1000 characters",
    ["query/results/token-of-4"],
    ({ member }) => member === "NextToken",
    { tokenOf: (binding, at) => tokenOf(binding, at).padEnd(1001, "0") },
  ),

  // ListQueries.
  inQueryShape(
    "lists every store's queries",
    ["query/list/store-required"],
    ({ member, value }) => member === "EventDataStore" && value === undefined,
    {
      listsWithoutStore: true,
    },
  ),
  inQuery(
    "calls what is no store an invalid parameter",
    ["query/list/not-a-store"],
    named("store/not-one", "InvalidParameterException"),
  ),
  inQuery(
    "knows no store by its ARN",
    [
      "query/member/foreign-token",
      "query/list/store-by",
      "query/store/",
      "query/shared/lists-its",
      "query/shared/queries-of-the-owner",
    ],
    {
      storeName: (text) => text.replace(/^arn:/, "nowhere-"),
    },
  ),
  inQuery("lists no query that failed", ["query/list/what-was", "query/list/by-status"], {
    isListed: (query, by) => query.status !== "FAILED" && isListed(query, by),
  }),
  inQuery("lists queries of every status", ["query/list/by-status"], {
    isListed: (query, by) => isListed(query, { ...by, status: undefined }),
  }),
  inQuery("lists queries of every time", ["query/list/between"], {
    isListed: (query, by) => isListed(query, { ...by, from: undefined, to: undefined }),
  }),
  inQuery("lists queries of every store", ["query/store/lists"], {
    isListed: (query, by) => isListed(query, { ...by, storeId: undefined }),
  }),
  inQueryShape("takes pages of any size of a list", ["query/list/1-to-1000"], ({ member }) => member === "MaxResults"),
  inQueryShape("takes any status for one", ["query/list/unknown-status"], ({ member }) => member === "QueryStatus"),
  inQuery(
    "calls a range that is none an invalid parameter",
    ["query/list/start-before"],
    named("list/range", "InvalidParameterException"),
  ),
  inQuery("takes a range that is none", ["query/list/start-before"], { isRange: () => true }),
  inQuery("takes a range of no length", ["query/list/start-before"], { isRange: (from, to) => from <= to }),

  // CancelQuery.
  inQuery("cancels what has ended", ["query/cancel/what-", "query/shared/named-account"], { cancelsEnded: true }),
  inQuery("cancels nothing", ["query/cancel/what-is"], { cancels: false }),
  inQuery(
    "calls a query that has ended one that is not there",
    ["query/cancel/what-", "query/shared/named-account"],
    named("query/ended", "QueryIdNotFoundException"),
  ),
];
