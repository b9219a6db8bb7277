import { TributaryError } from "@tributary/schema";
import { ConfigInvalid, problemLine } from "../config/config-invalid.ts";
import type { IntegrationPlan } from "../config/integration-plan.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import type { Clock } from "../delivery/clock.ts";
import type { StateDatabase } from "../state/state-database.ts";
import { SyslogService } from "../syslog/syslog-service.ts";
import type { HttpReceiver } from "./http-answer.ts";
import { Listening } from "./listening.ts";
import { Integration } from "./integration.ts";
import type { IntegrationWorld } from "./integration-world.ts";
import type { IntegrationStatus } from "./integration-status.ts";
import { LeaseKeeper } from "./lease-keeper.ts";
import type { Log } from "./log.ts";
import { metrics } from "./metrics.ts";
import { receiverAt } from "./receiver-at.ts";
import { reportOrphans } from "./report-orphans.ts";
import { StateCare } from "./state-care.ts";
import { stateSize } from "./state-size.ts";
import { MemoryRoom } from "../pipeline/memory-room.ts";
import type { Scrubber } from "./scrubber.ts";

export interface DaemonOptions extends Pick<
  IntegrationWorld,
  "openSender" | "room" | "backOff" | "network" | "backfillsOnly" | "tracing"
> {
  readonly database: StateDatabase;
  /** Its file, whose size is a metric. */
  readonly stateFile?: string | undefined;
  /** Reads the configuration; throws `ConfigInvalid`. */
  readonly load: () => Promise<LoadedConfig>;
  /** Where the state of a configuration is. */
  readonly stateOf: (config: LoadedConfig) => string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly scrubber: Scrubber;
  /** Of this process among those that share the state; random when left out. */
  readonly member?: string | undefined;
}

/** What senders of syslog have on its way when they are told that it ends. */
const syslogPatienceMs = 1000;

/** The running whole: integrations, the listener, and their change at a reload. */
export class Daemon {
  readonly #options: DaemonOptions;
  readonly #integrations = new Map<string, Integration>();
  readonly #room: MemoryRoom;
  readonly #syslog: SyslogService;
  /** Undefined where the state is a file: then this process holds all. */
  readonly #leases: LeaseKeeper | undefined;
  #config: LoadedConfig;
  readonly #listening: Listening;
  readonly #care: StateCare;
  #isStopping = false;
  /** Reloads and the stop, one after the other. */
  #turn: Promise<void> = Promise.resolve();

  private constructor(options: DaemonOptions, config: LoadedConfig) {
    this.#options = options;
    this.#room = options.room ?? new MemoryRoom();
    this.#config = config;
    this.#care = new StateCare(options, () => this.#config.limits);
    this.#syslog = new SyslogService(options.clock, options.log);
    this.#listening = new Listening(options.log, {
      receiver: (path) => this.receiver(path),
      metrics: () => this.#metrics(),
      isReady: () => !this.#isStopping,
      bodyBytes: () => this.#config.limits.bodyBytes,
    });
    const { database, clock, log } = options;
    const seconds = config.postgres?.takeoverSeconds ?? 5;
    const integrations = () => [...this.#integrations.values()];
    if (database.leases !== undefined)
      this.#leases = new LeaseKeeper({
        leases: database.leases,
        id: options.member,
        clock,
        log,
        seconds,
        integrations,
      });
  }

  /** Starts what a configuration says. Throws `LISTEN_FAILED`, and whatever keeps the state from being used. */
  static async start(options: DaemonOptions, config: LoadedConfig): Promise<Daemon> {
    const daemon = new Daemon(options, config);
    options.scrubber.know(config.secrets);
    daemon.#syslog.route(config.integrations);
    try {
      await daemon.#startAll(config.integrations);
      await reportOrphans(options, config.integrations);
      await daemon.#listening.listen(config.listen);
      await daemon.#syslog.listen(config.syslog);
    } catch (error) {
      await daemon.stop(0);
      throw error;
    }
    daemon.#leases?.start();
    options.log("info", "started", { integrations: config.integrations.length });
    daemon.#care.start();
    return daemon;
  }

  /** Where webhooks and operations are; undefined when nothing listens. */
  get url(): string | undefined {
    return this.#listening.url;
  }

  /** Who takes what is sent to a path. */
  receiver(path: string): HttpReceiver | undefined {
    return receiverAt(path, [...this.#integrations.values()]);
  }

  status(): Promise<readonly IntegrationStatus[]> {
    return Promise.all(
      [...this.#integrations.values()].map(async (one) => ({
        ...(await one.status()),
        syslog: this.#syslog.counts(one.plan.name),
      })),
    );
  }

  /**
   * Reads the configuration again. An invalid one is logged and the old one stays. What did not change goes on undisturbed, and
   * what was parked is tried again at once; what changed is drained and started anew.
   */
  reload(): Promise<void> {
    this.#turn = this.#reloadAfter(this.#turn);
    return this.#turn;
  }

  /**
   * Ends intake, sends what is queued within the deadline, leaves the rest in the state.
   * @returns how many records are left
   */
  async stop(drainSeconds: number): Promise<number> {
    this.#isStopping = true;
    await this.#turn;
    await this.#care.end();
    const deadline = new AbortController();
    const { clock } = this.#options;
    const cancel = clock.after(drainSeconds * 1000, () => deadline.abort());
    this.#leases?.stopClaiming();
    // What is queued is sent by those that take over; they need not wait for connections to end here.
    const othersGoOn = this.#leases?.hasOthers === true;
    if (othersGoOn) deadline.abort();
    const released = othersGoOn ? this.#leases?.leave() : undefined;
    // Deliveries that are under way may end, but a slow sender must not take the time of the queue.
    const patience = new AbortController();
    const cancelPatience = clock.after(Math.min(drainSeconds, 5) * 1000, () => patience.abort());
    const syslogPatience = new AbortController();
    const cancelSyslog = clock.after(syslogPatienceMs, () => syslogPatience.abort());
    await Promise.all([this.#listening.close(patience.signal), this.#syslog.close(syslogPatience.signal)]);
    cancelPatience();
    cancelSyslog();
    await Promise.all([...this.#integrations.keys()].map((name) => this.#syslog.detach(name)));
    const left = await Promise.all([...this.#integrations.values()].map((one) => one.stop(deadline.signal)));
    cancel();
    await (released ?? this.#leases?.leave());
    return othersGoOn ? 0 : left.reduce((sum, count) => sum + count, 0);
  }

  async #reloadAfter(turn: Promise<void>): Promise<void> {
    await turn;
    try {
      await this.#reload();
    } catch (error) {
      this.#options.log("error", `the reload did not end: ${String(error)}`);
    }
  }

  async #reload(): Promise<void> {
    const { log, load, stateOf, scrubber } = this.#options;
    if (this.#isStopping) return;
    let next: LoadedConfig;
    try {
      next = await load();
      if (next.keys?.id !== this.#config.keys?.id)
        throw new TributaryError("encryption has changed, which takes a restart.", { code: "CONFIG_INVALID" });
      if (stateOf(next) !== stateOf(this.#config))
        throw new TributaryError("state has changed, which takes a restart.", { code: "CONFIG_INVALID" });
    } catch (error) {
      const problems = error instanceof ConfigInvalid ? error.problems.map(problemLine) : [String(error)];
      for (const problem of problems) log("error", problem, { code: "CONFIG_INVALID" });
      log("error", "the configuration was not reloaded; the old one stays", { code: "CONFIG_INVALID" });
      return;
    }
    const old = this.#config;
    scrubber.know([...old.secrets, ...next.secrets]);
    const sameLimits = JSON.stringify(old.limits) === JSON.stringify(next.limits);
    const kept = new Set<string>();
    for (const { name, fingerprint } of next.integrations) {
      const running = this.#integrations.get(name);
      if (running?.plan.fingerprint !== fingerprint || !sameLimits) continue;
      kept.add(name);
      running.release();
    }
    this.#config = next;
    this.#syslog.route(next.integrations);
    await this.#stopAllBut(kept, old.limits.drainSeconds);
    await this.#startAll(next.integrations.filter(({ name }) => !kept.has(name)));
    await this.#listening.listenAnew(old.listen, next.listen);
    await this.#syslog.listenAnew(next.syslog);
    scrubber.know(next.secrets);
    await reportOrphans(this.#options, next.integrations);
    log("info", "reloaded", { integrations: next.integrations.length, unchanged: kept.size });
  }

  async #metrics(): Promise<string> {
    const { stateFile } = this.#options;
    return metrics(await this.status(), {
      residentBytes: process.memoryUsage.rss(),
      state: stateFile === undefined ? undefined : stateSize(stateFile),
      leases: this.#leases?.counts,
      syslog: this.#syslog.status(),
      syslogUnmatched: this.#syslog.unmatched,
    });
  }

  async #startAll(plans: readonly IntegrationPlan[]): Promise<void> {
    const { scrub } = this.#options.scrubber;
    const { limits } = this.#config;
    const world = { ...this.#options, room: this.#room, limits, scrub, leases: this.#leases };
    for (const plan of plans) {
      const started = await Integration.start(plan, world);
      this.#integrations.set(plan.name, started);
      this.#syslog.attach(plan, started.intake, (error) => started.fault(error, "syslog"));
    }
  }

  async #stopAllBut(kept: ReadonlySet<string>, drainSeconds: number): Promise<void> {
    const deadline = new AbortController();
    const cancel = this.#options.clock.after(drainSeconds * 1000, () => deadline.abort());
    const leaving = [...this.#integrations.values()].filter(({ plan }) => !kept.has(plan.name));
    await Promise.all(leaving.map(({ plan }) => this.#syslog.detach(plan.name)));
    await Promise.all(leaving.map((one) => one.stop(deadline.signal)));
    cancel();
    for (const { plan } of leaving) this.#integrations.delete(plan.name);
  }
}
