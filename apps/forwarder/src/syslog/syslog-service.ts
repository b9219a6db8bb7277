import { TributaryError } from "@tributary/schema";
import type { SyslogListenerConfig } from "../config/syslog-schema.ts";
import type { IntegrationPlan } from "../config/integration-plan.ts";
import type { Clock } from "../delivery/clock.ts";
import type { Intake } from "../daemon/intake.ts";
import type { Log } from "../daemon/log.ts";
import { AddressList } from "../network/address-list.ts";
import { streamListener } from "./stream-listener.ts";
import { SyslogRouter } from "./syslog-router.ts";
import { SyslogSink } from "./syslog-sink.ts";
import type { ListenerCounts, ListenerWorld, Transport, TransportListener } from "./transport-listener.ts";
import { udpListener } from "./udp-listener.ts";

/** A listener as it is doing. */
export interface SyslogListenerStatus extends ListenerCounts {
  readonly name: string;
  readonly addresses: readonly { readonly transport: Transport; readonly host: string; readonly port: number }[];
  /** Datagrams that the kernel dropped; undefined without UDP, or where the system does not tell. */
  readonly kernelDrops: number | undefined;
}

/** An integration's messages as they are doing. */
export type SyslogCounts = SyslogSink["counts"];

interface OpenListener {
  readonly config: SyslogListenerConfig;
  readonly counts: ListenerCounts;
  readonly transports: TransportListener[];
}

const reportMs = 10_000;
const loopback = new AddressList(["127.0.0.0/8", "::1"]);

/** All syslog listeners of a process, and where what they receive goes. Integrations come and go; connections stay. */
export class SyslogService {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #router = new SyslogRouter();
  readonly #sinks = new Map<string, SyslogSink>();
  readonly #told = new Map<string, number>();
  #listeners: readonly OpenListener[] = [];
  #endReport: () => void = () => undefined;

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Messages that no integration takes, since the start. */
  get unmatched(): number {
    return this.#router.unmatched;
  }

  /** Of one integration; undefined where it takes none. */
  counts(name: string): SyslogCounts | undefined {
    return this.#sinks.get(name)?.counts;
  }

  status(): readonly SyslogListenerStatus[] {
    return this.#listeners.map(({ config, counts, transports }) => ({
      ...counts,
      name: config.name,
      addresses: transports.map(({ transport, host, port }) => ({ transport, host, port })),
      kernelDrops: transports.find(({ transport }) => transport === "udp")?.kernelDrops,
    }));
  }

  /** Opens listeners. Throws `LISTEN_FAILED`; then none of them is open. */
  async listen(configs: readonly SyslogListenerConfig[]): Promise<void> {
    const opened: OpenListener[] = [];
    try {
      for (const config of configs) opened.push(await this.#open(config));
    } catch (error) {
      await closeAll(opened, AbortSignal.abort());
      throw error;
    }
    this.#listeners = [...this.#listeners, ...opened];
    this.#endReport();
    if (this.#listeners.length > 0) this.#endReport = this.#clock.after(reportMs, () => this.#report());
  }

  /** Closes what a new configuration has not, opens what is new; what stays reads its certificates again. */
  async listenAnew(configs: readonly SyslogListenerConfig[]): Promise<void> {
    const wanted = new Set(configs.map((config) => JSON.stringify(config)));
    const leaving = this.#listeners.filter(({ config }) => !wanted.has(JSON.stringify(config)));
    this.#listeners = this.#listeners.filter((one) => !leaving.includes(one));
    for (const { transports, config } of this.#listeners)
      for (const transport of transports)
        try {
          transport.renew();
        } catch (error) {
          this.#log("error", `syslog ${config.name}: the old certificate stays: ${String(error)}`);
        }
    await closeAll(leaving, AbortSignal.timeout(1000));
    const open = new Set(this.#listeners.map(({ config }) => JSON.stringify(config)));
    try {
      await this.listen(configs.filter((config) => !open.has(JSON.stringify(config))));
    } catch (error) {
      this.#log("error", `${String(error)} The old listeners stay.`, { code: "LISTEN_FAILED" });
      await this.listen(leaving.map(({ config }) => config));
    }
  }

  /** Which integrations take messages, in the order of the configuration. */
  route(plans: readonly IntegrationPlan[]): void {
    const routes = plans.flatMap(({ name, syslog }) => {
      if (syslog === undefined) return [];
      const sink = this.#sinks.get(name) ?? new SyslogSink(this.#clock);
      this.#sinks.set(name, sink);
      return [{ name, rule: syslog.rule, payloadOnly: syslog.payloadOnly, sink }];
    });
    this.#router.routes = routes;
  }

  /** An integration runs. */
  attach({ name, adapter, syslog }: IntegrationPlan, intake: Intake, onFault: (error: unknown) => void): void {
    if (syslog === undefined) return;
    const countsOccurrences = adapter.countsOccurrences === true;
    this.#sinks.get(name)?.attach({ intake, format: syslog.format, countsOccurrences, onFault });
  }

  /** An integration is about to end: what it was sent is written, what comes now waits in memory for the next {@link attach}. */
  async detach(name: string): Promise<void> {
    const sink = this.#sinks.get(name);
    await sink?.detach();
    if (sink === undefined || this.#router.routes.some((route) => route.sink === sink)) return;
    this.#sinks.delete(name);
    if (sink.held > 0)
      this.#log("error", `${sink.held} syslog messages could not be written and are lost`, { integration: name });
  }

  /** Ends intake: senders are told, and have until the signal aborts for what is on its way. */
  async close(signal: AbortSignal): Promise<void> {
    this.#endReport();
    await closeAll(this.#listeners, signal);
    this.#listeners = [];
  }

  async #open(config: SyslogListenerConfig): Promise<OpenListener> {
    const { name, udp, tcp, tls, allow } = config;
    const list = allow === undefined ? undefined : new AddressList(allow);
    const anybody = tls?.clientCa !== undefined && udp === undefined && tcp === undefined;
    const counts = { refusedDatagrams: 0, refusedConnections: 0, connections: 0, idleConnections: 0 };
    const world: ListenerWorld = {
      router: this.#router,
      allow: (peer) => list?.has(peer) ?? (anybody || loopback.has(peer)),
      counts,
      log: this.#log,
    };
    const transports: TransportListener[] = [];
    try {
      if (udp !== undefined) transports.push(await udpListener(config, udp, world));
      for (const where of [tcp, tls])
        if (where !== undefined) transports.push(await streamListener(config, where, world));
    } catch (error) {
      await closeAll([{ transports }], AbortSignal.abort());
      throw error;
    }
    for (const { transport, host, port } of transports)
      this.#log("info", "listening for syslog", { listener: name, transport, address: `${host}:${port}`, port });
    return { config, counts, transports };
  }

  /** What was lost or turned away since it was last told. */
  #report(): void {
    for (const [name, sink] of this.#sinks) {
      const { droppedDatagrams } = sink.counts;
      if (this.#isNews(`drops ${name}`, droppedDatagrams))
        sink.fault(
          new TributaryError(
            `${droppedDatagrams} syslog datagrams found no room and are lost, since the start. Send by TCP or TLS, which waits.`,
            { code: "DATAGRAMS_DROPPED" },
          ),
        );
    }
    if (this.#isNews("unmatched", this.unmatched))
      this.#log(
        "warn",
        `${this.unmatched} syslog messages fit the syslog of no integration and were not kept, since the start`,
      );
    for (const { name, refusedDatagrams, refusedConnections, kernelDrops } of this.status()) {
      if (this.#isNews(`refused ${name}`, refusedDatagrams + refusedConnections))
        this.#log(
          "warn",
          `syslog ${name}: refused ${refusedDatagrams} datagrams and ${refusedConnections} connections`,
        );
      if (this.#isNews(`kernel ${name}`, kernelDrops ?? 0))
        this.#log("warn", `syslog ${name}: the kernel dropped ${kernelDrops} datagrams; raise receiveBufferBytes`);
    }
    this.#endReport = this.#clock.after(reportMs, () => this.#report());
  }

  #isNews(what: string, count: number): boolean {
    const isNews = count > (this.#told.get(what) ?? 0);
    if (isNews) this.#told.set(what, count);
    return isNews;
  }
}

async function closeAll(listeners: readonly Pick<OpenListener, "transports">[], signal: AbortSignal): Promise<void> {
  await Promise.all(listeners.flatMap(({ transports }) => transports.map((one) => one.close(signal))));
}
