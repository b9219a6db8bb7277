import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { request as httpsRequest } from "node:https";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { httpListener, type Listener, type Routes } from "../src/daemon/http-listener.ts";
import type { Receiver } from "../src/daemon/receiver.ts";
import { scene } from "./support/scene.ts";

vi.setConfig({ testTimeout: 30_000 });

const open: Listener[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close(AbortSignal.abort());
});

const receiver = {
  before: () => Promise.resolve(undefined),
  receive: ({ method, url, body }: Parameters<Receiver["receive"]>[0]) =>
    Promise.resolve({ status: 200, body: `${method} ${url.href} ${body.length}` }),
} as unknown as Receiver;

const routes = (more: Partial<Routes> = {}): Routes => ({
  receiver: (path) => (path === "/hooks/a" ? receiver : undefined),
  metrics: () => Promise.resolve("tributary_queued 1\n"),
  isReady: () => true,
  bodyBytes: () => 1000,
  ...more,
});

const listen = async (config: Partial<Parameters<typeof httpListener>[0]>, with_ = routes()) => {
  const made = await httpListener({ host: "127.0.0.1", port: 0, insecure: false, ...config }, with_);
  open.push(made);
  return made;
};

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { readonly port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const status = async (url: string) => (await fetch(url)).status;

test("operations beside the webhooks; not ready means 503 for both", async () => {
  let ready = true;
  const { url } = await listen({}, routes({ isReady: () => ready }));
  expect(await (await fetch(`${url}/metrics?x=1`)).text()).toBe("tributary_queued 1\n");
  expect(await (await fetch(`${url}/hooks/a?b=c`, { method: "PUT", body: "12" })).text()).toBe(
    `PUT ${url}/hooks/a?b=c 2`,
  );
  expect([await status(`${url}/healthz`), await status(`${url}/readyz`), await status(`${url}/`)]).toEqual([
    200, 200, 404,
  ]);
  ready = false;
  expect([await status(`${url}/healthz`), await status(`${url}/readyz`), await status(`${url}/hooks/a`)]).toEqual([
    200, 503, 503,
  ]);
});

test("operations at an address of their own: who reaches the webhooks does not see them", async () => {
  const port = await freePort();
  const { url } = await listen({ operations: { host: "127.0.0.1", port } });
  for (const path of ["/metrics", "/healthz", "/readyz"]) {
    expect(await status(`${url}${path}`)).toBe(404);
    expect(await status(`http://127.0.0.1:${port}${path}`)).toBe(200);
  }
  expect(await status(`http://127.0.0.1:${port}/hooks/a`)).toBe(404);
});

test("an address that is taken is told by its name", async () => {
  const { url } = await listen({});
  await expect(listen({ port: Number(new URL(url).port) })).rejects.toMatchObject({ code: "LISTEN_FAILED" });
});

test("what goes wrong within is 503 and ends nothing", async () => {
  const { url } = await listen(
    {},
    routes({
      metrics: () => {
        throw new Error("disk I/O error");
      },
    }),
  );
  expect(await status(`${url}/metrics`)).toBe(503);
  expect(await status(`${url}/healthz`)).toBe(200);
});

test("TLS by certificate files", async () => {
  using place = scene();
  const [cert, key] = ["cert.pem", "key.pem"].map((name) => join(place.directory, name)) as [string, string];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  execFileSync("openssl", [...made, ...subject, "-keyout", key, "-out", cert], { stdio: "ignore" });
  const { url } = await listen({ tls: { cert, key } });
  const answer = await new Promise<string>((resolve, reject) => {
    const options = {
      ca: readFileSync(cert),
      servername: "localhost",
      method: "POST",
      headers: { host: "hooks.example.com" },
    };
    const request = httpsRequest(`${url}/hooks/a`, options, (response) => {
      response.setEncoding("utf8").on("data", resolve);
    });
    request.on("error", reject);
    request.end("123");
  });
  expect(answer).toBe("POST https://hooks.example.com/hooks/a 3");
});
