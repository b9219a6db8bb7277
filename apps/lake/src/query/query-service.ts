import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import { TributaryError } from "@tributary/schema";
import type { CompiledQuery } from "@tributary/lake-sql";
import type { Catalog } from "../catalog/catalog.ts";
import type { QueryRecord, QueryStatus } from "../catalog/query-catalog.ts";
import type { Clock } from "../clock.ts";
import type { QueryPage, QueryPort } from "../control/query-port.ts";
import type { Engine } from "../engine/engine.ts";
import type { Objects } from "../objects/objects.ts";
import { abandonQueries } from "./abandon-queries.ts";
import { compileStatement } from "./compile-statement.ts";
import { pause } from "./pause.ts";
import { QueryExpiry } from "./query-expiry.ts";
import { PartialResult, type ResultSize, ResultStore } from "./result-store.ts";
import { scanPlan } from "./scan-plan.ts";
import { Turns } from "./turns.ts";

export interface QueryServiceServices {
  readonly catalog: Pick<
    Catalog,
    | "startQuery"
    | "readyQuery"
    | "moveQuery"
    | "getQuery"
    | "settleQuery"
    | "unsettledQueries"
    | "activeQueries"
    | "endedQueries"
    | "deleteQuery"
    | "readControl"
  >;
  readonly objects: Pick<Objects, "put" | "get" | "stage" | "delete">;
  readonly engine: Engine;
  readonly clock: Clock;
  /** Told of stores whose journal a query waits for: a hint to compact them now. */
  readonly requestCompaction: (storeIds: readonly string[]) => void;
}

export interface QueryServiceOptions {
  /** Queries that run at once; others wait their turn. Default: half the processors, 1 to 4. */
  readonly concurrency?: number;
  /** From its first row of work on, and while it waits to be ready. Default one hour. */
  readonly timeoutMs?: number | undefined;
  /** Of one query's result on the disk; a query with more is FAILED. Default 1 GiB. */
  readonly maxResultBytes?: number | undefined;
  /** How often a waiting query looks whether it is ready. Default 50. */
  readonly pollMs?: number;
  /** How often what ended seven days ago is looked for, to be deleted. Default one minute. */
  readonly expireMs?: number;
  /** How often a query at work looks whether it was ended elsewhere: by a deletion or a purge of its store. Default 500. */
  readonly lookMs?: number;
  /** Told of faults. */
  readonly log?: (entry: Readonly<Record<string, unknown>>) => void;
}

/** Why a query was stopped; the abort reason of its signal. */
class Stopped extends Error {
  readonly status: "CANCELLED" | "TIMED_OUT" | "CLOSED" | "ENDED";

  constructor(status: Stopped["status"]) {
    super(status);
    this.status = status;
  }
}

/**
 * Queries from StartQuery to their results: QUEUED until every event acknowledged before is in the tables, then RUNNING on
 * that version in the engine, then FINISHED, FAILED, CANCELLED or TIMED_OUT. Spec 2.7.
 */
export class QueryService implements QueryPort {
  readonly #services: QueryServiceServices;
  readonly #results: ResultStore;
  readonly #expiry: QueryExpiry;
  readonly #turns: Turns;
  readonly #timeoutMs: number;
  readonly #maxResultBytes: number;
  readonly #pollMs: number;
  readonly #log: (entry: Readonly<Record<string, unknown>>) => void;
  readonly #looking: NodeJS.Timeout;
  readonly #tasks = new Map<string, { readonly controller: AbortController; readonly done: Promise<void> }>();
  #closed = false;

  private constructor(services: QueryServiceServices, options: QueryServiceOptions) {
    this.#services = services;
    this.#results = new ResultStore(services.objects);
    this.#turns = new Turns(options.concurrency ?? Math.max(1, Math.min(4, Math.floor(availableParallelism() / 2))));
    this.#timeoutMs = options.timeoutMs ?? 3_600_000;
    this.#maxResultBytes = options.maxResultBytes ?? 1024 ** 3;
    this.#pollMs = options.pollMs ?? 50;
    this.#log = options.log ?? (() => undefined);
    const { catalog, clock } = services;
    const expiring = { catalog, results: this.#results, clock, log: this.#log };
    this.#expiry = new QueryExpiry(expiring, options.expireMs ?? 60_000);
    this.#looking = setInterval(() => void this.#look(), options.lookMs ?? 500).unref();
  }

  /** Takes over the queries of a service that is no more: RUNNING ones fail with the reason, QUEUED ones go on. */
  static async open(services: QueryServiceServices, options: QueryServiceOptions = {}): Promise<QueryService> {
    const service = new QueryService(services, options);
    await abandonQueries({ ...services, results: service.#results });
    for (const query of await services.catalog.activeQueries()) {
      // A crash of the machine may have undone that it was RUNNING, but not what it had written.
      await service.#results.delete(query.queryId);
      service.#begin(query, () => compileStatement(query.statement, (storeId) => query.storeIds.includes(storeId)));
    }
    return service;
  }

  async start(request: Parameters<QueryPort["start"]>[0]): Promise<QueryRecord> {
    if (this.#closed) throw new TributaryError("The lake is closing.", { code: "QUERY_FAILED", retryable: true });
    const owners = new Map<string, string>();
    const query = compileStatement(request.statement, (storeId) => {
      const store = request.store(storeId);
      owners.set(store.storeId, store.accountId);
      return store.storeId === storeId;
    });
    await request.admit?.();
    const queryId = randomUUID();
    const { accountId, callerArn, statement } = request;
    const ownerAccountIds = query.storeIds.map((storeId) => owners.get(storeId) ?? accountId);
    const record: QueryRecord = {
      queryId,
      accountId,
      callerArn,
      statement,
      storeIds: query.storeIds,
      ...(ownerAccountIds.some((owner) => owner !== accountId) && { ownerAccountIds }),
      status: "QUEUED",
      createdAt: this.#services.clock.now(),
      ...(request.deliveryS3Uri !== undefined && {
        deliveryS3Uri: request.deliveryS3Uri,
        deliveryStatus: "PENDING" as const,
      }),
    };
    const started = await this.#services.catalog.startQuery(record, request.maxActive);
    if (started === "inactive")
      throw new TributaryError("An event data store of the statement is waiting for its deletion.", {
        code: "QUERY_STORE_INACTIVE",
      });
    if (started === "limit") {
      throw new TributaryError(
        `${request.maxActive} queries are queued or running, which is the most at once. Wait for one to end, or cancel one.`,
        { code: "QUERY_LIMIT", retryable: true },
      );
    }
    this.#begin(record, () => query);
    return record;
  }

  describe(queryId: string): Promise<QueryRecord | undefined> {
    return this.#services.catalog.getQuery(queryId);
  }

  async results(queryId: string, page: { readonly offset: number; readonly limit: number }): Promise<QueryPage> {
    return this.#results.read(queryId, page.offset, page.limit);
  }

  /** Stops a query. False when it had ended already. Its work may go on for a second. */
  async cancel(queryId: string): Promise<boolean> {
    const cancelled = await this.#end(queryId, ["QUEUED", "RUNNING"], "CANCELLED", {});
    this.#tasks.get(queryId)?.controller.abort(new Stopped("CANCELLED"));
    return cancelled;
  }

  /** Resolves when the query has ended here, for tests and for an orderly end. */
  async ended(queryId: string): Promise<void> {
    await this.#tasks.get(queryId)?.done;
  }

  /** Stops what runs, as FAILED. What is queued goes on when a service opens again. The engine stays the caller's. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#looking);
    for (const { controller } of this.#tasks.values()) controller.abort(new Stopped("CLOSED"));
    await Promise.all([...this.#tasks.values()].map(({ done }) => done));
    await this.#expiry.close();
  }

  #begin(record: QueryRecord, query: () => CompiledQuery): void {
    const { queryId } = record;
    const controller = new AbortController();
    const done = this.#run(record, query, controller)
      .catch((error: unknown) => this.#log({ level: "error", event: "query-fault", queryId, message: String(error) }))
      .finally(() => this.#tasks.delete(queryId));
    this.#tasks.set(queryId, { controller, done });
  }

  async #run(
    { queryId, accountId }: QueryRecord,
    query: () => CompiledQuery,
    controller: AbortController,
  ): Promise<void> {
    const timer = setTimeout(() => controller.abort(new Stopped("TIMED_OUT")), this.#timeoutMs);
    let giveBack: (() => void) | undefined;
    let working = false;
    try {
      const compiledQuery = query();
      const snapshots = await this.#ready(queryId, controller.signal);
      giveBack = await this.#turns.take(accountId, controller.signal);
      const { catalog, clock } = this.#services;
      if (!(await catalog.moveQuery(queryId, ["QUEUED"], { status: "RUNNING", startedAt: clock.now() }))) return;
      working = true;
      await this.#execute(queryId, compiledQuery, snapshots, controller);
    } catch (error) {
      await this.#fail(queryId, error, controller.signal);
    } finally {
      giveBack?.();
      clearTimeout(timer);
      if (working) await this.#services.catalog.settleQuery(queryId);
    }
  }

  /** Stops the work at queries that were ended by someone else. */
  async #look(): Promise<void> {
    for (const [queryId, { controller }] of this.#tasks) {
      try {
        const query = await this.#services.catalog.getQuery(queryId);
        if (query?.status === "FAILED" || query === undefined) controller.abort(new Stopped("ENDED"));
      } catch (error) {
        this.#log({ level: "error", event: "query-fault", queryId, message: String(error) });
      }
    }
  }

  /** Waits until every event acknowledged before StartQuery is in the tables, and pins that version. */
  async #ready(
    queryId: string,
    signal: AbortSignal,
  ): Promise<Extract<Awaited<ReturnType<Catalog["readyQuery"]>>, { kind: "ready" }>["snapshots"]> {
    const { catalog, requestCompaction } = this.#services;
    for (;;) {
      signal.throwIfAborted();
      const state = await catalog.readyQuery(queryId);
      if (state.kind === "ready") return state.snapshots;
      requestCompaction(state.storeIds);
      await pause(this.#pollMs, signal);
    }
  }

  async #execute(
    queryId: string,
    query: CompiledQuery,
    snapshots: Parameters<typeof scanPlan>[1],
    controller: AbortController,
  ): Promise<void> {
    const { catalog, objects, engine, clock } = this.#services;
    const { stores } = await catalog.readControl();
    const retentionDays = (storeId: string): number => {
      const store = stores.get(storeId);
      if (store === undefined)
        throw new TributaryError(`Event data store ${storeId} has been deleted.`, { code: "QUERY_FAILED" });
      return store.retentionPeriod;
    };
    const scans = scanPlan(query, snapshots, retentionDays, clock.now());
    const files = scans.flatMap((scan) => scan.files);
    const statistics = {
      eventsScanned: sum(files.map((file) => file.rows)),
      bytesScanned: sum(files.map((file) => file.bytes)),
    };
    const tables = await Promise.all(
      scans.map(async (scan) => ({
        name: scan.storeId,
        notBefore: scan.notBefore,
        files: await Promise.all(scan.files.map((file) => objects.stage(file.path))),
      })),
    );
    const result = await engine.run({ sql: query.sql, tables }, controller.signal);
    const columns = query.columns.map((column) => column.name);
    const keepPartial = (): boolean =>
      controller.signal.reason instanceof Stopped && controller.signal.reason.status === "TIMED_OUT";
    try {
      const maxBytes = this.#maxResultBytes;
      const size = await this.#results.write(queryId, columns, result.pages, { keepPartial, maxBytes });
      const finished = await this.#end(queryId, ["RUNNING"], "FINISHED", { ...statistics, ...sized(size) });
      if (!finished) await this.#results.delete(queryId);
    } catch (error) {
      if (!(error instanceof PartialResult)) throw error;
      await this.#end(queryId, ["RUNNING"], "TIMED_OUT", {
        ...statistics,
        ...sized(error.size),
        errorMessage: this.#timedOut(),
      });
    }
  }

  async #fail(queryId: string, error: unknown, signal: AbortSignal): Promise<void> {
    const active: readonly QueryStatus[] = ["QUEUED", "RUNNING"];
    const stopped = signal.reason instanceof Stopped ? signal.reason.status : undefined;
    if (stopped === "CANCELLED" || stopped === "ENDED") return;
    if (stopped === "TIMED_OUT") await this.#end(queryId, active, "TIMED_OUT", { errorMessage: this.#timedOut() });
    else if (stopped === "CLOSED")
      await this.#end(queryId, ["RUNNING"], "FAILED", {
        errorMessage: "The lake was stopped while the query ran. Start it again.",
      });
    else {
      const known = error instanceof TributaryError;
      const fault = known ? error.cause : error;
      if (fault !== undefined)
        this.#log({
          level: "error",
          event: "query-fault",
          queryId,
          message: `${fault instanceof Error ? fault : "an unknown fault"}`,
        });
      await this.#end(queryId, active, "FAILED", {
        errorMessage: known ? messageOf(error) : "The query failed because of a fault in the lake; its log says more.",
      });
    }
  }

  #end(
    queryId: string,
    from: readonly QueryStatus[],
    status: QueryStatus,
    patch: Partial<QueryRecord>,
  ): Promise<boolean> {
    return this.#services.catalog.moveQuery(queryId, from, {
      ...patch,
      status,
      finishedAt: this.#services.clock.now(),
    });
  }

  #timedOut(): string {
    const seconds = this.#timeoutMs / 1000;
    const time = seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
    return `The query took longer than ${time}. Ask for less time or fewer columns.`;
  }
}

/** The engine's own words, without the statement it quotes. */
function messageOf(error: TributaryError): string {
  return (error.message.split("\n")[0] ?? "").slice(0, 1000);
}

const sized = ({ rows, bytes }: ResultSize): Partial<QueryRecord> => ({
  resultRows: rows,
  eventsMatched: rows,
  resultBytes: bytes,
});
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
