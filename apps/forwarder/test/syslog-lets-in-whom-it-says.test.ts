import { execFileSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import * as fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { AddressList, isNetwork, plainAddress } from "../src/network/address-list.ts";
import { streamListener } from "../src/syslog/stream-listener.ts";
import { SyslogRouter, type SyslogRoute } from "../src/syslog/syslog-router.ts";
import { SyslogSink } from "../src/syslog/syslog-sink.ts";
import type { ListenerWorld, TransportListener } from "../src/syslog/transport-listener.ts";
import { udpListener } from "../src/syslog/udp-listener.ts";
import { fitsWildcard } from "../src/syslog/wildcard.ts";
import { systemClock } from "../src/delivery/clock.ts";
import { scene, type Scene } from "./support/scene.ts";
import { until } from "./support/running.ts";

vi.setConfig({ testTimeout: 60_000 });

const open: TransportListener[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close(AbortSignal.abort())));
});

const common = { name: "test", maxMessageBytes: 10_000, maxConnections: 2, idleSeconds: 0 };

/** A world that keeps what it is sent. */
function world(allow: readonly string[] = ["127.0.0.0/8"]): ListenerWorld & { readonly sink: SyslogSink } {
  const router = new SyslogRouter();
  const sink = new SyslogSink(systemClock);
  const route: SyslogRoute = { name: "all", rule: () => true, payloadOnly: false, sink };
  router.routes = [route];
  const list = new AddressList(allow);
  const counts = { refusedDatagrams: 0, refusedConnections: 0, connections: 0, idleConnections: 0 };
  return { router, sink, counts, allow: (peer) => list.has(peer), log: () => undefined };
}

const openssl = (...argv: string[]) => execFileSync("openssl", argv, { stdio: "ignore" });

function certificates(place: Scene) {
  const at = (name: string) => join(place.directory, name);
  const days = ["-days", "2", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  for (const ca of ["ca", "other-ca"])
    openssl("req", "-x509", ...days, "-subj", `/CN=${ca}`, "-keyout", at(`${ca}.key`), "-out", at(`${ca}.pem`));
  place.write("san.cnf", "subjectAltName=IP:127.0.0.1,DNS:localhost\n");
  for (const [name, ca] of [
    ["server", "ca"],
    ["client", "ca"],
    ["stranger", "other-ca"],
  ] as const) {
    openssl("req", ...days.slice(2), "-subj", `/CN=${name}`, "-keyout", at(`${name}.key`), "-out", at(`${name}.csr`));
    const signed = ["-CA", at(`${ca}.pem`), "-CAkey", at(`${ca}.key`), "-CAcreateserial", "-extfile", at("san.cnf")];
    openssl("x509", "-req", "-days", "2", "-in", at(`${name}.csr`), "-out", at(`${name}.pem`), ...signed);
  }
  return at;
}

const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.resume();
    socket.on("error", () => undefined).on("close", () => resolve());
  });

test("with clientCa, a sender without a certificate of it is turned away, and one with it delivers", async () => {
  using place = scene();
  const at = certificates(place);
  const here = world();
  const tls = { host: "127.0.0.1", port: 0, cert: at("server.pem"), key: at("server.key"), clientCa: at("ca.pem") };
  const listener = await streamListener(common, tls, here);
  open.push(listener);
  const send = (who: string | undefined, text: string) => {
    const own = who === undefined ? {} : { cert: readFileSync(at(`${who}.pem`)), key: readFileSync(at(`${who}.key`)) };
    const socket = connectTls({ host: "127.0.0.1", port: listener.port, ca: readFileSync(at("ca.pem")), ...own });
    socket.on("secureConnect", () => socket.end(text));
    return closed(socket);
  };
  await send(undefined, "<13>nobody\n");
  await send("stranger", "<13>a stranger\n");
  await until(() => here.counts.refusedConnections === 2);
  expect(here.sink.held).toBe(0);
  await send("client", "<13>a\n5 <13>b");
  await until(() => here.sink.held === 2);
  listener.renew();
  await send("client", "<13>c\n");
  await until(() => here.sink.held === 3);
});

test("by TLS too, who is not allowed is turned away before a handshake, and strangers do not fill the log", async () => {
  using place = scene();
  const at = certificates(place);
  const where = { host: "127.0.0.1", port: 0, cert: at("server.pem"), key: at("server.key") };
  const logged: string[] = [];
  const log = (_level: string, message: string) => void logged.push(message);
  const elsewhere = { ...world(["192.0.2.0/24"]), log };
  const here = { ...world(), log };
  const refusing = await streamListener(common, where, elsewhere);
  const listener = await streamListener(common, where, here);
  open.push(refusing, listener);
  for (let n = 1; n <= 5; n++) {
    await closed(connectTls({ host: "127.0.0.1", port: refusing.port, rejectUnauthorized: false }));
    const plain = connect(listener.port, "127.0.0.1", () => plain.write("<13>no handshake\n"));
    await closed(plain);
    await until(() => here.counts.refusedConnections === n);
    expect(elsewhere.counts.refusedConnections).toBe(n);
  }
  expect(logged).toHaveLength(1);
});

test("who is not allowed is not read: connections are closed at once, datagrams counted", async () => {
  const here = world(["192.0.2.0/24", "2001:db8::/32"]);
  const udp = await udpListener(common, { host: "127.0.0.1", port: 0, receiveBufferBytes: 8192 }, here);
  const tcp = await streamListener(common, { host: "127.0.0.1", port: 0 }, here);
  open.push(udp, tcp);
  const socket = createSocket("udp4");
  socket.send("<13>x", udp.port, "127.0.0.1");
  const stranger = connect(tcp.port, "127.0.0.1", () => stranger.write("<13>x\n"));
  await closed(stranger);
  await until(() => here.counts.refusedDatagrams === 1 && here.counts.refusedConnections === 1);
  socket.close();
  expect([here.sink.held, here.counts.connections]).toEqual([0, 0]);
});

test("more connections than allowed are closed, and those that are open go on", async () => {
  const here = world();
  const listener = await streamListener(common, { host: "127.0.0.1", port: 0 }, here);
  open.push(listener);
  const dial = () => connect(listener.port, "127.0.0.1");
  const [first, second] = [dial(), dial()];
  await until(() => here.counts.connections === 2);
  await closed(dial());
  expect(here.counts.refusedConnections).toBe(1);
  first.end("<13>a\n");
  second.end("<13>b\n");
  await until(() => here.sink.held === 2 && here.counts.connections === 0);
});

test("an idle connection ends, and what it left unfinished is kept as that", async () => {
  const here = world();
  const listener = await streamListener({ ...common, idleSeconds: 0.05 }, { host: "127.0.0.1", port: 0 }, here);
  open.push(listener);
  const socket = connect(listener.port, "127.0.0.1", () => socket.write("<13>half"));
  await closed(socket);
  await until(() => here.sink.held === 1);
  expect(here.counts.idleConnections).toBe(1);
});

test("networks are read as they are written, and IPv4 within IPv6 is IPv4", () => {
  const list = new AddressList(["192.0.2.7", "198.51.100.0/25", "2001:db8::/32"]);
  expect(
    ["192.0.2.7", "198.51.100.127", "2001:db8:1::1", plainAddress("::ffff:192.0.2.7")].every((one) => list.has(one)),
  ).toBe(true);
  expect(["192.0.2.8", "198.51.100.128", "2001:db9::1", "", "x"].some((one) => list.has(one))).toBe(false);
  expect(plainAddress("fe80::1%eth0")).toBe("fe80::1");
  expect(
    ["192.0.2.0/33", "192.0.2/24", "::/129", "x", "", "192.0.2.0/", "192.0.2.0/24/1", "fe80::1%eth0/64"].some(
      isNetwork,
    ),
  ).toBe(false);
});

test("a wildcard fits what the pattern's regular expression fits", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "B", "."), maxLength: 12 });
  const pattern = fc.string({ unit: fc.constantFrom("a", "b", ".", "*"), maxLength: 8 });
  fc.assert(
    fc.property(text, pattern, (value, glob) => {
      const source = glob
        .split("*")
        .map((part) => part.replaceAll(".", "\\."))
        .join(".*");
      expect(fitsWildcard(value, glob)).toBe(new RegExp(`^${source}$`, "i").test(value));
    }),
    { numRuns: 5000 },
  );
});
