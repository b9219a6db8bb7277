import type { Members } from "../core/members.ts";
import { controlRules } from "./control-rules.ts";
import type { EventDataStore } from "./control-state.ts";
import { tableOf } from "./queried-events.ts";
import type { QueriedLake, QueryEngine, QueryOperation } from "./query-port.ts";
import type { QueryRules } from "./query-rules.ts";
import { Refusal } from "./refusal.ts";
import type { ReferenceIdentity } from "./resource-policies.ts";
import type { Table } from "./sql/table.ts";
import { parseStatement } from "./sql/parse-query.ts";
import { runQuery } from "./sql/run-query.ts";
import { RunError, StatementError, Time } from "./sql/value.ts";

/** A query that was started. */
interface StartedQuery {
  readonly id: string;
  readonly accountId: string;
  readonly statement: string;
  readonly storeIds: readonly string[];
  /** Accounts of those stores, in their order. */
  readonly owners: readonly string[];
  /** ms since 1970. */
  readonly at: number;
  /** What it comes to. */
  readonly table: Table | string;
  readonly scanned: { readonly events: number; readonly bytes: number };
  /** Calls since it was started, and those that looked after it. */
  age: number;
  looks: number;
  status: string;
}

/** A query is at its end when it was looked after twice; and by itself, after so many calls. */
const lastLook = 2;
const lastAge = 20;
const isActive = ({ status }: StartedQuery): boolean => status === "QUEUED" || status === "RUNNING";

/** Queries of a reference lake: what a statement comes to is known when it is started, and told when the query is at its end. */
export function queryEngine(lake: QueriedLake, rules: QueryRules): QueryEngine {
  const queries = new Map<string, StartedQuery>();
  const used = new Set<unknown>();
  const refusal = (reason: keyof QueryRules["refusals"], message: string): Refusal => {
    const code = rules.refusals[reason];
    return new Refusal(code, message, code === "AccessDeniedException" ? 403 : controlRules.statusOf(code));
  };
  const storeOf = (idOrArn: string, operation: QueryOperation, caller: ReferenceIdentity): EventDataStore => {
    const store = lake.store(idOrArn);
    if (store === undefined) throw refusal("store/unknown", `There is no event data store ${idOrArn}`);
    if (!rules.mayQuery(lake.mayUse(store, operation, caller), operation)) {
      const isOwn = store.accountId === caller.accountId;
      throw refusal(isOwn ? "store/denied" : rules.strangerFinds, `There is no event data store ${idOrArn} for you`);
    }
    if (store.status === "PENDING_DELETION" && !rules.queriesDeleted)
      throw refusal("store/inactive", `The event data store ${idOrArn} is waiting for its deletion`);
    return store;
  };
  const queryOf = (input: Members, operation: QueryOperation, caller: ReferenceIdentity): StartedQuery => {
    const { QueryId: id, EventDataStore: store, EventDataStoreOwnerAccountId: owner } = input;
    const isKnown = typeof id === "string" && id.length === 36;
    const query = !isKnown && rules.findsLast ? [...queries.values()].at(-1) : queries.get(String(id));
    if (store !== undefined && !rules.takesStores) throw refusal("query/unknown", "Name no event data store");
    const isRead = (storeId: string) => {
      const read = lake.store(storeId);
      return read === undefined || lake.mayUse(read, operation, caller);
    };
    const isKnownTo =
      query !== undefined &&
      rules.maySee(query.accountId === caller.accountId, query.storeIds.every(isRead), operation) &&
      (typeof owner !== "string" || rules.isOwner(owner, query.owners));
    if (!isKnownTo) throw refusal("query/unknown", `There is no query ${String(id)}`);
    const isDeleted = query.storeIds.some((storeId) => lake.store(storeId)?.status === "PENDING_DELETION");
    if (isDeleted && !rules.tellsOfDeleted) throw refusal("store/inactive", "Its store is waiting for its deletion");
    query.looks++;
    if (isActive(query)) query.status = query.looks < lastLook ? "RUNNING" : endOf(query);
    return query;
  };
  const endOf = ({ table }: StartedQuery): string => (typeof table === "string" ? rules.failedStatus : "FINISHED");

  /** What a statement comes to; the message of its failure. Throws `Refusal`. */
  const run = (
    statement: string,
    caller: ReferenceIdentity,
  ): Pick<StartedQuery, "table" | "storeIds" | "owners" | "scanned"> => {
    try {
      const query = parseStatement(statement);
      const storeIds = [...new Set(storesIn(query))];
      for (const id of rules.lookedUp(storeIds)) storeOf(id, "StartQuery", caller);
      const owners = storeIds.flatMap((id) => lake.store(id)?.accountId ?? []);
      const events = (id: string) => {
        const store = lake.store(rules.storeRead(id, storeIds[0] ?? id));
        return store === undefined ? [] : lake.events(store);
      };
      const all = storeIds.flatMap(events);
      const scanned = { events: all.length, bytes: all.reduce((sum, { eventData }) => sum + eventData.length, 0) };
      const read = (id: string): Table =>
        tableOf(
          events(id).map((event) => rules.columns(event, lake.region)),
          rules.columnNames,
        );
      const sql = { ...rules.sql, functions: { now: () => new Time(lake.now()), ...rules.sql.functions } };
      return { storeIds, owners, scanned, table: tableOrFailure(() => runQuery(statement, query, read, sql)) };
    } catch (error) {
      if (error instanceof StatementError) throw refusal("statement/invalid", rules.fault(error.message));
      throw error;
    }
  };

  const start = (
    { QueryStatement: text, QueryAlias: alias, DeliveryS3Uri: uri, EventDataStoreOwnerAccountId: owner }: Members,
    caller: ReferenceIdentity,
  ): object => {
    if (typeof text !== "string" && rules.startsNothing(alias !== undefined)) return { QueryId: lake.nextId() };
    if (alias !== undefined) throw refusal("start/alias", "There are no dashboards");
    if (typeof text !== "string") throw refusal("start/nothing", "QueryStatement is missing");
    if (uri !== undefined && !rules.delivers) throw refusal("start/delivery", "Results are not delivered");
    const found = run(rules.statement(text), caller);
    if (typeof owner === "string" && !rules.isOwner(owner, found.owners))
      throw refusal("store/unknown", `None of the stores is of ${owner}`);
    const active = [...queries.values()].filter((query) => query.accountId === caller.accountId && isActive(query));
    if (active.length >= rules.maxActive) throw refusal("start/too-many", "Too many queries are at work");
    const id = rules.queryId(lake.nextId(), text);
    const { accountId } = caller;
    queries.set(id, { ...found, id, accountId, statement: text, at: lake.now(), age: 0, looks: 0, status: "QUEUED" });
    return { QueryId: id, ...ownerOf({ ...found, accountId }, "StartQuery") };
  };

  /** Whose stores a query reads: the first that are not of the account that asks. */
  const ownerOf = ({ accountId, owners }: Pick<StartedQuery, "accountId" | "owners">, operation: QueryOperation) => ({
    EventDataStoreOwnerAccountId: rules.ownerTold(
      owners.find((owner) => owner !== accountId) ?? accountId,
      accountId,
      operation,
    ),
  });

  const describe = (input: Members, caller: ReferenceIdentity): object => {
    if (input["QueryId"] === undefined && !rules.findsLast) throw refusal("query/nothing", "QueryId is missing");
    const query = queryOf(input, "DescribeQuery", caller);
    const { table, scanned } = query;
    return {
      QueryId: query.id,
      QueryString: rules.keptStatement(query.statement),
      QueryStatus: query.status,
      QueryStatistics: {
        EventsMatched: typeof table === "string" || isActive(query) ? 0 : table.rows.length,
        EventsScanned: scanned.events,
        BytesScanned: scanned.bytes,
        ExecutionTimeInMillis: query.age,
        CreationTime: query.at / 1000,
      },
      ...failureOf(query),
      ...ownerOf(query, "DescribeQuery"),
    };
  };

  const failureOf = ({ table, status }: StartedQuery): object =>
    typeof table === "string" && status === rules.failedStatus ? { ErrorMessage: rules.failure(table) } : {};

  const results = (input: Members, caller: ReferenceIdentity): object => {
    const { MaxQueryResults: most, NextToken: token } = input;
    const query = queryOf(input, "GetQueryResults", caller);
    const { table, scanned, status } = query;
    const binding = rules.tokenBinding("GetQueryResults", query.id);
    const from = token === undefined ? 0 : startOf(token, binding);
    const all = typeof table === "string" || status !== "FINISHED" ? [] : table.rows;
    const rows = all.slice(from, from + (typeof most === "number" ? most : rules.defaultPage));
    const names = typeof table === "string" ? [] : table.columns.map(({ name }) => name);
    return {
      QueryStatus: status,
      QueryStatistics: { ResultsCount: rows.length, TotalResultsCount: all.length, BytesScanned: scanned.bytes },
      QueryResultRows: rows.map((row) => rules.row(names, row)),
      ...nextToken(from + rows.length, all.length, binding, rows.length),
      ...failureOf(query),
    };
  };

  const nextToken = (end: number, total: number, binding: string, rows: number): object =>
    end < total || (!rules.endsPages && rows > 0) ? { NextToken: rules.tokenOf(binding, rules.nextIndex(end)) } : {};

  const startOf = (token: unknown, binding: string): number => {
    const at = typeof token === "string" ? Number.parseInt(token, 10) || 0 : 0;
    if ((rules.checksTokens && rules.tokenOf(binding, at) !== token) || (rules.tokensOnce && used.has(token)))
      throw refusal("page/token", "NextToken is not one that this call answered");
    used.add(token);
    return at;
  };

  const list = (input: Members, caller: ReferenceIdentity): object => {
    const { EventDataStore, MaxResults: most, NextToken: token, QueryStatus: status } = input;
    const named = rules.storeName(String(EventDataStore));
    const isArn = /^arn:[^:]+:cloudtrail:[^:]+:\d{12}:eventdatastore\/.+$/.test(named);
    if (!isArn && /[:/]/.test(named)) throw refusal("store/not-one", "EventDataStore names no event data store");
    const isWhole = EventDataStore === undefined && rules.listsWithoutStore;
    const store = isWhole ? undefined : storeOf(named, "ListQueries", caller);
    const [from, to] = [input["StartTime"], input["EndTime"]].map((time) =>
      typeof time === "number" ? time * 1000 : undefined,
    );
    if (from !== undefined && to !== undefined && !rules.isRange(from, to))
      throw refusal("list/range", "StartTime is not before EndTime");
    const by = { storeId: store?.id, from, to, status: typeof status === "string" ? status : undefined };
    const all = [...queries.values()].filter(
      (query) => rules.listsOf(query.accountId, caller.accountId) && rules.isListed(query, by),
    );
    const binding = rules.tokenBinding("ListQueries", store?.id ?? "");
    const first = token === undefined ? 0 : startOf(token, binding);
    const page = all.slice(first, first + (typeof most === "number" ? most : rules.defaultPage));
    return {
      Queries: page.map(({ id, status: QueryStatus, at }) => ({ QueryId: id, QueryStatus, CreationTime: at / 1000 })),
      ...nextToken(first + page.length, all.length, binding, page.length),
    };
  };

  const cancel = (input: Members, caller: ReferenceIdentity): object => {
    const query = queryOf(input, "CancelQuery", caller);
    if (!isActive(query) && !rules.cancelsEnded) throw refusal("query/ended", "The query is at its end");
    if (rules.cancels) query.status = rules.cancelledStatus;
    return { QueryId: query.id, QueryStatus: "CANCELLED", ...ownerOf(query, "CancelQuery") };
  };

  const operations = {
    StartQuery: start,
    DescribeQuery: describe,
    GetQueryResults: results,
    ListQueries: list,
    CancelQuery: cancel,
  };
  return {
    operate: (operation, input, caller) => {
      for (const query of queries.values()) if (++query.age >= lastAge && isActive(query)) query.status = endOf(query);
      return operations[operation](input, caller);
    },
  };
}

function tableOrFailure(run: () => Table): Table | string {
  try {
    return run();
  } catch (error) {
    if (error instanceof RunError) return error.message;
    throw error;
  }
}

/** Ids of the stores that a statement names, wherever they stand in it. */
function storesIn(node: unknown): readonly string[] {
  if (typeof node !== "object" || node === null) return [];
  if ("kind" in node && node.kind === "store" && "name" in node) return [String(node.name).toLowerCase()];
  return Object.values(node).flatMap(storesIn);
}
