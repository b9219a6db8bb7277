import { createSocket } from "node:dgram";
import { isIPv6 } from "node:net";
import type { SyslogListenerConfig } from "../config/syslog-schema.ts";
import { plainAddress } from "../network/address-list.ts";
import { kernelDrops } from "./kernel-drops.ts";
import { listenFailed } from "./listen-failed.ts";
import type { ListenerWorld, TransportListener } from "./transport-listener.ts";

const isTrailer = (byte: number | undefined) => byte === 10 || byte === 13 || byte === 0;

/** Syslog over UDP, RFC 5426: a datagram is a message. Throws `LISTEN_FAILED`. */
export async function udpListener(
  { name, maxMessageBytes }: SyslogListenerConfig,
  { host, port, receiveBufferBytes }: NonNullable<SyslogListenerConfig["udp"]>,
  { router, allow, counts, log }: ListenerWorld,
): Promise<TransportListener> {
  const socket = createSocket({ type: isIPv6(host) ? "udp6" : "udp4", recvBufferSize: receiveBufferBytes });
  socket.on("message", (datagram, { address }) => {
    const peer = plainAddress(address);
    if (!allow(peer)) {
      counts.refusedDatagrams++;
      return;
    }
    let end = datagram.length;
    while (end > 0 && isTrailer(datagram[end - 1])) end--;
    if (end === 0) return;
    const bytes = datagram.subarray(0, end);
    const routed = router.route({ bytes, ...(end > maxMessageBytes && { tooLong: true }) }, peer, name);
    if (routed === undefined) return;
    if (routed.sink.isFull) routed.sink.drop();
    else routed.sink.add(routed.frame);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("error", (cause) => reject(listenFailed(`${host}:${port} (udp)`, cause)));
    socket.bind({ address: host, port, exclusive: true }, () => {
      socket.removeAllListeners("error");
      socket.on("error", (error) => log("error", `syslog ${name}, udp: ${error.message}`));
      resolve();
    });
  });
  const bound = socket.address();
  const given = socket.getRecvBufferSize();
  if (given < receiveBufferBytes)
    log("warn", `syslog ${name}, udp: the kernel gives a receive buffer of ${given} bytes; raise net.core.rmem_max`);
  const before = kernelDrops(bound.port) ?? 0;
  return {
    transport: "udp",
    host,
    port: bound.port,
    get kernelDrops() {
      const drops = kernelDrops(bound.port);
      return drops === undefined ? undefined : Math.max(0, drops - before);
    },
    renew: () => undefined,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}
