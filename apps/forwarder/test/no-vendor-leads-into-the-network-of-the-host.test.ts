import { createServer as createTcp, type Socket } from "node:net";
import { createServer, type RequestListener, type Server } from "node:http";
import { gzipSync } from "node:zlib";
import { afterEach, expect, test, vi } from "vitest";
import { isPublicAddress } from "../src/network/public-address.ts";
import { type Resolve, vendorNetwork } from "../src/network/vendor-network.ts";

vi.setConfig({ testTimeout: 30_000 });

const open: { close(): unknown; closeAllConnections?(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) {
    one.closeAllConnections?.();
    one.close();
  }
});

async function serve(listener: RequestListener): Promise<number> {
  const server: Server = createServer(listener);
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as { readonly port: number }).port;
}

const network = (options: Partial<Parameters<typeof vendorNetwork>[0]> = {}) => {
  const made = vendorNetwork({ allowPrivate: [], ...options });
  open.push(made);
  return made;
};
const forbidden = expect.objectContaining({ code: "ADDRESS_FORBIDDEN", retryable: false });

test.each([
  "0.0.0.0",
  "10.1.2.3",
  "100.64.0.1",
  "127.0.0.1",
  "127.255.255.254",
  "169.254.169.254",
  "172.16.0.1",
  "172.31.255.255",
  "192.0.0.8",
  "192.168.1.1",
  "198.18.0.1",
  "224.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::ffff:127.0.0.1",
  "::ffff:10.0.0.1",
  "::127.0.0.1",
  "64:ff9b::7f00:1",
  "64:ff9b:1::a00:1",
  "2002:7f00:1::",
  "2001:0:4136:e378:8000:63bf:3fff:fdd2",
  "fe80::1",
  "fe80::1%eth0",
  "fec0::1",
  "fc00::1",
  "fd12:3456::1",
  "ff02::1",
  "100::1",
  "2001:db8::1",
  "localhost",
  "",
])("%s is not public", (address) => expect(isPublicAddress(address)).toBe(false));

test.each(["1.1.1.1", "8.8.8.8", "172.15.0.1", "172.32.0.1", "100.63.0.1", "2606:4700::1111", "2a00:1450:4001::1"])(
  "%s is public",
  (address) => expect(isPublicAddress(address)).toBe(true),
);

test.each([
  "https://127.0.0.1/",
  "https://[::1]/",
  "https://[::ffff:169.254.169.254]/latest/",
  "https://10.0.0.1/",
  "https://2130706433/",
  "https://0x7f.1/",
  "https://0177.0.0.1/",
  "http://example.com/",
  "http://localhost/",
  "ftp://example.com/",
])("%s is refused before anything is sent", async (url) => {
  const resolve = vi.fn<Resolve>(() => Promise.resolve([{ address: "1.1.1.1", family: 4 }]));
  await expect(network({ resolve }).send(new Request(url))).rejects.toEqual(forbidden);
  expect(resolve).not.toHaveBeenCalled();
});

test("a name at a private address is refused, also among public ones; it is looked up once for a connection", async () => {
  const answers = [
    [
      { address: "1.1.1.1", family: 4 },
      { address: "169.254.169.254", family: 4 },
    ],
    [{ address: "::ffff:10.0.0.1", family: 6 }],
  ];
  const resolve = vi.fn<Resolve>(() => Promise.resolve(answers.shift()!));
  const { send } = network({ resolve });
  await expect(send(new Request("https://vendor.example.com/"))).rejects.toEqual(forbidden);
  await expect(send(new Request("https://vendor.example.com/"))).rejects.toEqual(forbidden);
  expect(resolve).toHaveBeenCalledTimes(2);
});

test("what was checked is what is reached: a name is looked up once for a connection, which goes to just that answer", async () => {
  const port = await serve((_request, response) => response.end("here"));
  // A second answer would be another machine.
  const answers = ["127.0.0.1", "192.0.2.1"];
  const resolve = () => Promise.resolve([{ address: answers.shift()!, family: 4 }]);
  const { send } = network({ resolve, allowPrivate: ["vendor.example.com"], connectMs: 2000 });
  const url = `http://vendor.example.com:${port}/`;
  expect(await (await send(new Request(url))).text()).toBe("here");
  // The connection is kept, and so is what was checked for it.
  expect(await (await send(new Request(url))).text()).toBe("here");
  expect(answers).toEqual(["192.0.2.1"]);
});

test("a host that is allowed may be private and without TLS: just that one, and just on its port where one is named", async () => {
  const port = await serve((_request, response) => response.end("hello"));
  const { send } = network({ allowPrivate: [`127.0.0.1:${port}`] });
  expect(await (await send(new Request(`http://127.0.0.1:${port}/`))).text()).toBe("hello");
  await expect(send(new Request(`http://127.0.0.1:${port + 1}/`))).rejects.toEqual(forbidden);
  await expect(send(new Request(`http://localhost:${port}/`))).rejects.toEqual(forbidden);
});

test("a redirect is an answer, not a way: nothing is asked for where it points", async () => {
  const paths: string[] = [];
  const port = await serve((request, response) => {
    paths.push(request.url!);
    response.writeHead(302, { location: "http://169.254.169.254/latest/meta-data" }).end();
  });
  const response = await network({ allowPrivate: ["127.0.0.1"] }).send(new Request(`http://127.0.0.1:${port}/a`));
  expect(response.status).toBe(302);
  expect(paths).toEqual(["/a"]);
});

test("bodies, methods and headers pass as they are; compressed answers come inflated", async () => {
  const port = await serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const told = `${request.method} ${request.headers["x-mine"] as string} ${Buffer.concat(chunks).toString()}`;
      response.writeHead(200, { "content-encoding": "gzip", "x-theirs": "b" }).end(gzipSync(told));
    });
  });
  const { send } = network({ allowPrivate: ["127.0.0.1"] });
  const response = await send(
    new Request(`http://127.0.0.1:${port}/`, { method: "POST", body: "grant", headers: { "x-mine": "a" } }),
  );
  expect([response.headers.get("x-theirs"), await response.text()]).toEqual(["b", "POST a grant"]);
});

test("no vendor holds a poller: connection, answer, body and the whole have their time, and sockets are closed", async () => {
  const sockets = new Set<Socket>();
  const mute = createTcp((socket) => {
    sockets.add(socket);
    socket.resume();
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  });
  open.push(mute);
  await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
  const { port } = mute.address() as { readonly port: number };
  const allowPrivate = ["127.0.0.1"];
  // TLS that never begins, an answer that never comes.
  await expect(
    network({ allowPrivate, connectMs: 50 }).send(new Request(`https://127.0.0.1:${port}/`)),
  ).rejects.toThrow("no connection within 50 ms");
  await expect(network({ allowPrivate, headersMs: 50 }).send(new Request(`http://127.0.0.1:${port}/`))).rejects.toThrow(
    "no answer within 50 ms",
  );
  // A body that stops, and one that never ends.
  const stops = await serve((_request, response) => void response.write("a"));
  const silent = await network({ allowPrivate, idleMs: 50 }).send(new Request(`http://127.0.0.1:${stops}/`));
  await expect(silent.text()).rejects.toThrow(/no byte of the body within 50 ms|aborted|terminated/);
  const drips = await serve((_request, response) => {
    const timer = setInterval(() => response.write("a"), 10);
    response.on("close", () => clearInterval(timer));
  });
  const endless = await network({ allowPrivate, totalMs: 200 }).send(new Request(`http://127.0.0.1:${drips}/`));
  await expect(endless.text()).rejects.toThrow(/no end within 200 ms|aborted|terminated/);
  const abort = new AbortController();
  const aborted = network({ allowPrivate }).send(new Request(`http://127.0.0.1:${port}/`, { signal: abort.signal }));
  abort.abort();
  await expect(aborted).rejects.toThrow("aborted");
  await vi.waitFor(() => expect(sockets.size).toBe(0));
});
