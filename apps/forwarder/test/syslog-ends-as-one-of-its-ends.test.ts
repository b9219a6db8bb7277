import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { readStateFile } from "../src/state/sqlite-state.ts";
import { stateReport } from "../src/state/state-report.ts";
import { channelArn, scene, type Scene } from "./support/scene.ts";
import { run, type Running, toy, until } from "./support/running.ts";
import { accept, refuse, scriptedServer, type ScriptedServer } from "./support/scripted-server.ts";
import { tributary } from "./support/command.ts";
import { readJsonLines } from "./support/read-json-lines.ts";

vi.setConfig({ testTimeout: 120_000 });

let lake: ScriptedServer;
beforeAll(async () => void (lake = await scriptedServer()));
beforeEach(() => {
  lake.script = accept;
  lake.stored.clear();
});
afterAll(() => lake.close());

const record = (id: string, more: object = {}) =>
  JSON.stringify({ at: "2026-01-01T00:00:00Z", what: "Push", id, ...more });
const rfc5424 = (payload: string, host = "gate.example.com", app = "toy") =>
  `<134>1 2026-01-01T00:00:00.123456Z ${host} ${app} 42 ID1 - ${payload}`;
const rfc3164 = (payload: string, host = "gate", tag = "toy") => `<134>Jan  1 00:00:00 ${host} ${tag}[42]: ${payload}`;
const counted = (message: string) => `${Buffer.byteLength(message)} ${message}`;

const file = (integrations: string, listener: string, limits = "parkSeconds: 1") =>
  `listen: {host: 127.0.0.1, port: 0}
syslog:
  - ${listener}
limits: {${limits}}
integrations:
${integrations}`;
const both = "{udp: {port: 0}, tcp: {port: 0}}";
const payloads = "    syslog: {format: lines}";

async function portOf(running: Running, transport: string): Promise<number> {
  const line = await running.line(
    (one) => one.message === "listening for syslog" && "transport" in one && one.transport === transport,
  );
  return Number("port" in line ? line.port : 0);
}

/** Sends bytes on a connection of its own; resolves when they are written and the end is, or the reset. */
function stream(port: number, text: string, end: "fin" | "reset" = "fin"): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () =>
      socket.write(text, () => {
        if (end === "fin") socket.end();
        else setTimeout(() => socket.resetAndDestroy(), 50);
      }),
    );
    socket.resume();
    socket.on("error", reject).on("close", () => resolve());
  });
}

async function datagrams(port: number, messages: readonly (string | Uint8Array)[]): Promise<void> {
  const socket = createSocket("udp4");
  for (const message of messages)
    await new Promise<void>((resolve) => socket.send(message, port, "127.0.0.1", () => resolve()));
  await new Promise<void>((resolve) => socket.close(() => resolve()));
}

async function report(place: Scene, name: string) {
  const database = readStateFile(place.statePath);
  try {
    return (await stateReport(database)).find((one) => one.name === name)!;
  } finally {
    await database.close();
  }
}
const ends = async (place: Scene, name: string, total: number) => {
  await until(async () => {
    const { counts, unmapped } = await report(place, name);
    return counts.read === total && counts.queued + unmapped === 0;
  });
  return (await report(place, name)).counts;
};
const letters = async (place: Scene): Promise<readonly { readonly id: number; readonly code: string }[]> => {
  const { stdout } = await tributary(["dlq", "ls", "--state", place.statePath, "--json"]);
  return readJsonLines(stdout);
};
async function original(place: Scene, id: number): Promise<string> {
  const { stdout } = await tributary(["dlq", "show", String(id), "--state", place.statePath, "--json", "--reveal"]);
  const { original: bytes }: { original: string } = JSON.parse(stdout);
  return Buffer.from(bytes, "base64").toString("utf8");
}

test("both forms in both framings, over UDP and TCP, each once", async () => {
  using place = scene();
  const running = run(place, place.write("tributary.yaml", file(toy("toy", lake.endpoint, payloads), both)));
  const tcp = await portOf(running, "tcp");
  await stream(
    tcp,
    counted(rfc5424(record("a"))) +
      counted(rfc3164(record("b"))) +
      counted(rfc5424(record("c", { note: "two\nlines".length }))),
  );
  await stream(
    tcp,
    `${rfc5424(record("d"))}\n${rfc3164(record("e"))}\r\n${rfc5424(`@cee: ${record("f")}`)}\n${record("g")}`,
  );
  await datagrams(await portOf(running, "udp"), [rfc5424(record("h")), `${rfc3164(record("i"))}\n`, "\n", ""]);
  expect(await ends(place, "toy", 9)).toMatchObject({ delivered: 9 });
  running.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 0 });
  expect([...lake.stored.keys()].toSorted().join("")).toBe("abcdefghi");
});

test("a message over the limit is dead in pieces that make it whole, and those beside it are delivered", async () => {
  using place = scene();
  const listener = "{udp: {port: 0}, tcp: {port: 0}, maxMessageBytes: 1024}";
  const running = run(place, place.write("tributary.yaml", file(toy("toy", lake.endpoint, payloads), listener)));
  const long = rfc5424(record("long", { text: "x".repeat(5000) }));
  await stream(
    await portOf(running, "tcp"),
    counted(rfc5424(record("a"))) + counted(long) + counted(rfc5424(record("b"))),
  );
  const datagram = rfc5424(record("long", { text: "y".repeat(3000) }));
  await datagrams(await portOf(running, "udp"), [datagram]);
  const { delivered, dead } = await ends(place, "toy", 2 + Math.ceil(long.length / 1025) + 1);
  expect(delivered).toBe(2);
  const found = await letters(place);
  expect(found).toHaveLength(dead);
  expect(new Set(found.map(({ code }) => code))).toEqual(new Set(["FRAME_TOO_LONG"]));
  const texts = await Promise.all(found.map(({ id }) => original(place, id)));
  expect(texts.filter((text) => text !== datagram).join("")).toBe(long);
  running.kill("SIGTERM");
  await running.ended;
});

test("a connection that breaks within a message leaves a dead letter of what came; one that ends in order, a record", async () => {
  using place = scene();
  const running = run(place, place.write("tributary.yaml", file(toy("toy", lake.endpoint, payloads), both)));
  const tcp = await portOf(running, "tcp");
  const cut = rfc5424(record("cut"));
  await stream(tcp, `${rfc5424(record("a"))}\n${cut.slice(0, -5)}`, "reset");
  await stream(tcp, `${rfc5424(record("b"))}\n${rfc5424(record("c"))}`);
  await stream(tcp, counted(cut).slice(0, -5));
  expect(await ends(place, "toy", 5)).toMatchObject({ delivered: 3, dead: 2 });
  const found = await letters(place);
  expect(found.map(({ code }) => code)).toEqual(["FRAME_UNFINISHED", "FRAME_UNFINISHED"]);
  for (const { id } of found) expect(await original(place, id)).toBe(cut.slice(0, -5));
  running.kill("SIGTERM");
  await running.ended;
});

test("listeners are shared: the first rule that fits takes a message, what fits none is counted", async () => {
  using place = scene();
  const integrations =
    toy("one", lake.endpoint, "    syslog: {format: lines, host: ['gate-*']}") +
    toy("two", lake.endpoint.replace("127.0.0.1", "localhost"), "    syslog: {format: lines, app: [vault]}") +
    toy("elsewhere", lake.endpoint, "    syslog: {format: lines, from: [192.0.2.0/24]}");
  const running = run(place, place.write("tributary.yaml", file(integrations, both)));
  const messages = [
    rfc5424(record("a"), "gate-1", "vault"),
    rfc5424(record("b"), "other", "Vault"),
    rfc3164(record("c"), "GATE-2", "x"),
    rfc5424(record("d"), "other", "other"),
    record("e"),
  ];
  await stream(await portOf(running, "tcp"), `${messages.join("\n")}\n`);
  expect(await ends(place, "one", 2)).toMatchObject({ delivered: 2 });
  expect(await ends(place, "two", 1)).toMatchObject({ delivered: 1 });
  const metrics = await running.text("/metrics");
  expect(metrics).toContain("tributary_syslog_unmatched_total 2\n");
  expect(metrics).toContain('tributary_syslog_messages_total{integration="one"} 2\n');
  running.kill("SIGTERM");
  await running.ended;
});

test("equal lines of one sender are as many events, also in connections of their own", async () => {
  using place = scene();
  const integration = `  - name: lines
    adapter: custom
    channel: {arn: "${channelArn}", endpoint: "${lake.endpoint}"}
    syslog: {}
`;
  const running = run(place, place.write("tributary.yaml", file(integration, both)));
  const tcp = await portOf(running, "tcp");
  const line = rfc3164("Failed password for root", "gate", "sshd");
  await stream(tcp, `${line}\n${line}\n`);
  await stream(tcp, `${line}\n`);
  expect(await ends(place, "lines", 3)).toMatchObject({ delivered: 3 });
  expect(lake.stored.size).toBe(3);
  running.kill("SIGTERM");
  await running.ended;
});

test("above the watermark a TCP sender waits and loses nothing; a datagram is dropped and counted", async () => {
  using place = scene();
  let stopped = true;
  lake.script = (request, response) =>
    stopped ? refuse(response, 403, "ChannelInsufficientPermission") : accept.call(lake, request, response);
  const limits = "queuedEvents: 1000, parkSeconds: 1";
  const running = run(place, place.write("tributary.yaml", file(toy("toy", lake.endpoint, payloads), both, limits)));
  const total = 6000;
  const text = Array.from(
    { length: total },
    (_, n) => `${rfc5424(record(`t${n}`, { text: "x".repeat(4000) }))}\n`,
  ).join("");
  const sent = stream(await portOf(running, "tcp"), text);
  const udp = await portOf(running, "udp");
  let datagramsSent = 0;
  let dropped = 0;
  await until(async () => {
    await datagrams(udp, [rfc5424(record(`u${datagramsSent++}`))]);
    const metrics = await running.text("/metrics");
    dropped = Number(/dropped_datagrams_total\{integration="toy"\} (\d+)/.exec(metrics)?.[1]);
    return dropped > 0;
  });
  expect((await report(place, "toy")).counts.queued).toBeLessThan(total);
  stopped = false;
  await sent;
  const taken = total + datagramsSent - dropped;
  expect(await ends(place, "toy", taken)).toMatchObject({ delivered: taken });
  running.kill("SIGTERM");
  await running.ended;
});

test("a reload keeps connections, and what comes while an integration is made anew", async () => {
  using place = scene();
  const path = place.write("tributary.yaml", file(toy("toy", lake.endpoint, payloads), both));
  const running = run(place, path);
  const tcp = await portOf(running, "tcp");
  const socket = connect(tcp, "127.0.0.1");
  socket.on("error", () => undefined);
  let sent = 0;
  const send = () => new Promise((resolve) => socket.write(`${rfc5424(record(`r${sent++}`))}\n`, resolve));
  await send();
  await ends(place, "toy", 1);
  for (let round = 0; round < 3; round++) {
    place.write("tributary.yaml", file(toy("toy", lake.endpoint, payloads), both, `parkSeconds: ${2 + round}`));
    const from = running.lines.length;
    running.kill("SIGHUP");
    await until(async () => {
      await send();
      return running.lines.slice(from).some(({ message }) => message === "reloaded");
    });
  }
  socket.end();
  expect(await ends(place, "toy", sent)).toMatchObject({ delivered: sent });
  running.kill("SIGTERM");
  await running.ended;
});

test("what is wrong with syslog is said with its place", async () => {
  using place = scene();
  const integrations =
    toy("one", lake.endpoint, payloads) +
    toy("two", lake.endpoint, "    syslog: {format: page, from: [nowhere], listener: lan}");
  const path = place.write(
    "tributary.yaml",
    file(integrations, "{udp: {host: 0.0.0.0, port: 514}, allow: [192.0.2.0/40]}"),
  );
  const { code, stderr, stdout } = await tributary(["check", path], { env: { TOKEN: "x" } });
  expect(code).toBe(2);
  const told = stderr + stdout;
  for (const part of [
    '"192.0.2.0/40" is no address and no network',
    '"lan" is no listener: there is syslog',
    "No message comes here: one, which stands before it, takes all of them",
  ])
    expect(told).toContain(part);
});
