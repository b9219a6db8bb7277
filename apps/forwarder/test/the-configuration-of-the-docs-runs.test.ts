import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { loadConfig } from "../src/config/load-config.ts";
import { scene } from "./support/scene.ts";

vi.setConfig({ testTimeout: 60_000 });

const text = readFileSync(new URL("../../docs/ship-logs.md", import.meta.url), "utf8");

test("tributary.yaml of ship-logs.md loads, with the secrets where it says", async () => {
  using place = scene();
  const [yaml] = [...text.matchAll(/^```yaml\n(# tributary\.yaml\n.*?)^```$/gms)].map((match) => match[1]!);
  place.write("github-webhook-secret", "a-secret\n");
  const file = place.write("tributary.yaml", yaml!);
  const config = await loadConfig(file, { OKTA_API_TOKEN: "a-token" });
  expect(config.integrations.map(({ name, poll, webhook }) => [name, poll !== undefined, webhook?.path])).toEqual([
    ["okta", true, undefined],
    ["github", false, "/hooks/github"],
  ]);
  expect(config.secrets).toEqual(["a-token", "a-secret"]);
});

test("tributary.yaml of several-forwarders.md loads", async () => {
  using place = scene();
  const guide = readFileSync(new URL("../../docs/several-forwarders.md", import.meta.url), "utf8");
  const [yaml] = [...guide.matchAll(/^```yaml\n(# tributary\.yaml\n.*?)^```$/gms)].map((match) => match[1]!);
  const url = "postgres://tributary:choose%2Done@db.example.com:5432/tributary?sslmode=verify-full";
  const env = { TRIBUTARY_POSTGRES: url, OKTA_API_TOKEN: "a-token", GITHUB_WEBHOOK_SECRET: "a-secret" };
  const config = await loadConfig(place.write("tributary.yaml", yaml!), env);
  expect(config.postgres).toEqual({ url, schema: "tributary", takeoverSeconds: 5 });
  // The password alone is a secret too, as it is written and as it is meant.
  expect(config.secrets).toEqual([url, "choose%2Done", "choose-one", "a-token", "a-secret"]);
});

test("tributary.yaml of syslog.md loads", async () => {
  using place = scene();
  const guide = readFileSync(new URL("../../docs/syslog.md", import.meta.url), "utf8");
  const [yaml] = [...guide.matchAll(/^```yaml\n(# tributary\.yaml\n.*?)^```$/gms)].map((match) => match[1]!);
  const config = await loadConfig(place.write("tributary.yaml", yaml!), {});
  expect(config.syslog.map(({ name, udp, tcp }) => [name, udp?.port, tcp?.port])).toEqual([["lan", 514, 601]]);
  expect(config.integrations.map(({ syslog }) => [syslog?.format, syslog?.payloadOnly])).toEqual([
    ["syslog", false],
    ["syslog", false],
  ]);
});

test("tributary.yaml of bulk.md loads", async () => {
  using place = scene();
  const guide = readFileSync(new URL("../../docs/bulk.md", import.meta.url), "utf8");
  const [yaml] = [...guide.matchAll(/^```yaml\n(# tributary\.yaml\n.*?)^```$/gms)].map((match) => match[1]!);
  place.write("shipper-api-key", "id:key\n");
  const config = await loadConfig(place.write("tributary.yaml", yaml!), { SHIPPER_PASSWORD: "a-password" });
  expect(config.integrations.map(({ bulk }) => [bulk?.path, bulk?.format, bulk?.authorizations.length])).toEqual([
    ["/elastic", "ndjson", 3],
  ]);
  expect(config.secrets).toEqual(["a-password", "id:key"]);
});

test("tributary.yaml of encryption.md loads", async () => {
  using place = scene();
  const guide = readFileSync(new URL("../../docs/encryption.md", import.meta.url), "utf8");
  const [yaml] = [...guide.matchAll(/^```yaml\n(# tributary\.yaml\n.*?)^```$/gms)].map((match) => match[1]!);
  const [key, former] = [Buffer.alloc(32, 1).toString("base64"), Buffer.alloc(32, 2).toString("base64")];
  const path = place.write("state-key", `${key}\n`);
  const own = yaml!.replace("/etc/tributary/state-key", path);
  const env = { OKTA_API_TOKEN: "a-token", FORMER_STATE_KEY: former };
  const config = await loadConfig(place.write("tributary.yaml", own), env);
  expect(config.keys?.id).toMatch(/^[0-9a-f]{16}$/);
  expect(config.secrets).toEqual([key, former, "a-token"]);
});

test("the destinations of ship-logs.md load", async () => {
  using place = scene();
  const [yaml] = [...text.matchAll(/^```yaml\n(integrations:\n.*?destinations:.*?)^```$/gms)].map((match) => match[1]!);
  const config = await loadConfig(place.write("tributary.yaml", yaml!), {});
  expect(config.integrations[0]?.destinations.map(({ name, accountId }) => [name, accountId])).toEqual([
    ["main", "111122223333"],
    ["archive", "444455556666"],
  ]);
});

test("tributary.yaml of watch.md loads", async () => {
  using place = scene();
  const guide = readFileSync(new URL("../../docs/watch.md", import.meta.url), "utf8");
  const [yaml] = [...guide.matchAll(/^```yaml\n(# tributary\.yaml\n.*?)^```$/gms)].map((match) => match[1]!);
  const config = await loadConfig(place.write("tributary.yaml", yaml!), { OKTA_API_TOKEN: "a-token" });
  expect(config.telemetry.traces).toEqual({ endpoint: "http://127.0.0.1:4318/v1/traces", ratio: 0.1 });
});

test.each(["files.md", "s3.md"])("each configuration of %s loads", async (page) => {
  using place = scene();
  const guide = readFileSync(new URL(`../../docs/${page}`, import.meta.url), "utf8");
  const [whole, ...parts] = [...guide.matchAll(/^```yaml\n(.*?)^```$/gms)].map((match) => match[1]!);
  const head = whole!.slice(0, whole!.search(/^ {4}(?:files|s3):/m));
  for (const yaml of [whole!, ...parts.map((part) => head + part)]) {
    const { integrations } = await loadConfig(place.write("tributary.yaml", yaml), {});
    expect(integrations.map(({ files, s3 }) => (files ?? s3) !== undefined)).toEqual([true]);
  }
});
