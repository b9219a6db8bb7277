import { randomBytes, randomUUID } from "node:crypto";
import { type SourceRow, TributaryError } from "@tributary/schema";
import { openAccessLog } from "../access/open-access-log.ts";
import { CareProcess, type CareProcessOptions } from "../care/care-process.ts";
import { openSqliteCatalog } from "../catalog/sqlite-catalog.ts";
import { type Clock, systemClock } from "../clock.ts";
import { ControlCache } from "../control/control-cache.ts";
import { ControlPlane } from "../control/control-plane.ts";
import { PaginationTokens } from "../control/pagination-tokens.ts";
import { type Quotas, defaultQuotas } from "../control/quotas.ts";
import { RateLimits } from "../control/rate-limits.ts";
import { DeliveryService } from "../delivery/delivery-service.ts";
import { mayDeliver } from "../delivery/may-deliver.ts";
import { type DeliveryOptions, openDeliveryTarget } from "../delivery/open-delivery-target.ts";
import { openSigningKey } from "../delivery/signing-key.ts";
import { DataKeys } from "../secrets/data-keys.ts";
import { DuckDBEngine } from "../engine/duckdb-engine.ts";
import { faultEntry } from "../fault-entry.ts";
import { defaultMaxBodyBytes, defaultMaxHeldBytes, listen } from "../http/http-server.ts";
import { Responder, type ResponderServices } from "../http/responder.ts";
import { withCors } from "../http/with-cors.ts";
import { Authenticator } from "../identity/authenticator.ts";
import { PutAuditEvents } from "../ingest/put-audit-events.ts";
import { JournalWriter, type JournalWriterOptions } from "../journal/journal-writer.ts";
import { LakeMetrics, type MetricSources } from "../metrics/lake-metrics.ts";
import { serveMetrics } from "../metrics/metrics-server.ts";
import { openDirectoryObjects } from "../objects/directory-objects.ts";
import type { MasterKeySource } from "../secrets/master-key.ts";
import { packageManifest } from "../package-manifest.ts";
import { QueryService } from "../query/query-service.ts";
import { ResultStore } from "../query/result-store.ts";
import { type HeadSigning, openHeadSigner } from "../signed-heads/open-head-signer.ts";
import { Verifier } from "../sigv4/verifier.ts";
import { checkRegistered } from "../sources/check-registered.ts";
import { SourceRegistry } from "../sources/source-registry.ts";
import { TokenService } from "../sts/token-service.ts";
import { WorkerPool } from "../workers/worker-pool.ts";
import { checkAddress } from "./check-address.ts";
import { type TlsFiles, checkTls } from "./check-tls.ts";
import { lockDataDirectory, openDataDirectory, ownMasterKey } from "./data-directory.ts";
import { Readiness } from "./readiness.ts";

export interface ServeOptions extends DeliveryOptions {
  /** Directory for everything the lake keeps. */
  readonly data: string;
  readonly region: string;
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly tls?: TlsFiles | undefined;
  /** Allows addresses other than loopback without TLS. */
  readonly insecure?: boolean;
  /** Refuses events with unknown keys, or a sourceIPAddress that is no address. */
  readonly strict?: boolean;
  /** Of stores created without selectors; without it such a call is refused. */
  readonly defaultCategory?: "ActivityAuditLog" | undefined;
  readonly externalIdMode?: "gate" | "iam";
  readonly quotas?: Quotas;
  /** How far ahead of the clock an eventTime may lie, ms. Default 24 hours. */
  readonly maxFutureMs?: number | undefined;
  /** Origins whose pages may call PutAuditEvents, such as `https://app.example.com`. Default none. */
  readonly corsOrigins?: readonly string[];
  /** Processes that take PutAuditEvents, on Linux; elsewhere it is one, and the log says so. Default 1: this process. */
  readonly workers?: number;
  /** Sources beside AWS's sixteen, see `parseSources`; `eventSources` of one is an allow-list. */
  readonly sources?: readonly SourceRow[];
  /** How far a request's X-Amz-Date may be from now. Default 15 minutes. */
  readonly maxSkewMs?: number;
  /** When the lake runs as root, the user that query processes become. Default `nobody`. */
  readonly childUser?: string | undefined;
  /** Bytes that one query's result may take on the disk. Default 1 GiB. */
  readonly maxResultBytes?: number | undefined;
  /** For how long a query may wait and run. Default one hour. */
  readonly queryTimeoutMs?: number | undefined;
  /** Where `/metrics` is served, beside the probes; port 0 picks a free one. Without it metrics are not served. */
  readonly metrics?: { readonly host: string; readonly port: number } | undefined;
  /** `data`, the default: files in `access` of the data directory; `off`: none; a function is given each line in their place. */
  readonly accessLog?: "data" | "off" | ((line: string) => void) | undefined;
  /** For how many days its files are kept. Default 90. */
  readonly accessLogDays?: number | undefined;
  /** What its files may take on the disk together: beyond it the oldest go. Default 4 GiB. */
  readonly accessLogBytes?: number | undefined;
  /** What secrets are sealed with. Default the file `master.key` in the data directory, which is made when there is none. */
  readonly masterKey?: MasterKeySource | undefined;
  /** How long a file that was merged or dropped stays for readers of the published tables, after its removal was published. Default ten minutes. */
  readonly removedFileMs?: number | undefined;
  /** Signs where the stores' histories end, by the hour. Without it nothing is signed. */
  readonly signHeads?: HeadSigning | undefined;
  /** Workers have the system's. */
  readonly clock?: Clock;
  /** Only for fault tests, which must fail with them. */
  readonly plantedFaults?: Pick<JournalWriterOptions, "acknowledgeBeforeCommit" | "synchronous"> &
    Pick<CareProcessOptions, "keepDuplicates" | "hasty">;
  /** Told of faults, never of secrets. */
  readonly log?: (entry: Readonly<Record<string, unknown>>) => void;
}

/** A lake that serves. */
export interface RunningLake {
  readonly url: string;
  readonly region: string;
  /** Of the metrics, where they are served. */
  readonly metricsUrl?: string | undefined;
  /**
   * Goes on with a renewed certificate, for new connections, where the lake speaks TLS; and with new files of the access log, where
   * somebody has moved those away. Throws `TLS_NOT_VALID`, and changes nothing then.
   */
  reload(changed?: { readonly tls?: TlsFiles | undefined }): Promise<void>;
  /** Finishes what is in flight, then stops everything. */
  close(): Promise<void>;
}

/**
 * Starts a lake: the catalog, the journal's thread, the process that compacts, the query engine, the routes.
 * Throws `NOT_LOOPBACK`, `TLS_NOT_VALID`, `REGION_NOT_VALID`, `SOURCE_NOT_REGISTERED`, `LISTEN_FAILED`, `DATA_DIRECTORY_IN_USE`,
 * `DATA_DIRECTORY_NOT_USABLE`, and what the catalog,
 * the master key and the delivery target throw.
 */
export async function serve(options: ServeOptions): Promise<RunningLake> {
  const { region, strict = false, externalIdMode = "gate", quotas = defaultQuotas, clock = systemClock } = options;
  const metrics = new LakeMetrics();
  const log = (entry: Readonly<Record<string, unknown>>): void => {
    metrics.logged(entry);
    options.log?.(entry);
  };
  checkAddress(options);
  const useTls = (tls: TlsFiles): void => {
    const told = checkTls(tls, clock.now());
    if (told !== undefined) log(told);
  };
  if (options.tls) useTls(options.tls);
  const workers = workersOf(options.workers ?? 1, log);
  if (!/^[a-z]{2}(?:-[a-z]+)+-\d{1,2}$/.test(region))
    throw new TributaryError(`${JSON.stringify(region)} is not a region such as us-east-1.`, {
      code: "REGION_NOT_VALID",
    });
  const directory = openDataDirectory(options.data);
  const stops: (() => Promise<void> | void)[] = [];
  // One part that does not stop cleanly keeps no other from stopping.
  let stopping = false;
  const close = async (): Promise<void> => {
    stopping = true;
    const failures: unknown[] = [];
    for (const stop of stops.splice(0).toReversed()) {
      try {
        await stop();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  };
  try {
    stops.push(lockDataDirectory(directory));
    const catalog = await openSqliteCatalog({ file: directory.catalogFile, clock });
    stops.push(() => catalog.close());
    const masterKey = options.masterKey ?? ownMasterKey(directory);
    const dataKeys = await DataKeys.open(catalog, masterKey);
    if (options.signHeads) {
      const signer = await openHeadSigner(options.signHeads, directory.path, { catalog, clock, log });
      // After whatever commits has stopped.
      stops.push(() => signer.close());
    }
    const accessLog = openAccessLog(options, directory.path, clock, log);
    if (accessLog) stops.push(() => accessLog.close());
    const journal = new JournalWriter({
      file: directory.catalogFile,
      clock,
      observe: (commit) => metrics.commit(commit),
      ...options.plantedFaults,
    });
    stops.push(() => journal.close());
    const care = new CareProcess({
      data: directory.path,
      log,
      removedFileMs: options.removedFileMs,
      ...options.plantedFaults,
    });
    stops.push(() => care.close());

    const engine = new DuckDBEngine({
      directory: directory.objects,
      ...(options.childUser !== undefined && { childUser: options.childUser }),
    });
    stops.push(() => engine.close());
    const objects = await openDirectoryObjects({ directory: directory.objects });
    const control = await ControlCache.open(catalog);
    const sources = new SourceRegistry(options.sources);
    checkRegistered(control.view.state.channels.values(), sources);
    const now = (): number => clock.now();
    const target = await openDeliveryTarget(options, { ...options, data: directory.path, now });
    // Without a target StartQuery refuses a DeliveryS3Uri.
    const deliveries =
      target &&
      new DeliveryService({
        catalog,
        results: new ResultStore(objects),
        target,
        signer: await openSigningKey(catalog, dataKeys, now),
        region,
        mayDeliver: async (query) => mayDeliver(await control.fresh(), query, now()),
        log,
      });
    // Before the queries' own stop there may be one more to deliver: the next start does that.
    if (deliveries) stops.push(() => deliveries.close());
    const queries = await QueryService.open(
      {
        catalog: {
          ...catalog,
          moveQuery: async (queryId, from, patch) => {
            const moved = await catalog.moveQuery(queryId, from, patch);
            if (moved && patch.status !== "RUNNING") metrics.queryEnded(patch.status);
            if (moved && patch.status === "FINISHED") deliveries?.wake();
            return moved;
          },
        },
        objects,
        engine,
        clock,
        requestCompaction: (storeIds) => storeIds.forEach((storeId) => care.hasten(storeId)),
      },
      { log, maxResultBytes: options.maxResultBytes, timeoutMs: options.queryTimeoutMs },
    );
    stops.push(() => queries.close());

    const authenticator = new Authenticator(
      new Verifier({
        region,
        now: () => clock.now(),
        ...(options.maxSkewMs !== undefined && { maxSkewMs: options.maxSkewMs }),
      }),
      dataKeys,
      () => clock.now(),
    );
    const tokens = new PaginationTokens(() => dataKeys.of(control.view.state).paginationSecret());
    const rates = new RateLimits(quotas.rates, () => clock.monotonic());
    const maxBodyBytes = defaultMaxBodyBytes;
    const readiness = new Readiness({
      journal,
      careAlive: () => care.alive,
      stopping: () => stopping,
      clock,
    });
    const unready = (): Promise<readonly string[]> => readiness.unready();
    const metricSources: MetricSources = {
      version: packageManifest.version,
      catalogFile: directory.catalogFile,
      clock,
      backlog: () => journal.backlog(),
      activeQueries: () => catalog.activeQueries(),
      processes: () => [
        { process: "primary", pid: process.pid },
        ...(pool?.pids ?? []).map((pid, at) => ({ process: `worker-${at}`, pid })),
        { process: "care", pid: care.pid },
        ...engine.pids.map((pid, at) => ({ process: `query-${at}`, pid })),
      ],
      accessLogLost: () => accessLog?.lost ?? 0,
      unready,
    };
    const observe: ResponderServices["observe"] = (observation) => {
      metrics.requests.observe(observation);
      accessLog?.observe(observation);
    };
    const onFault = (error: unknown, requestId: string): void => log(faultEntry(error, requestId));
    const responder = new Responder({
      data: new PutAuditEvents(
        { region, strict, externalIdMode, maxBodyBytes, maxFutureMs: options.maxFutureMs },
        { control, authenticator, journal, clock, rates, sources },
      ),
      others: {
        control: new ControlPlane(
          {
            region,
            quotas,
            sources,
            tokens,
            maxBodyBytes,
            randomUuid: randomUUID,
            defaultCategory: options.defaultCategory,
          },
          { control, authenticator, catalog, queries, deliveries, rates, clock, log },
        ),
        tokens: new TokenService({ control, authenticator, clock, randomBytes, dataKeys }),
      },
      keys: control,
      authenticator,
      clock,
      unready,
      observe,
      onFault,
    });
    const { host, port, tls, corsOrigins = [] } = options;
    const pool =
      workers > 1
        ? await WorkerPool.start(
            workers,
            {
              catalogFile: directory.catalogFile,
              masterKey,
              region,
              host,
              port,
              tls,
              maxBodyBytes,
              // Of one peer a quarter, which is one body at least.
              maxHeldBytes: Math.max(defaultMaxHeldBytes / workers, 4 * maxBodyBytes),
              strict,
              externalIdMode,
              maxFutureMs: options.maxFutureMs,
              sources: options.sources ?? [],
              corsOrigins,
              maxSkewMs: options.maxSkewMs,
              rates: quotas.rates !== undefined,
            },
            { journal, responder, rates, clock, unready, observe, log },
          )
        : undefined;
    const server = pool ?? (await listen(withCors(responder, corsOrigins), { host, port, tls, maxBodyBytes, onFault }));
    stops.push(() => server.close(30_000));
    const metricsServer =
      options.metrics &&
      (await serveMetrics({
        ...options.metrics,
        families: () => metrics.families(metricSources),
        unready,
        onFault: (error) => onFault(error, ""),
      }));
    // Last, so that it is stopped first: what it shows is still there.
    if (metricsServer) stops.push(() => metricsServer.close());
    const reload: RunningLake["reload"] = async ({ tls: renewed } = {}) => {
      if (tls && renewed) {
        useTls(renewed);
        server.renewTls(renewed);
      }
      await accessLog?.reopen();
    };
    return { url: server.url, region, metricsUrl: metricsServer?.url, reload, close };
  } catch (error) {
    await close().catch((failure: unknown) => log(faultEntry(failure, "")));
    throw error;
  }
}

function workersOf(wanted: number, log: (entry: Readonly<Record<string, unknown>>) => void): number {
  if (wanted <= 1 || process.platform === "linux") return wanted;
  log({
    level: "warn",
    event: "one-worker",
    message: `Processes can share a port on Linux alone: one serves here in place of ${wanted}.`,
  });
  return 1;
}
