import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { lineAdapter, start, tributary } from "./support/command.ts";
import { forwardTo } from "./support/forward-to.ts";
import { accept, json, refuse, scriptedServer, type ScriptedServer } from "./support/scripted-server.ts";
import { channelArn, lines, scene, type Scene } from "./support/scene.ts";
import { readJsonLines } from "./support/read-json-lines.ts";

vi.setConfig({ testTimeout: 60_000 });

let server: ScriptedServer;
beforeAll(async () => void (server = await scriptedServer()));
afterAll(() => server.close());

const forwardArgs = (place: Scene, ...more: string[]) => forwardTo(place, server.endpoint, ...more);

test("forward: the table is promise 1's sum, and the exit code is 0", async () => {
  server.script = accept;
  using place = scene();
  const { code, stdout, stderr } = await tributary(forwardArgs(place, place.write("in.jsonl", lines(1234))));
  expect(stderr).toBe("");
  expect(code).toBe(0);
  expect(stdout).toMatch(/read +1,234\n +\+? *= delivered +1,234\n/);
  expect(statSync(place.statePath).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(place.statePath)).mode & 0o777).toBe(0o700);
});

test("forward - reads standard input, also when the server is away: all of it is spooled", async () => {
  server.script = (_request, response) =>
    refuse(response, 400, "ChannelInsufficientPermission", "the external id is wrong");
  using place = scene();
  const stopped = await tributary(forwardArgs(place, "--json", "-"), { input: lines(3000) });
  expect(stopped.code).toBe(4);
  expect(JSON.parse(stopped.stdout)).toMatchObject({
    read: 3000,
    queued: 3000,
    stopped: { kind: "refused", message: "the external id is wrong" },
  });
  server.script = accept;
  const rest = await tributary(forwardArgs(place, "--json"));
  expect(rest.code).toBe(0);
  expect(JSON.parse(rest.stdout)).toMatchObject({ read: 3000, delivered: 3000, queued: 0 });
});

test("exit code 1 when something is dead; dlq ls and show tell why, and hide values unless asked", async () => {
  server.script = accept;
  using place = scene();
  const secret = "canary-4711";
  const file = place.write("in.jsonl", `${lines(2)}{"at":"never","what":"x","password":"${secret}"}\n`);
  const ended = await tributary(forwardArgs(place, file));
  expect(ended.code).toBe(1);
  expect(ended.stdout).toContain("dead: TIME_UNREADABLE 1");
  const list = await tributary(["dlq", "ls", "--state", place.statePath]);
  expect(list.stdout).toContain("TIME_UNREADABLE");
  const shown = await tributary(["dlq", "show", "1", "--state", place.statePath]);
  expect(shown.stdout).toContain('"password": "***"');
  const revealed = await tributary(["dlq", "show", "1", "--reveal", "--state", place.statePath]);
  expect(revealed.stdout).toContain(secret);
  for (const { stdout, stderr } of [ended, list, shown]) expect(stdout + stderr).not.toContain(secret);
  const missing = await tributary(["dlq", "resend", "--state", place.statePath]);
  expect(missing.code).toBe(2);
  expect(missing.stderr).toContain("there is dlq ls, show, replay and discard");
});

test("--keep switches a drop rule off; without it the record is counted as dropped", async () => {
  server.script = accept;
  using place = scene();
  const file = place.write(
    "in.jsonl",
    lines(4, (n) => (n % 2 === 0 ? { kind: "noise" } : {})),
  );
  expect(JSON.parse((await tributary(forwardArgs(place, "--json", file))).stdout)).toMatchObject({
    delivered: 2,
    dropped: 2,
    droppedByRule: { noise: 2 },
  });
  expect(JSON.parse((await tributary(forwardArgs(place, "--json", "--keep", "noise", file))).stdout)).toMatchObject({
    delivered: 2,
    alreadyDelivered: 2,
    dropped: 0,
  });
  expect((await tributary(forwardArgs(place, "--keep", "nothing", file))).code).toBe(2);
});

test("wrong command lines are refused with the reason, before anything is read", async () => {
  using place = scene();
  const file = place.write("in.jsonl", lines(1));
  const notAdapter = place.write("not-adapter.mjs", "export default { name: 'x' };");
  const wrong: [string[], RegExp][] = [
    [["forward", file], /--adapter is missing/],
    [["forward", "--adapter", "okta", file], /--channel-arn is missing/],
    [["forward", "--adapter", lineAdapter, "--channel-arn", "nonsense", file], /not nonsense/],
    [
      ["forward", "--adapter", "nobody-has-this", "--channel-arn", channelArn, file],
      /no package of this name is installed/,
    ],
    [["forward", "--adapter", "../../etc", "--channel-arn", channelArn, file], /there is no file/],
    [["forward", "--adapter", notAdapter, "--channel-arn", channelArn, file], /is not an adapter: .*contract/],
    [forwardArgs(place, "--external-id", "a b", file), /--external-id/],
    [forwardArgs(place, "--format", "cobol", file), /has no format cobol; it has jsonl/],
    [forwardArgs(place, "--secret-key", "x", file), /secret-key/],
    [forwardArgs(place, join(place.directory, "none")), /cannot be read/],
    [
      ["forward", "--adapter", "okta", "--adapter-command", "x", "--channel-arn", channelArn, file],
      /--adapter or --adapter-command, not both/,
    ],
    [["preview", "--adapter-command", "no-such-program-here", file], /is no adapter/],
    [["preview", "--adapter", "okta", "--mapping", file, file], /--mapping is of --adapter custom/],
    [["fly"], /There is: forward, run, init, integration, check/],
    [["put", "--channel-arn", channelArn], /--event-data is missing/],
  ];
  for (const [argv, message] of wrong) {
    const { code, stderr } = await tributary(argv);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  }
}, 60_000);

test("an adapter may be an installed package that the command line names", async () => {
  server.script = accept;
  using place = scene();
  const folder = join(place.directory, "node_modules", "adapter-of-ours");
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name: "adapter-of-ours", type: "module", exports: "./index.js" }),
  );
  writeFileSync(join(folder, "index.js"), `export { default } from ${JSON.stringify(lineAdapter)};`);
  const argv = forwardArgs(place, "--json", place.write("in.jsonl", lines(2)));
  argv[2] = "adapter-of-ours";
  const { stdout, stderr } = await tributary(argv, { cwd: place.directory });
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toMatchObject({ read: 2, delivered: 2 });
});

test("a foreign adapter's events are checked before they are sent", async () => {
  server.script = accept;
  using place = scene();
  const adapter = place.write(
    "bad.mjs",
    `export default { contract: 1, name: "bad", source: "Custom", displayName: "Bad", formats: { jsonl: { frame: "line" } }, parts: (value) => [value],
      map: (value) => [{ kind: "event", part: 0, id: value.id, eventData: JSON.stringify(value), marks: [] }] };`,
  );
  const argv = forwardArgs(place, "--json", place.write("in.jsonl", '{"id":"a"}\n{"id":"not an id"}\n'));
  argv[2] = adapter;
  const { code, stdout } = await tributary(argv);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    read: 2,
    dead: 2,
    deadByCode: { FieldNotFound: 1, ID_INVALID: 1 },
    requests: 0,
  });
});

test("preview shows record, event and refusals, and sends nothing", async () => {
  using place = scene();
  const file = place.write(
    "in.jsonl",
    `${lines(1, () => ({ password: "hidden" }))}{}\n${lines(1, () => ({ kind: "noise" }))}`,
  );
  const requests = server.requests.length;
  const shown = await tributary(["preview", "--adapter", lineAdapter, file]);
  expect(shown.code).toBe(1);
  expect(shown.stdout).toContain("id id-0");
  expect(shown.stdout).toContain("REFUSED RECORD_NOT_RECOGNISED");
  expect(shown.stdout).toContain("DROPPED by rule noise");
  expect(shown.stdout).toContain("redacted /password");
  expect(shown.stdout).toContain("3 records: 1 events, 1 dropped, 1 refused");
  const asJson = await tributary(["preview", "--adapter", lineAdapter, "--json", file]);
  const rows = readJsonLines<{ kind: string }>(asJson.stdout);
  expect(rows.map((row) => row.kind)).toEqual(["event", "refused", "dropped"]);
  expect(server.requests.length).toBe(requests);
});

test("checksum is of exactly the bytes, and notes a last newline", async () => {
  expect(await tributary(["checksum"], { input: '{"a": "b  c", "g": "*"}' })).toMatchObject({
    code: 0,
    stdout: "S9W1GoPCumgKs6+yFMdvaGtyaF1T6tHKsRQs/Wc/IQg=\n",
    stderr: "",
  });
  expect((await tributary(["checksum"], { input: "" })).stdout).toBe("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
  const noted = await tributary(["checksum", "-"], { input: '{"a": "b  c", "g": "*"}\n' });
  expect(noted.stdout).not.toContain("S9W1Go");
  expect(noted.stderr).toContain("newline");
});

test("put sends one event as it is", async () => {
  const event = JSON.stringify({
    version: "1.0",
    userIdentity: { type: "User", principalId: "alice" },
    eventSource: "tool.example.com",
    eventName: "Login",
    eventTime: "2026-01-01T00:00:00Z",
    UID: "u-1",
    recipientAccountId: "111122223333",
  });
  server.script = accept;
  const put = (eventData: string, ...more: string[]) =>
    tributary(["put", "--channel-arn", channelArn, "--endpoint", server.endpoint, "--event-data", eventData, ...more]);
  const sent = await put(event, "--id", "my-id", "--external-id", "abc");
  expect(sent).toMatchObject({ code: 0, stderr: "" });
  expect(sent.stdout).toMatch(/^delivered {2}id my-id {2}eventID /);
  expect(server.requests.at(-1)!.events[0]).toMatchObject({ id: "my-id", eventData: event });
  using place = scene();
  expect((await put(place.write("event.json", `${event}\n`))).code).toBe(0);
  expect(server.requests.at(-1)!.events[0]!.eventData).toBe(event);
  server.script = (request, response) =>
    json(response, 200, {
      successful: [],
      failed: request.events.map(({ id }) => ({ id, errorCode: "InvalidEventSource", errorMessage: "not this one" })),
    });
  expect(await put(event)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("InvalidEventSource: not this one"),
  });
  const requests = server.requests.length;
  expect(await put('{"version":"1.0"}')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("Nothing was sent"),
  });
  expect(server.requests.length).toBe(requests);
});

test("a mapping document is how --adapter custom reads one's own records; a wrong one is told of with its place", async () => {
  using place = scene();
  const records = place.write(
    "app.ndjson",
    '{"when":"2026-01-31T12:00:00Z","what":"login","who":"u-1","why":"ghp_abcdefghijklmnopqrstuvwxyz0123"}\n',
  );
  const mapping = place.write(
    "app.yaml",
    "version: 1\nevent:\n  eventSource: { const: app.example.com }\n  eventName: /what\n  eventTime: /when\n  userIdentity: { type: { const: User }, principalId: /who }\n",
  );
  const shown = await tributary(["preview", "--adapter", "custom", "--mapping", mapping, "--json", records]);
  expect(shown.stderr).toBe("");
  expect(JSON.parse(shown.stdout)).toMatchObject({ kind: "event", marks: [{ kind: "redacted", path: "/why" }] });
  const wrong = place.write("wrong.yaml", "version: 1\nevent:\n  eventNam: x\n");
  const refused = await tributary(["preview", "--adapter", "custom", "--mapping", wrong, records]);
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(/wrong\.yaml:3/) as string });
});

test("an adapter may be a command in any language", async () => {
  server.script = accept;
  using place = scene();
  const script = place.write(
    "adapter.mjs",
    `import { createInterface } from "node:readline";
     console.log(JSON.stringify({ contract: 1, name: "toy", source: "Custom", displayName: "Toy", formats: { ndjson: { frame: "line" } } }));
     for await (const line of createInterface({ input: process.stdin })) {
       const { n, record } = JSON.parse(line);
       const event = { version: "1", userIdentity: { type: "User", principalId: "p" }, eventSource: "toy", eventName: "toy", eventTime: "2026-01-31T12:00:00Z", UID: String(record.id), requestParameters: record };
       console.log(JSON.stringify({ n, result: { id: String(record.id), event } }));
     }`,
  );
  const records = place.write("in.ndjson", '{"id":1,"password":"hidden"}\n{"id":2}\n');
  const args = ["forward", "--adapter-command", `"${process.execPath}" ${script}`, "--channel-arn", channelArn];
  const { code, stdout, stderr } = await tributary([
    ...args,
    "--endpoint",
    server.endpoint,
    "--state",
    place.statePath,
    "--json",
    records,
  ]);
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toMatchObject({ adapter: "toy", read: 2, delivered: 2, marksByKind: { redacted: 1 } });
  expect(code).toBe(0);
  expect(
    server.requests
      .at(-1)
      ?.events.map(({ eventData }) => eventData)
      .join(),
  ).not.toContain("hidden");
});

test("adapters lists what is built in", async () => {
  const rows: { name: string }[] = JSON.parse((await tributary(["adapters", "--json"])).stdout);
  expect(rows).toHaveLength(16);
  expect(rows.find(({ name }) => name === "okta")).toMatchObject({
    source: "OktaSystemLogEvents",
    formats: ["ndjson", "json"],
    poll: true,
    webhook: true,
  });
  expect((await tributary(["adapters"])).stdout).toMatch(/^okta +OktaSystemLogEvents +ndjson, json +poll, webhook /m);
});

test("a reader that goes away (| head -1) does not stop a delivery", async () => {
  server.script = accept;
  using place = scene();
  const before = server.requests.length;
  const { child, ended } = start(forwardArgs(place, place.write("in.jsonl", lines(3000))), { input: "" });
  child.stdout!.destroy();
  child.stderr!.destroy();
  expect((await ended).code).toBe(0);
  expect(server.requests.length - before).toBe(30);
});
