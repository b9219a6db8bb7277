import { createServer, type Server } from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { canary, config, run, type Running, toy, until } from "./support/running.ts";
import { accept, refuse, scriptedServer, type ScriptedServer } from "./support/scripted-server.ts";
import { scene, type Scene } from "./support/scene.ts";

vi.setConfig({ testTimeout: 60_000 });

let lake: ScriptedServer;
beforeAll(async () => void (lake = await scriptedServer()));
beforeEach(() => {
  lake.script = accept;
  lake.stored.clear();
});
afterAll(() => lake.close());

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly links?: readonly { readonly spanId: string }[];
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[];
  readonly status: { readonly code?: number };
}
interface Exported {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly Span[] }[] }[];
}

/** A collector of OTLP over HTTP. */
let collector: Server | undefined;
let bodies: string[] = [];
afterEach(() => {
  collector?.closeAllConnections();
  collector?.close();
});
async function collect(path: string, status = 200): Promise<string> {
  bodies = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      if (request.url === path) bodies.push(body);
      if (status !== 0) response.writeHead(status, { "content-type": "application/json" }).end("{}");
    });
  });
  collector = server;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}
const spans = (): readonly Span[] =>
  bodies.flatMap((body) => {
    const { resourceSpans }: Exported = JSON.parse(body);
    return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
  });
const named = (name: string) => spans().filter((span) => span.name === name);

const source = "    bulk: {path: /es, credentials: [{bearer: {env: TOKEN}}]}";
const started = (place: Scene, telemetry: string, env: Record<string, string> = {}): Running =>
  run(place, place.write("tributary.yaml", `${telemetry}${config(toy("toy", lake.endpoint, source))}`), env);

const record = (id: string) =>
  JSON.stringify({ at: "2026-01-01T00:00:00Z", what: "Push", id, note: "value-of-a-record" });

async function send(url: string, ids: readonly string[]): Promise<void> {
  const body = ids.map((id) => `{"create":{}}\n${record(id)}\n`).join("");
  const headers = { authorization: `Bearer ${canary}` };
  expect((await fetch(`${url}/es/_bulk`, { method: "POST", headers, body })).status).toBe(200);
}

test("intake, mapping, request and settlement are spans, and a request names the chunks that are in it", async () => {
  using place = scene();
  const endpoint = await collect("/v1/traces");
  const running = started(place, `telemetry: {traces: {endpoint: "${endpoint}/v1/traces"}}\n`);
  await send(await running.url(), ["a", "b"]);
  await until(() => lake.stored.size === 2);
  running.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 0 });
  const [intake, map, request, settle] = ["intake", "map", "send", "settle"].map(
    (name) => named(`tributary.${name}`)[0]!,
  );
  expect(map!.parentSpanId).toBe(intake!.spanId);
  expect(map!.traceId).toBe(intake!.traceId);
  expect(request!.links?.map(({ spanId }) => spanId)).toEqual([map!.spanId]);
  expect(settle!.links?.map(({ spanId }) => spanId)).toEqual([request!.spanId]);
  const attributes = Object.fromEntries(request!.attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
  expect(attributes).toMatchObject({ "tributary.integration": "toy", "tributary.events": 2, "tributary.chunks": 1 });
  expect(bodies.join("")).not.toContain("value-of-a-record");
  expect(bodies.join("")).not.toContain(canary);
});

test("OpenTelemetry's own variables say where to, and a refused request is an error", async () => {
  using place = scene();
  lake.script = (_request, response) => refuse(response, 403, "ChannelInsufficientPermission", "value-of-a-record");
  const endpoint = await collect("/otlp/v1/traces");
  const running = started(place, "", {
    OTEL_EXPORTER_OTLP_ENDPOINT: `${endpoint}/otlp`,
    OTEL_BSP_SCHEDULE_DELAY: "50",
  });
  await send(await running.url(), ["a"]);
  await until(() => lake.requests.length > 0);
  await running.line(({ message }) => message.includes("is parked"));
  running.kill("SIGTERM");
  await running.ended;
  expect(named("tributary.send").map(({ status }) => status.code)).toContain(2);
  expect(bodies.join("")).not.toContain("value-of-a-record");
});

test("a collector that refuses, hangs or is not there holds up nothing, and the log says it once", async () => {
  for (const status of [500, 0, undefined]) {
    using place = scene();
    const endpoint = status === undefined ? "http://127.0.0.1:9" : await collect("/v1/traces", status);
    const running = started(place, `telemetry: {traces: {endpoint: "${endpoint}/v1/traces"}}\n`);
    const url = await running.url();
    for (let n = 0; n < 5; n++) await send(url, [`${status}-${n}`]);
    await until(() => lake.stored.has(`${status}-4`));
    const began = performance.now();
    running.kill("SIGTERM");
    expect(await running.ended).toMatchObject({ code: 0 });
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(running.lines.filter(({ code }) => code === "SPANS_LOST").length).toBeLessThanOrEqual(1);
  }
});

test("nothing is traced unless it is asked for", async () => {
  using place = scene();
  const endpoint = await collect("/v1/traces");
  const running = started(place, "", { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SDK_DISABLED: "true" });
  await send(await running.url(), ["a"]);
  await until(() => lake.stored.size === 1);
  running.kill("SIGTERM");
  await running.ended;
  expect(bodies).toEqual([]);
});
