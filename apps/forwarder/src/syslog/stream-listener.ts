import { readFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
import { syslogFramer } from "@tributary/adapter-kit/readers";
import type { SyslogListenerConfig } from "../config/syslog-schema.ts";
import { plainAddress } from "../network/address-list.ts";
import { listenFailed } from "./listen-failed.ts";
import { StreamReader } from "./stream-reader.ts";
import type { ListenerWorld, TransportListener } from "./transport-listener.ts";

type TlsConfig = NonNullable<SyslogListenerConfig["tls"]>;

const keepAliveMs = 60_000;
const tellAgainMs = 10_000;
const peerOf = (socket: Socket) => plainAddress(socket.remoteAddress);

/** Syslog over TCP (RFC 6587) or, with a certificate, over TLS (RFC 5425). Throws `LISTEN_FAILED`. */
export async function streamListener(
  config: SyslogListenerConfig,
  where: NonNullable<SyslogListenerConfig["tcp"]> | TlsConfig,
  world: ListenerWorld,
): Promise<TransportListener> {
  const { name, maxMessageBytes, maxConnections, idleSeconds } = config;
  const { allow, counts, log, router } = world;
  const transport = "cert" in where ? "tls" : "tcp";
  const open = new Map<Socket, Promise<void>>();
  /** Also those that shake hands. */
  const raw = new Set<Socket>();
  const closing = new AbortController();

  const onConnection = (socket: Socket | TLSSocket): void => {
    const framer = syslogFramer(maxMessageBytes, { pieces: true });
    const reader = new StreamReader({ socket, framer, router, peer: peerOf(socket), listener: name });
    counts.connections++;
    socket.setTimeout(idleSeconds * 1000, () => {
      if (reader.isWaiting) return;
      counts.idleConnections++;
      socket.destroy();
    });
    const done = reader.read(closing.signal).finally(() => {
      counts.connections--;
      open.delete(socket);
    });
    open.set(socket, done);
  };
  const tlsServer =
    "cert" in where ? createTlsServer({ ...secureContext(where), handshakeTimeout: 10_000 }, onConnection) : undefined;
  let toldAt = -Infinity;
  tlsServer?.on("tlsClientError", (error) => {
    counts.refusedConnections++;
    // The count is told as well: strangers must not fill the log.
    if (performance.now() - toldAt < tellAgainMs) return;
    toldAt = performance.now();
    log("warn", `syslog ${name}, tls: a sender was refused: ${error.message}`);
  });
  // Before TLS: who is not allowed gets no handshake.
  const options = { keepAlive: true, keepAliveInitialDelay: keepAliveMs, noDelay: true };
  const server = createServer(options, (socket) => {
    // A reset while it is refused or shakes hands must not end the process.
    socket.on("error", () => undefined);
    raw.add(socket);
    socket.once("close", () => raw.delete(socket));
    if (!allow(peerOf(socket))) {
      counts.refusedConnections++;
      socket.destroy();
    } else if (tlsServer === undefined) onConnection(socket);
    else tlsServer.emit("connection", socket);
  });
  server.on("drop", () => void counts.refusedConnections++);
  server.maxConnections = maxConnections;
  const { host } = where;
  const port = await new Promise<number>((resolve, reject) => {
    server.once("error", (cause) => reject(listenFailed(`${host}:${where.port} (${transport})`, cause)));
    server.listen({ host, port: where.port, exclusive: true }, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : where.port);
    });
  });
  server.removeAllListeners("error");
  server.on("error", (error) => log("error", `syslog ${name}, ${transport}: ${error.message}`));
  return {
    transport,
    host,
    port,
    renew() {
      if ("cert" in where) tlsServer?.setSecureContext(secureContext(where));
    },
    async close(signal) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const now = () => {
        closing.abort();
        for (const socket of [...open.keys(), ...raw]) socket.destroy();
      };
      for (const socket of open.keys()) socket.end();
      if (signal.aborted) now();
      else signal.addEventListener("abort", now, { once: true });
      await Promise.all(open.values());
      await closed;
    },
  };
}

function secureContext({ cert, key, clientCa }: TlsConfig) {
  return {
    cert: readFileSync(cert),
    key: readFileSync(key),
    minVersion: "TLSv1.2" as const,
    ...(clientCa !== undefined && { ca: readFileSync(clientCa), requestCert: true, rejectUnauthorized: true }),
  };
}
