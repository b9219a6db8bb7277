import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Backfills } from "../src/state/backfills.ts";
import { lineAdapter } from "./support/command.ts";
import { forwardTo } from "./support/forward-to.ts";
import { inProcess } from "./support/in-process.ts";
import { readJsonLines } from "./support/read-json-lines.ts";
import { config, toy } from "./support/running.ts";
import { channelArn, lines, scene, type Scene } from "./support/scene.ts";
import { accept, scriptedServer, type ScriptedServer } from "./support/scripted-server.ts";

vi.setConfig({ testTimeout: 60_000 });

let server: ScriptedServer;
let place: Scene;
beforeEach(async () => {
  server = await scriptedServer(accept);
  place = scene();
});
afterEach(async () => {
  place[Symbol.dispose]();
  await server.close();
});

const env = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "an-example-secret" };
const forms = async (...argv: readonly string[]) => ({
  text: await inProcess(argv, env),
  json: await inProcess([...argv, "--json"], env),
});

const syslog = `syslog:\n  - {name: lan, udp: {host: 127.0.0.1, port: 5514}}\n`;

test("every command ends with the same code for people and for programs", async () => {
  const records = place.write(
    "in.jsonl",
    lines(9, (n) => (n % 3 === 0 ? { at: "never" } : {})),
  );
  await inProcess(forwardTo(place, server.endpoint, records), env);
  const good = place.write("good.yaml", config(toy("a", server.endpoint, `    files: {paths: ["${records}"]}`)));
  const bad = place.write("bad.yaml", "integrations: 5\n");
  const state = ["--state", place.statePath];
  const cases: readonly (readonly [code: number, ...argv: readonly string[]])[] = [
    [1, ...forwardTo(place, server.endpoint, records)],
    [1, "preview", "--adapter", lineAdapter, records],
    [2, "preview", "--adapter", lineAdapter, `${records}.gone`],
    [0, "status", ...state],
    [5, "status", "--state", `${place.statePath}.gone`],
    [0, "ledger", "--sum", ...state],
    [1, "ledger", "--event", "no-such-event", ...state],
    [1, "ledger", "--record", "nowhere@0", ...state],
    [0, "ledger", "--since", "1h", ...state],
    [0, "dlq", "ls", ...state],
    [0, "dlq", "ls", "--summary", ...state],
    [2, "dlq", "show", "99", ...state],
    [1, "dlq", "replay", "--all", "--dry-run", "--adapter", lineAdapter, ...state],
    [2, "dlq", "discard", "--all", ...state],
    [0, "dlq", "replay", "--all", ...state],
    [0, "dlq", "discard", "--all", "--yes", ...state],
    [0, "check", good],
    [2, "check", bad],
    [1, "doctor", "--config", bad],
    [0, "backfill", "ls", "--config", good, ...state],
    [2, "backfill", "cancel", "7", "--config", good, ...state],
    [1, "put", "--channel-arn", channelArn, "--endpoint", server.endpoint, "--event-data", "{}"],
    [0, "checksum", records],
    [2, "checksum", `${records}.gone`],
  ];
  for (const [code, ...argv] of cases) {
    const { text, json } = await forms(...argv);
    expect({ argv, text: text.code, json: json.code }).toEqual({ argv, text: code, json: code });
    // Objects, and nothing else.
    expect(() => readJsonLines(json.stdout)).not.toThrow();
  }
});

test("what one form tells the other tells too", async () => {
  const records = place.write(
    "in.jsonl",
    lines(6, (n) => (n < 3 ? { at: "never" } : {})),
  );
  await inProcess(forwardTo(place, server.endpoint, records), env);
  const state = ["--state", place.statePath];

  const list = await forms("dlq", "ls", "--limit", "2", ...state);
  expect(readJsonLines(list.json.stdout)).toHaveLength(2);
  for (const told of [list.text.stdout, list.json.stderr]) expect(told).toContain("There are more: --after 2");
  const shown = await forms("dlq", "show", "1", ...state);
  const [letter] = readJsonLines<{ masked: string }>(shown.json.stdout);
  expect(shown.text.stdout).toContain(letter!.masked);
  const unknown = await forms("ledger", "--event", "no-such-event", ...state);
  for (const told of [unknown.text.stdout, unknown.json.stderr])
    expect(told).toContain("Delivered events are remembered from eventTime 2026-01-01 on.");
  const preview = await forms("preview", "--adapter", lineAdapter, "--limit", "1", records);
  for (const told of [preview.text.stdout, preview.json.stderr])
    expect(told).toContain("6 records: 3 events, 0 dropped, 3 refused (the first 1 shown");
  const put = ["put", "--channel-arn", channelArn, "--endpoint", server.endpoint, "--event-data", "{}"];
  const [refused] = readJsonLines<{ problems: readonly { code: string }[] }>((await forms(...put)).json.stdout);
  expect(refused).toMatchObject({ kind: "dead", code: refused!.problems[0]!.code });

  // An integration that is asked for its past before anything of it was read.
  const database = place.state();
  const asked = { name: "new", adapter: "toy", reads: "", since: "2026-01-01T00:00:00Z", until: undefined, files: [] };
  const { id } = await new Backfills(database).ask(asked, 1);
  await database.close();
  const status = await forms("status", ...state);
  expect(status.text.stdout).toContain(`backfill ${id} of new`);
  expect(readJsonLines(status.json.stdout).at(-1)).toMatchObject({ name: "new", backfills: [{ id }] });
  const file = place.write(
    "tributary.yaml",
    syslog + config(toy("a", server.endpoint, "    syslog: {app: [a], format: lines}")),
  );
  const cancelled = await inProcess(["backfill", "cancel", String(id), "--config", file, ...state, "--json"], env);
  expect(readJsonLines(cancelled.stdout)).toMatchObject([{ id, state: "cancelled" }]);
  const checked = await forms("check", file);
  expect(checked.text.stdout).toMatch(/^a .* syslog /m);
  expect(readJsonLines(checked.json.stdout)).toMatchObject([{ ok: true, integrations: [{ sources: ["syslog"] }] }]);
});
