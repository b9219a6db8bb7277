import type { Log } from "../daemon/log.ts";
import type { SyslogRouter } from "./syslog-router.ts";

export type Transport = "udp" | "tcp" | "tls";

/** Numbers of a listener, all its transports together, since the start. */
export interface ListenerCounts {
  /** From an address that is not allowed. */
  refusedDatagrams: number;
  /** From an address that is not allowed, over the number of connections, or without a certificate that is. */
  refusedConnections: number;
  connections: number;
  /** Closed because nothing came. */
  idleConnections: number;
}

/** What a transport needs of those around it. */
export interface ListenerWorld {
  readonly router: SyslogRouter;
  readonly allow: (peer: string) => boolean;
  readonly counts: ListenerCounts;
  readonly log: Log;
}

export interface TransportListener {
  readonly transport: Transport;
  readonly host: string;
  readonly port: number;
  /** Datagrams that were lost before they came here; undefined where the system does not tell. */
  readonly kernelDrops?: number | undefined;
  /** Reads certificates again. */
  renew(): void;
  /** Ends what is open: senders are told, and have until the signal aborts for what is on its way. */
  close(signal: AbortSignal): Promise<void>;
}
