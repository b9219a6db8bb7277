import type { SyslogListenerStatus } from "../syslog/syslog-service.ts";
import type { LeaseKeeper } from "./lease-keeper.ts";
import { family, type Sample } from "./metric-family.ts";
import type { StateSize } from "./state-size.ts";

/** What is not of one integration. */
export interface ProcessNumbers {
  readonly residentBytes: number;
  /** Undefined where the state is no file. */
  readonly state?: StateSize | undefined;
  /** Undefined where one forwarder alone works on the state. */
  readonly leases?: LeaseKeeper["counts"] | undefined;
  readonly syslog: readonly SyslogListenerStatus[];
  readonly syslogUnmatched: number;
}

/** The families of what is not of one integration. */
export function processMetrics(process: ProcessNumbers): readonly string[] {
  const { state, residentBytes } = process;
  return [
    ...listeners(process),
    family("state_bytes", "gauge", "Size of the state on disk.", [[{}, state?.bytes]]),
    family("state_disk_free_bytes", "gauge", "Room on the state's disk.", [[{}, state?.freeBytes]]),
    family("resident_bytes", "gauge", "Memory of the process.", [[{}, residentBytes]]),
  ];
}

function listeners({ syslog, syslogUnmatched }: ProcessNumbers): readonly string[] {
  const of = (pick: (status: SyslogListenerStatus) => number | undefined) =>
    syslog.map((status): Sample => [{ listener: status.name }, pick(status)]);
  return [
    family("syslog_unmatched_total", "counter", "Syslog messages that no integration takes.", [[{}, syslogUnmatched]]),
    family(
      "syslog_connections",
      "gauge",
      "Open connections of TCP and TLS.",
      of((one) => one.connections),
    ),
    family(
      "syslog_refused_connections_total",
      "counter",
      "Connections that were not let in.",
      of((one) => one.refusedConnections),
    ),
    family(
      "syslog_idle_connections_total",
      "counter",
      "Connections that were closed because nothing came.",
      of((one) => one.idleConnections),
    ),
    family(
      "syslog_refused_datagrams_total",
      "counter",
      "Datagrams of addresses that are not allowed.",
      of((one) => one.refusedDatagrams),
    ),
    family(
      "syslog_kernel_dropped_datagrams_total",
      "counter",
      "Datagrams that the kernel dropped, its buffer being full.",
      of((one) => one.kernelDrops),
    ),
  ];
}
