import { existsSync, readdirSync } from "node:fs";
import { createServer as createTlsServer } from "node:https";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { classifyFailure } from "../src/delivery/classify-failure.ts";
import { certificate } from "./support/certificate.ts";
import { type Behaviour, rawServer } from "./support/raw-server.ts";
import { lines, scene, type Scene, sendTo } from "./support/scene.ts";
import { accept, scriptedServer, type ScriptedServer } from "./support/scripted-server.ts";

vi.setConfig({ testTimeout: 120_000 });

let lake: ScriptedServer;
let place: Scene;
beforeEach(async () => {
  lake = await scriptedServer(accept);
  place = scene();
});
afterEach(async () => {
  place[Symbol.dispose]();
  await lake.close();
});

const request = {
  channelArn: "arn:aws:cloudtrail:us-east-1:111122223333:channel/x",
  auditEvents: [{ id: "a", eventData: "{}", eventDataChecksum: "x" }],
};

const head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
const dribble = (socket: Parameters<Behaviour>[0], text: string) => {
  const timer = setInterval(() => socket.write(text), 20);
  socket.on("close", () => clearInterval(timer));
};

/** Faults 11 to 13 of a connection, and how the failure is called. Patience: 200 ms for the head, 500 for the whole. */
const faults: Readonly<Record<string, readonly [Behaviour, RegExp]>> = {
  "a half-open socket: taken, and never a byte": [() => undefined, /^TimeoutError$|^ETIMEDOUT$/],
  "a reset before the head": [(socket) => socket.resetAndDestroy(), /^ECONNRESET$/],
  "a reset in the middle of the body": [
    (socket) => socket.write(`${head}content-length: 100\r\n\r\n{"successful":[`, () => socket.resetAndDestroy()),
    /^ECONNRESET$/,
  ],
  "an end in the middle of the body": [
    (socket) => socket.end(`${head}content-length: 100\r\n\r\n{"successful":[`),
    /^ECONNRESET$|^ERR_STREAM_PREMATURE_CLOSE$/,
  ],
  "a body that never ends, a byte at a time": [
    (socket) => {
      socket.write(`${head}content-length: 100000\r\n\r\n{`);
      dribble(socket, " ");
    },
    /^REQUEST_TIMEOUT$/,
  ],
  "a head that never ends": [
    (socket) => {
      socket.write(head);
      dribble(socket, "x: y\r\n");
    },
    /^TimeoutError$|^ETIMEDOUT$|^HPE_HEADER_OVERFLOW$/,
  ],
  "a body without end, as fast as it is read": [
    (socket) => {
      socket.write(`${head}transfer-encoding: chunked\r\n\r\n`);
      const piece = `10000\r\n${" ".repeat(65_536)}\r\n`;
      const more = () => {
        while (socket.writable && socket.write(piece));
      };
      socket.on("drain", more);
      more();
    },
    /^HTTP200$|^REQUEST_TIMEOUT$/,
  ],
  "what is no HTTP": [(socket) => socket.end("220 mail.example.com ESMTP\r\n"), /^HPE_/],
  "an end without an answer": [(socket) => socket.end(), /^ECONNRESET$/],
};

const patience = { answerMs: 200 };

for (const [name, [behave, code]] of Object.entries(faults))
  test(`${name}: the request ends, its socket is closed, and the same bytes go again until all is delivered`, async () => {
    let closed = 0;
    const server = await rawServer((socket) => {
      socket.on("close", () => closed++);
      behave(socket);
    });
    const alone = await sendTo(server.endpoint, 500, patience);
    const error: unknown = await alone.send(request).catch((problem: unknown) => problem);
    const failure = classifyFailure(error, 0);
    expect(failure).toMatchObject({ action: "retry", code: expect.stringMatching(code) as string });
    alone.close();
    await vi.waitFor(() => expect(closed).toBe(1));
    await server.close();

    const flaky = await rawServer(behave);
    // A run whose first request meets the fault, and whose others reach a server that works.
    const sender = await sendTo(flaky.endpoint, 500, patience);
    const good = await sendTo(lake.endpoint, 5000);
    let sent = 0;
    const summary = await place.run({
      sender: { send: (one) => (sent++ === 0 ? sender : good).send(one), close: () => undefined },
      files: [place.write("in.jsonl", lines(3))],
    });
    expect(summary).toMatchObject({ read: 3, delivered: 3, queued: 0, balanced: true, requests: 2, retries: 1 });
    expect([...lake.stored.values()].map((copies) => copies.length)).toEqual([1, 1, 1]);
    sender.close();
    good.close();
    await flaky.close();
  });

for (const [name, endpoint, code] of [
  ["a refused connection", "http://127.0.0.1:1", /^ECONNREFUSED$/],
  ["a name without an address", "http://nothing.invalid", /^(ENOTFOUND|EAI_AGAIN)$/],
] as const)
  test(`${name}: the attempts end, all is queued, the next run delivers it`, async () => {
    const sender = await sendTo(endpoint);
    const summary = await place.run({ sender, files: [place.write("in.jsonl", lines(3))] });
    expect(summary).toMatchObject({ read: 3, queued: 3, dead: 0, balanced: true, requests: 8 });
    expect(summary.stopped).toMatchObject({ kind: "unreachable", code: expect.stringMatching(code) as string });
    sender.close();
    const good = await sendTo(lake.endpoint);
    expect(await place.run({ sender: good })).toMatchObject({ read: 3, delivered: 3, balanced: true });
    good.close();
  });

test("a certificate that has expired: nothing is sent to whoever shows it, the reason says so, the queue stays", async () => {
  const { cert, key } = certificate("127.0.0.1", Date.now() - 7_200_000, Date.now() - 3_600_000);
  let requests = 0;
  const server = createTlsServer({ cert, key }, (_request, response) => {
    requests++;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const sender = await sendTo(`https://127.0.0.1:${port}`, 5000, { ca: cert });
  const summary = await place.run({ sender, files: [place.write("in.jsonl", lines(3))] });
  expect(summary).toMatchObject({ queued: 3, stopped: { kind: "unreachable", code: "CERT_HAS_EXPIRED" } });
  expect(requests).toBe(0);
  sender.close();
  await new Promise((resolve) => server.close(resolve));
});

test("a TLS handshake that nobody answers ends in time", async () => {
  const server = await rawServer(() => undefined);
  const sender = await sendTo(server.endpoint.replace("http:", "https:"), 500, { connectMs: 200, answerMs: 300 });
  const begun = performance.now();
  await expect(sender.send(request)).rejects.toMatchObject({ name: "TimeoutError" });
  expect(performance.now() - begun).toBeLessThan(5000);
  sender.close();
  await server.close();
});

test("a kept connection that the server has closed meanwhile costs one attempt at the most", async () => {
  const sender = await sendTo(lake.endpoint, 5000);
  await sender.send(request);
  await lake.close();
  expect(classifyFailure(await sender.send(request).catch((problem: unknown) => problem), 0).action).toBe("retry");
  sender.close();
  lake = await scriptedServer(accept);
});

/** Open files of this process; undefined where the system does not tell. */
const openFiles = () => (existsSync("/proc/self/fd") ? readdirSync("/proc/self/fd").length : undefined);

test("a thousand faults of every kind leave no file descriptor open", async () => {
  const behaviours = Object.values(faults).map(([behave]) => behave);
  let next = 0;
  const server = await rawServer((socket) => behaviours[next++ % behaviours.length]!(socket));
  const sender = await sendTo(server.endpoint, 100, { answerMs: 50 });
  await sender.send(request).catch(() => undefined);
  const before = openFiles();
  let ended = 0;
  await Promise.all(
    Array.from({ length: 25 }, async () => {
      for (let n = 0; n < 40; n++)
        await sender.send(request).then(
          () => ended++,
          () => ended++,
        );
    }),
  );
  expect(ended).toBe(1000);
  // The server lets go of its ends when it sees that the client has.
  await vi.waitFor(() => expect(openFiles() ?? 0).toBeLessThanOrEqual((before ?? 0) + 3), {
    timeout: 10_000,
    interval: 20,
  });
  sender.close();
  await server.close();
});
