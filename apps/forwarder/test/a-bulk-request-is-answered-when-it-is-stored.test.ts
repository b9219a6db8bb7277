import { gzipSync, zstdCompressSync } from "node:zlib";
import * as fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { MalformedBulk, parseBulk, TooManyActions } from "../src/bulk/parse-bulk.ts";
import { tributary } from "./support/command.ts";
import { canary, config, run, type Running, toy, until } from "./support/running.ts";
import { accept, refuse, scriptedServer, type ScriptedServer } from "./support/scripted-server.ts";
import { scene, type Scene } from "./support/scene.ts";
import { storedRecords } from "./support/stored-records.ts";

vi.setConfig({ testTimeout: 60_000 });

let lake: ScriptedServer;
beforeAll(async () => void (lake = await scriptedServer()));
beforeEach(() => {
  lake.script = accept;
  lake.stored.clear();
});
afterAll(() => lake.close());

const bulk = (more = "") =>
  `    bulk: {path: /es, credentials: [{user: beat, password: {env: TOKEN}}, {apiKey: {env: KEY}}, {bearer: {env: BEARER}}]${more}}`;
const env = { KEY: "key-id:key-secret-of-the-test", BEARER: "bearer-of-the-test" };
const started = (place: Scene, more?: string, limits?: string): Running =>
  run(place, place.write("tributary.yaml", config(toy("toy", lake.endpoint, bulk(more)), limits)), env);
const record = (id: string) => JSON.stringify({ at: "2026-01-01T00:00:00Z", what: "Push", id });
const create = (document: string, meta: object = {}) => `${JSON.stringify({ create: meta })}\n${document}\n`;
const base64 = (text: string) => Buffer.from(text).toString("base64");
const basic = `Basic ${base64(`beat:${canary}`)}`;

interface Answer {
  readonly errors: boolean;
  readonly items: readonly Record<string, { readonly status: number; readonly _index: string; readonly _id: string }>[];
}

async function send(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
  path = "/es/logs/_bulk",
): Promise<{ readonly status: number; readonly answer: Answer; readonly headers: Headers }> {
  const response = await fetch(`${url}${path}`, {
    method: "POST",
    body,
    headers: { authorization: basic, "content-type": "application/x-ndjson", ...headers },
  });
  return { status: response.status, answer: JSON.parse(await response.text()), headers: response.headers };
}

test("documents are answered one by one and delivered; update and delete are refused for themselves", async () => {
  using place = scene();
  const running = started(place);
  const url = await running.url();
  const body =
    create(record("a"), { _index: "other", _id: "mine" }) +
    `{"delete":{"_id":"x"}}\n{"update":{"_id":"y"}}\n{"doc":{}}\n\n{"index":{}}\r\n${record("b")}\r\n`;
  const { status, answer, headers } = await send(url, body);
  expect([status, answer.errors, headers.get("x-elastic-product")]).toEqual([200, true, "Elasticsearch"]);
  expect(
    answer.items.map((item) => Object.entries(item).map(([action, one]) => [action, one.status, one["_index"]])),
  ).toEqual([
    [["create", 201, "other"]],
    [["delete", 400, "logs"]],
    [["update", 400, "logs"]],
    [["index", 201, "logs"]],
  ]);
  expect(answer.items[0]!["create"]!["_id"]).toBe("mine");
  await until(() => lake.stored.size === 2);
  expect([...lake.stored.keys()].toSorted()).toEqual(["a", "b"]);
  running.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 0 });
});

test("each kind of credential is let in, all else is refused before anything is read, probes too", async () => {
  using place = scene();
  const running = started(place);
  const url = await running.url();
  const good = [
    basic,
    `basic ${base64(`beat:${canary}`)}`,
    `ApiKey ${base64(env.KEY)}`,
    `ApiKey ${env.KEY}`,
    `Bearer ${env.BEARER}`,
  ];
  const wrong = [
    "",
    "Basic",
    `Basic ${base64(`beat:${canary}x`)}`,
    `Basic ${base64(`:${canary}`)}`,
    `Bearer ${canary}`,
    `ApiKey ${env.BEARER}`,
  ];
  for (const [n, authorization] of good.entries())
    expect((await send(url, create(record(`g${n}`)), { authorization }, "/es/_bulk")).status).toBe(200);
  for (const authorization of wrong) {
    expect((await send(url, create(record("w")), { authorization })).status).toBe(401);
    expect((await fetch(`${url}/es/`, { headers: { authorization } })).status).toBe(401);
  }
  await until(() => lake.stored.size === good.length);
  expect(lake.stored.has("w")).toBe(false);
  const get = (path: string) => fetch(`${url}${path}`, { headers: { authorization: basic } });
  const root = await get("/es");
  const about: { readonly version: { readonly number: string } } = JSON.parse(await root.text());
  expect([root.headers.get("x-elastic-product"), about.version.number]).toEqual(["Elasticsearch", "8.19.0"]);
  for (const path of ["/es/", "/es/_cluster/health", "/es/_cat/health", "/es/_license"])
    expect((await get(path)).status).toBe(200);
  expect((await fetch(`${url}/es/`, { method: "HEAD", headers: { authorization: basic } })).status).toBe(200);
  expect((await get("/es/_search")).status).toBe(404);
  expect((await get("/estate/_bulk")).status).toBe(404);
  const log = JSON.stringify(running.lines) + (await running.text("/metrics"));
  for (const secret of [canary, env.KEY, env.BEARER]) expect(log).not.toContain(secret);
  running.kill("SIGTERM");
  await running.ended;
});

test("at the path / it takes what no other path does, and metrics stay where they are", async () => {
  using place = scene();
  const root = toy("root", lake.endpoint, "    bulk: {path: /, credentials: [{user: beat, password: {env: TOKEN}}]}");
  const running = run(
    place,
    place.write("tributary.yaml", config(root + toy("toy", lake.endpoint.replace("127.0.0.1", "localhost"), bulk()))),
    env,
  );
  const url = await running.url();
  expect((await send(url, create(record("a")), {}, "/_bulk")).status).toBe(200);
  expect((await send(url, create(record("b")), {}, "/logs/_bulk")).status).toBe(200);
  expect((await send(url, create(record("c")), {}, "/es/_bulk")).status).toBe(200);
  const metrics = await running.text("/metrics");
  expect(metrics).toContain('tributary_bulk_total{integration="root",outcome="stored"} 2\n');
  expect(metrics).toContain('tributary_bulk_total{integration="toy",outcome="stored"} 1\n');
  running.kill("SIGTERM");
  await running.ended;
});

test("compressed bodies are read up to the limit of what they hold, and not beyond", async () => {
  using place = scene();
  const running = started(place, "", "bodyBytes: 20000");
  const url = await running.url();
  const gzip = { "content-encoding": "gzip" };
  expect((await send(url, gzipSync(create(record("a"))), gzip)).status).toBe(200);
  expect((await send(url, zstdCompressSync(create(record("b"))), { "content-encoding": "zstd" })).status).toBe(200);
  expect((await send(url, gzipSync(create("x".repeat(1_000_000))), gzip)).status).toBe(413);
  expect((await send(url, create(record("c")), gzip)).status).toBe(400);
  expect((await send(url, create(record("c")), { "content-encoding": "lzma" })).status).toBe(415);
  await until(() => lake.stored.size === 2);
  expect(await storedRecords(place)).toBe(2);
  running.kill("SIGTERM");
  await running.ended;
});

test("a body whose lines are not actions and documents is refused whole, and nothing of it is kept", async () => {
  using place = scene();
  const running = started(place);
  const url = await running.url();
  const good = create(record("a"));
  for (const body of [
    "",
    "\n\n",
    `${good}{"create":{}}\n`,
    `${good}{"create":{}}`,
    `${good}no json\n${record("b")}\n`,
    `${good}{"create":{},"index":{}}\n{}\n`,
    `${good}{"drop":{}}\n{}\n`,
    `${good}[]\n{}\n`,
    `${good}{"create":{}}\n\n`,
  ])
    expect((await send(url, body)).status).toBe(400);
  expect(await storedRecords(place)).toBe(0);
  running.kill("SIGTERM");
  await running.ended;
});

test("a document that is no JSON is a dead letter and not lost; with record, what a shipper wrapped is unwrapped", async () => {
  using place = scene();
  const running = started(place, ", record: /message");
  const url = await running.url();
  const wrapped = JSON.stringify({
    "@timestamp": "2026-01-01T00:00:00Z",
    message: record("a"),
    host: { name: "gate" },
  });
  const { answer } = await send(url, create(wrapped) + create(record("b")) + create("{broken"));
  expect(answer.items.map((item) => item["create"]!.status)).toEqual([201, 400, 201]);
  await until(() => lake.stored.size === 1);
  await until(async () => (await tributary(["dlq", "ls", "--state", place.statePath])).stdout.includes("NOT_JSON"));
  expect([...lake.stored.keys()]).toEqual(["a"]);
  running.kill("SIGTERM");
  await running.ended;
});

test("above the watermark a request is answered 429 with Retry-After, and probes as ever", async () => {
  using place = scene();
  lake.script = (_request, response) => refuse(response, 403, "ChannelInsufficientPermission");
  const running = started(place, "", "queuedEvents: 1000, parkSeconds: 1");
  const url = await running.url();
  const many = Array.from({ length: 1001 }, (_, n) => create(record(`m${n}`))).join("");
  expect((await send(url, many)).status).toBe(200);
  await until(async () => (await send(url, create(record("more")))).status === 429);
  const { headers } = await send(url, create(record("more")));
  expect(headers.get("retry-after")).toBe("30");
  expect((await fetch(`${url}/es/`, { headers: { authorization: basic } })).status).toBe(200);
  running.kill("SIGKILL");
  await running.ended;
});

test("a configuration without credentials, or with two in one, is refused", async () => {
  using place = scene();
  for (const [credentials, told] of [
    ["[]", "credentials"],
    ["[{user: beat}]", "It is not one way to authenticate"],
    ["[{bearer: {env: BEARER}, apiKey: {env: KEY}}]", "It is not one way to authenticate"],
    ["[{bearer: a-literal-secret}]", "It is a secret and must not stand here itself"],
  ] as const) {
    const file = place.write(
      "tributary.yaml",
      config(toy("toy", lake.endpoint, `    bulk: {path: /es, credentials: ${credentials}}`)),
    );
    const { code, stdout, stderr } = await tributary(["check", file], { env });
    expect([code, stdout + stderr]).toEqual([2, expect.stringContaining(told)]);
    expect(stdout + stderr).not.toContain("a-literal-secret");
  }
});

test("a body of very many short actions is refused before it takes memory", () => {
  const line = '{"delete":{}}\n';
  expect(parseBulk(Buffer.from(line.repeat(100_000)), undefined, undefined)).toHaveLength(100_000);
  expect(() => parseBulk(Buffer.from(line.repeat(100_001)), undefined, undefined)).toThrow(TooManyActions);
});

test("whatever bytes a body has, each document comes out as it was, or the body is refused", () => {
  const document = fc
    .oneof(fc.json(), fc.string())
    .map((text) => text.replaceAll(/[\r\n]/g, " "))
    .filter((text) => text.trim() !== "");
  fc.assert(
    fc.property(fc.array(document), fc.constantFrom("\n", "\r\n"), fc.boolean(), (documents, end, last) => {
      const text = documents.map((one) => `{"create":{}}${end}${one}`).join(end);
      const actions = parseBulk(Buffer.from(last ? `${text}${end}` : text), undefined, undefined);
      expect(actions.map(({ record: bytes }) => Buffer.from(bytes!).toString())).toEqual(documents);
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(endOf(bytes)).toMatch(/^(parsed|malformed)$/);
    }),
  );
});

function endOf(bytes: Uint8Array): string {
  try {
    parseBulk(bytes, undefined, undefined);
    return "parsed";
  } catch (error) {
    return error instanceof MalformedBulk ? "malformed" : String(error);
  }
}
