import { mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { expandPattern } from "../src/tail/expand-pattern.ts";
import type { DestinationStatus, IntegrationStatus } from "../src/daemon/integration-status.ts";
import { LiveView } from "../src/daemon/live-view.ts";
import { logWriter } from "../src/daemon/log.ts";
import { metrics } from "../src/daemon/metrics.ts";
import { Parking } from "../src/daemon/parking.ts";
import { PeriodicLog } from "../src/daemon/periodic-log.ts";
import { Scrubber } from "../src/daemon/scrubber.ts";
import { emptyTally } from "../src/pipeline/tally.ts";
import { builtInAdapters } from "../src/adapters/built-in.ts";
import { ConfigInvalid } from "../src/config/config-invalid.ts";
import { loadConfig } from "../src/config/load-config.ts";
import { tributary } from "./support/command.ts";
import { instantClock } from "./support/instant-clock.ts";
import { channelArn, scene } from "./support/scene.ts";

vi.setConfig({ testTimeout: 60_000 });

const destination = (delivered: number, more: Partial<DestinationStatus> = {}): DestinationStatus => ({
  name: "",
  channelArn,
  counts: {
    tally: { ...emptyTally(), delivered, dead: 2 },
    deadByCode: new Map([["NOT_JSON", 2]]),
    droppedByRule: new Map(),
    requests: 3,
    retries: 1,
    throttled: 2,
    concurrency: 8,
  },
  queued: 5,
  lagSeconds: 61,
  parked: undefined,
  ...more,
});

const status = (delivered: number, more: Partial<IntegrationStatus> = {}): IntegrationStatus => ({
  name: "okta",
  adapter: "okta",
  destinations: [destination(delivered)],
  isHeld: true,
  stored: 12,
  parked: [],
  troubles: new Map(),
  pages: 4,
  cursorAgeSeconds: 7,
  deliveries: undefined,
  files: undefined,
  objects: undefined,
  ...more,
});

/** A stream that keeps what is written. */
function sink(): NodeJS.WritableStream & { readonly text: () => string } {
  const parts: string[] = [];
  const stream = { write: (part: string) => parts.push(part) > 0, text: () => parts.join("") };
  return stream as unknown as NodeJS.WritableStream & { readonly text: () => string };
}

test("the live table: rate, lag, backlog and dead of each integration, drawn over", () => {
  const stream = sink();
  const view = new LiveView(stream);
  view.draw([status(100)], 1000);
  view.draw(
    [status(350, { destinations: [destination(350, { parked: { code: "AccessDenied", message: "no" } })] })],
    2000,
  );
  expect(stream.text().split("\u001b[2A\u001b[J")[1]).toBe(
    "INTEGRATION  RATE   LAG   QUEUED  DEAD  DELIVERED  \nokta         250/s  61 s       5     2        350  channel parked: AccessDenied\n",
  );
});

test("plain logs: a line for what has changed, no line for what has not; as JSON by option", () => {
  const stream = sink();
  const scrubber = new Scrubber();
  scrubber.know(["very-secret", "a b/c&d"]);
  const plain = logWriter(stream, "plain", () => 0, scrubber.scrub);
  const periodic = new PeriodicLog(plain);
  periodic.write([status(1)], 1000);
  periodic.write([status(1)], 2000);
  plain("warn", "very-secret and a%20b%2Fc%26d and dmVyeS1zZWNyZXQ=\u001b[31m", { file: "a b" });
  logWriter(stream, "json", () => 0, scrubber.scrub)("info", "a b/c&d", { queued: 1, code: undefined });
  expect(stream.text().split("\n")).toEqual([
    "1970-01-01T00:00:00.000Z info okta: progress delivered=1 alreadyDelivered=0 changed=0 dead=2 dropped=0 queued=5 lagSeconds=61 ratePerSecond=0",
    '1970-01-01T00:00:00.000Z warn *** and *** and ***\\u001b[31m file="a b"',
    '{"time":"1970-01-01T00:00:00.000Z","level":"info","message":"***","queued":1}',
    "",
  ]);
});

test("metrics are Prometheus' text, with a number for every way to fall behind", () => {
  const troubles = new Map([['a"b\\c', 1]]);
  const text = metrics(
    [status(100, { troubles, deliveries: { stored: 1, replayed: 0, replied: 0, refused: 2, tooMany: 0, failed: 0 } })],
    { residentBytes: 1000, state: { bytes: 5, freeBytes: 6 }, syslog: [], syslogUnmatched: 0 },
  );
  for (const line of text.trimEnd().split("\n"))
    expect(line).toMatch(
      /^(# (HELP|TYPE) tributary_[a-z_]+ .+|tributary_[a-z_]+(\{[a-z]+="([^"\\]|\\.)*"(,[a-z]+="([^"\\]|\\.)*")*\})? \d+)$/,
    );
  const families = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map((match) => [match[1]!, match[2]!]));
  expect([...text.matchAll(/^# HELP (\S+) \S.*$/gm)].map((match) => match[1])).toEqual([...families.keys()]);
  for (const [family, type] of families)
    expect([family, family.endsWith("_total")]).toEqual([family, type === "counter"]);
  const series = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  expect(new Set(series.map((line) => line.replace(/ \S+$/, ""))).size).toBe(series.length);
  for (const line of series) expect(families.has(/^[a-z_]+/.exec(line)![0])).toBe(true);
  for (const line of [
    'tributary_records_total{integration="okta",end="delivered"} 100',
    'tributary_dead_total{integration="okta",code="NOT_JSON"} 2',
    "tributary_state_disk_free_bytes 6",
    'tributary_lag_seconds{integration="okta"} 61',
    'tributary_troubles_total{integration="okta",code="a\\"b\\\\c"} 1',
    'tributary_throttled_total{integration="okta"} 2',
    'tributary_concurrency{integration="okta"} 8',
    'tributary_poll_cursor_age_seconds{integration="okta"} 7',
    'tributary_webhook_deliveries_total{integration="okta",outcome="refused"} 2',
  ])
    expect(text).toContain(`${line}\n`);
});

test("parking waits ever longer, up to sixteen times, starts over when it worked, and ends when a person says so", async () => {
  const clock = instantClock();
  const changes: (string | undefined)[] = [];
  const onChange = (reason: { readonly code: string } | undefined) => void changes.push(reason?.code);
  let works = 0;
  const parking = new Parking({ clock, random: () => 1, seconds: 60, onChange, onWorks: () => works++ });
  const { signal } = new AbortController();
  for (let n = 0; n < 6; n++) await parking.park({ code: "A", message: "" }, signal);
  expect(clock.delays).toEqual([60, 120, 240, 480, 960, 960].map((seconds) => seconds * 1000));
  parking.clear();
  await parking.park({ code: "B", message: "" }, signal);
  expect(clock.delays.at(-1)).toBe(60_000);
  await parking.park({ code: "SLOW", message: "" }, signal, { atLeastMs: 3_600_000 });
  expect(clock.delays.at(-1)).toBe(3_600_000);
  const paused = parking.park({ code: "PAUSED", message: "" }, signal, { forPerson: true });
  parking.release();
  await paused;
  expect(changes).toEqual(["A", "A", "A", "A", "A", "A", undefined, "B", "SLOW", "PAUSED"]);
  parking.clear();
  expect(works).toBe(1);
});

test("patterns: *, ? and ** name files, sorted; hidden ones only where the pattern says so", () => {
  using place = scene();
  for (const folder of ["logs", "logs/a", "logs/a/b", "logs/.git"]) mkdirSync(join(place.directory, folder));
  for (const name of [
    "logs/1.log",
    "logs/2.log",
    "logs/10.log",
    "logs/x+y.log",
    "logs/.log",
    "logs/a/3.log",
    "logs/a/b/4.log",
    "logs/.git/5.log",
  ])
    place.write(name, "");
  const found = (pattern: string) =>
    expandPattern(join(place.directory, "logs", pattern)).map((path) => path.slice(place.directory.length + 6));
  expect(found("*.log")).toEqual(["1.log", "10.log", "2.log", "x+y.log"]);
  expect(found("?.log")).toEqual(["1.log", "2.log"]);
  expect(found("**/*.log")).toEqual(["1.log", "10.log", "2.log", "a/3.log", "a/b/4.log", "x+y.log"]);
  expect(found("a/**")).toEqual(["a/3.log", "a/b", "a/b/4.log"]);
  expect(found(".*")).toEqual([".git", ".log"]);
  expect(found("1.log")).toEqual(["1.log"]);
  expect(found("nothing/*")).toEqual([]);
});

test("tributary init writes a file for every built-in adapter that lacks nothing but what only a person knows", async () => {
  using place = scene();
  for (const name of Object.keys(builtInAdapters)) {
    const file = join(place.directory, `${name}.yaml`);
    const made = await tributary(["init", "--adapter", name, "--channel-arn", channelArn, file]);
    expect(made).toMatchObject({ code: 0, stderr: "" });
    const problems = await loadConfig(file, {}).then(
      () => [],
      (error: unknown) => (error as ConfigInvalid).problems.map(({ message }) => message),
    );
    const open = problems.filter(
      (message) => !/^("CHANGE_ME" is not allowed|The environment has no variable)/.test(message),
    );
    expect({ name, open }).toEqual({ name, open: [] });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  }
  const okta = join(place.directory, "okta.yaml");
  const before = readFileSync(okta, "utf8");
  expect(await tributary(["init", "--adapter", "okta", "--channel-arn", channelArn, okta])).toMatchObject({ code: 2 });
  expect(readFileSync(okta, "utf8")).toBe(before);
  expect(await tributary(["init", join(place.directory, "new.yaml")])).toMatchObject({ code: 2 });
  expect(
    await tributary(["init", "--force", "--adapter", "okta", "--webhook", "--channel-arn", channelArn, okta]),
  ).toMatchObject({
    code: 0,
  });
  expect(readFileSync(okta, "utf8")).toContain("path: /hooks/okta");
});
