import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect, type Socket } from "node:net";
import * as tls from "node:tls";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { classifyFailure } from "../src/delivery/classify-failure.ts";
import { vendorNetwork } from "../src/network/vendor-network.ts";
import { certificate } from "./support/certificate.ts";
import { sendTo } from "./support/scene.ts";

vi.setConfig({ testTimeout: 60_000 });

const request = {
  channelArn: "arn:aws:cloudtrail:us-east-1:111122223333:channel/x",
  auditEvents: [{ id: "a", eventData: "{}", eventDataChecksum: "x" }],
};

const { cert, key } = certificate("lake.example.com");
/** A lake behind TLS, by the name lake.example.com, which only the proxy can find. */
let lake: Server;
let lakePort = 0;
let proxy: Server;
let proxyUrl = "";
/** What the proxy was asked for, with the password that came along. */
let asked: string[] = [];
let status = 200;
let received = 0;
const sockets = new Set<Socket>();

const listen = async (server: Server): Promise<number> => {
  server.on("connection", (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
};

beforeEach(async () => {
  asked = [];
  status = 200;
  received = 0;
  lake = createTlsServer({ cert, key }, (incoming, response) => {
    incoming.resume().on("end", () => {
      received++;
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ successful: [{ id: "a", eventID: "e" }], failed: [] }));
    });
  });
  lakePort = await listen(lake);
  proxy = createServer((incoming, response) => {
    asked.push(`${incoming.method} ${incoming.url?.split("?")[0]} ${incoming.headers["proxy-authorization"] ?? ""}`);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ successful: [{ id: "a", eventID: "e" }], failed: [] }));
  });
  proxy.on("connect", (incoming, socket: Socket) => {
    asked.push(`CONNECT ${incoming.url} ${incoming.headers["proxy-authorization"] ?? ""}`);
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      return;
    }
    const out = connect(lakePort, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      out.pipe(socket).pipe(out);
    });
    out.on("error", () => socket.destroy());
    socket.on("error", () => out.destroy());
  });
  proxyUrl = `http://127.0.0.1:${await listen(proxy)}`;
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await Promise.all([lake, proxy].map((server) => new Promise((resolve) => server.close(resolve))));
});

test("deliveries go through HTTPS_PROXY, with its password, and TLS reaches to the lake itself", async () => {
  const env = { HTTPS_PROXY: proxyUrl.replace("//", "//someone:pass-1@") };
  const sender = await sendTo("https://lake.example.com", 5000, { ca: cert, env });
  expect((await sender.send(request)).successful).toEqual([{ id: "a", eventID: "e" }]);
  await sender.send(request);
  const basic = Buffer.from("someone:pass-1").toString("base64");
  // The connection is kept: one tunnel for both.
  expect(asked).toEqual([`CONNECT lake.example.com:443 Basic ${basic}`]);
  expect(received).toBe(2);
  sender.close();
});

test("an http endpoint goes through HTTP_PROXY; small letters count before capitals", async () => {
  const env = { HTTP_PROXY: "http://127.0.0.1:1", http_proxy: proxyUrl };
  const sender = await sendTo("http://lake.example.com:8080", 5000, { env });
  await sender.send(request);
  expect(asked).toEqual(["POST http://lake.example.com:8080/PutAuditEvents "]);
  sender.close();
});

for (const [endpoint, noProxy] of [
  ["https://lake.example.com", "lake.example.com"],
  ["https://lake.example.com", ".example.com"],
  ["https://lake.example.com", "*"],
] as const)
  test(`NO_PROXY ${noProxy} goes around the proxy`, async () => {
    const sender = await sendTo(endpoint, 2000, { env: { HTTPS_PROXY: proxyUrl, NO_PROXY: noProxy } });
    const error: unknown = await sender.send(request).catch((problem: unknown) => problem);
    expect(classifyFailure(error, 0).code).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
    expect(asked).toEqual([]);
    sender.close();
  });

test("this machine is never asked through a proxy", async () => {
  const { cert: local, key: localKey } = certificate("127.0.0.1");
  const own = createTlsServer({ cert: local, key: localKey }, (_incoming, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ successful: [{ id: "a", eventID: "e" }], failed: [] }));
  });
  const port = await listen(own);
  const sender = await sendTo(`https://127.0.0.1:${port}`, 5000, { ca: local, env: { HTTPS_PROXY: proxyUrl } });
  expect((await sender.send(request)).successful).toHaveLength(1);
  expect(asked).toEqual([]);
  sender.close();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => own.close(resolve));
});

test("a proxy that refuses is told as such, without its password, and tried again", async () => {
  status = 407;
  const env = { HTTPS_PROXY: proxyUrl.replace("//", "//someone:pass-1@") };
  const sender = await sendTo("https://lake.example.com", 5000, { ca: cert, env });
  const failure = classifyFailure(await sender.send(request).catch((problem: unknown) => problem), 0);
  expect(failure).toMatchObject({ action: "retry", code: "ERR_PROXY_TUNNEL" });
  expect(failure.message).toContain("407");
  expect(failure.message).not.toContain("pass-1");
  sender.close();
});

test("a proxy that is no URL is refused at the start, and its text is not shown", async () => {
  for (const value of ["proxy:3128:pass-1", "socks5://pass-1", "pass-1"]) {
    const refused: unknown = await sendTo("https://lake.example.com", 5000, { env: { HTTPS_PROXY: value } }).catch(
      (problem: unknown) => problem,
    );
    expect(refused).toMatchObject({ code: "PROXY_INVALID", message: expect.not.stringContaining("pass-1") as string });
  }
});

test("a certificate of an authority that nobody named is refused; with channel.ca it is trusted", async () => {
  const env = { HTTPS_PROXY: proxyUrl };
  const without = await sendTo("https://lake.example.com", 5000, { env });
  const failure = classifyFailure(await without.send(request).catch((problem: unknown) => problem), 0);
  expect(failure).toMatchObject({ action: "retry", code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  expect(received).toBe(0);
  const other = await sendTo("https://lake.example.com", 5000, { env, ca: certificate("lake.example.com").cert });
  await expect(other.send(request)).rejects.toMatchObject({ code: expect.stringMatching(/CERT|UNABLE/) as string });
  for (const sender of [without, other]) sender.close();
});

for (const [options, environment, host] of [
  [{}, {}, "cloudtrail-data.us-east-1.amazonaws.com"],
  [{ fips: true }, {}, "cloudtrail-data-fips.us-east-1.amazonaws.com"],
  [{ dualStack: true }, {}, "cloudtrail-data.us-east-1.api.aws"],
  [{ fips: true, dualStack: true }, {}, "cloudtrail-data-fips.us-east-1.api.aws"],
  [{}, { AWS_USE_FIPS_ENDPOINT: "true" }, "cloudtrail-data-fips.us-east-1.amazonaws.com"],
  [{}, { AWS_USE_DUALSTACK_ENDPOINT: "true" }, "cloudtrail-data.us-east-1.api.aws"],
  [{ fips: false }, { AWS_USE_FIPS_ENDPOINT: "true" }, "cloudtrail-data.us-east-1.amazonaws.com"],
  [{ region: "us-gov-west-1", fips: true }, {}, "cloudtrail-data-fips.us-gov-west-1.amazonaws.com"],
] as const)
  test(`${JSON.stringify(options)} ${JSON.stringify(environment)} asks ${host}`, async () => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    status = 502;
    const sender = await sendTo(undefined, 5000, { ...options, env: { HTTPS_PROXY: proxyUrl } });
    await sender.send(request).catch(() => undefined);
    expect(asked).toEqual([`CONNECT ${host}:443 `]);
    sender.close();
    vi.unstubAllEnvs();
  });

/** Names as a machine behind a proxy knows them: its own, and no other. */
const names: Readonly<Record<string, string>> = {
  "hr.corp.example.com": "10.1.2.3",
  localhost: "127.0.0.1",
};
const resolve = (name: string) =>
  names[name] === undefined
    ? Promise.reject(Object.assign(new Error(`no ${name}`), { code: "ENOTFOUND" }))
    : Promise.resolve([{ address: names[name], family: 4 }]);
/** By its name, which is of a private address, as a proxy is. */
const named = () => proxyUrl.replace("127.0.0.1", "localhost");

test("vendors are asked through HTTPS_PROXY, which finds their names, and TLS reaches to the vendor itself", async () => {
  const before = tls.getCACertificates("default");
  tls.setDefaultCACertificates([...before, cert]);
  const network = vendorNetwork({ allowPrivate: [], resolve, env: { https_proxy: named() } });
  try {
    const response = await network.send(new Request("https://lake.example.com/logs"));
    expect(await response.json()).toMatchObject({ failed: [] });
    expect(asked).toEqual(["CONNECT lake.example.com:443 "]);
  } finally {
    network.close();
    tls.setDefaultCACertificates(before);
  }
});

test("a proxy is no way into the network of the host: private addresses and names stay forbidden, http too", async () => {
  const env = { HTTPS_PROXY: named(), HTTP_PROXY: named() };
  const network = vendorNetwork({ allowPrivate: [], resolve, env });
  for (const url of [
    "https://10.0.0.7/",
    "https://[::1]/",
    "https://169.254.169.254/latest",
    "https://hr.corp.example.com/",
    "https://localhost/",
    "http://lake.example.com/",
    // No public DNS has such names, whatever the proxy makes of them.
    "https://vault/",
    "https://vault./",
    "https://metadata.google.internal/",
    "https://kubernetes.default.svc.cluster.local/",
    "https://printer.home.arpa/",
  ])
    await expect(network.send(new Request(url))).rejects.toMatchObject({ code: "ADDRESS_FORBIDDEN" });
  expect(asked).toEqual([]);
  network.close();
  const allowing = vendorNetwork({ allowPrivate: ["lake.example.com"], resolve, env });
  expect((await allowing.send(new Request("http://lake.example.com/logs"))).status).toBe(200);
  expect(asked).toEqual(["GET http://lake.example.com/logs "]);
  allowing.close();
});

test("onlyKnownNames: a proxy is asked for no name that this machine cannot resolve, unless allowPrivate has it", async () => {
  const env = { HTTPS_PROXY: named(), HTTP_PROXY: named() };
  const network = vendorNetwork({ allowPrivate: [], onlyKnownNames: true, resolve, env });
  await expect(network.send(new Request("https://lake.example.com/"))).rejects.toMatchObject({
    code: "ADDRESS_FORBIDDEN",
    message: expect.stringContaining("lake.example.com is not known to this machine") as string,
  });
  expect(asked).toEqual([]);
  network.close();
  const allowing = vendorNetwork({ allowPrivate: ["lake.example.com", "vault"], onlyKnownNames: true, resolve, env });
  for (const host of ["lake.example.com", "vault"]) await allowing.send(new Request(`http://${host}/logs`));
  expect(asked).toEqual(["GET http://lake.example.com/logs ", "GET http://vault/logs "]);
  allowing.close();
});

test("NO_PROXY sends a vendor's requests around the proxy, to the address that was checked", async () => {
  const env = { HTTPS_PROXY: named(), NO_PROXY: "lake.example.com" };
  const network = vendorNetwork({ allowPrivate: [], resolve, env });
  await expect(network.send(new Request("https://lake.example.com/"))).rejects.toMatchObject({ code: "ENOTFOUND" });
  expect(asked).toEqual([]);
  network.close();
  expect(() => vendorNetwork({ allowPrivate: [], env: { HTTPS_PROXY: "socks5://pass-1" } })).toThrow(
    expect.objectContaining({ code: "PROXY_INVALID" }),
  );
});
