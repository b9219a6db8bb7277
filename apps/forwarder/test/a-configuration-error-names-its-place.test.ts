import { execFileSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { isSecret } from "@tributary/adapter-kit";
import { ConfigInvalid } from "../src/config/config-invalid.ts";
import { editorSchema } from "../src/config/editor-schema.ts";
import { loadConfig } from "../src/config/load-config.ts";
import { builtInAdapters } from "../src/adapters/built-in.ts";
import { tributary } from "./support/command.ts";
import { channelArn, scene, type Scene } from "./support/scene.ts";

vi.setConfig({ testTimeout: 60_000 });

const toy = fileURLToPath(new URL("support/toy-adapter.ts", import.meta.url));
const canary = "canary-5f1c-secret";

/** A configuration whose only fault is what a test puts in. */
const yaml = (part: string, more = "") => `# A test.
listen: {host: 127.0.0.1, port: 0}
${more}
integrations:
  - name: a
    adapter: ${toy}
    channel: {arn: "${channelArn}"}
${part}
`;

async function problemsOf(place: Scene, text: string): Promise<readonly string[]> {
  const file = place.write("tributary.yaml", text);
  try {
    await loadConfig(file, { TOKEN: canary, EMPTY: " " });
  } catch (error) {
    if (!(error instanceof ConfigInvalid)) throw error;
    if (error.message.includes(canary)) throw new Error("The message shows a secret.", { cause: error });
    return error.problems.map(
      ({ line, column, path, message, fix }) => `${line}:${column} ${path}: ${message}; ${fix}`,
    );
  }
  return [];
}

const poll = '    poll: {url: "https://toy.example.com", token: {env: TOKEN}';

test("a right one loads: defaults are filled in, secrets are resolved and show nothing", async () => {
  using place = scene();
  const file = place.write("tributary.yaml", yaml(`${poll}}`));
  const { integrations, limits, secrets } = await loadConfig(file, { TOKEN: canary });
  const [plan] = integrations;
  const options = plan?.poll?.options as { readonly token: unknown; readonly pageSize: number };
  expect(options.pageSize).toBe(100);
  expect(limits.queuedEvents).toBe(100_000);
  expect(secrets).toEqual([canary]);
  expect(isSecret(options.token) && options.token.reveal()).toBe(canary);
  expect(JSON.stringify(integrations)).not.toContain(canary);
});

test("a state in PostgreSQL: every fault has its place, and no URL is shown", async () => {
  using place = scene();
  const problems = async (text: string) => await problemsOf(place, yaml(`${poll}}`, text));
  expect(await problems(`postgres: {url: "postgres://u:${canary}@db.example.com/x"}`)).toEqual([
    expect.stringMatching(/^3:\d+ postgres\.url: .*\*\*\*.* is not allowed: it takes \{env: NAME\}/),
  ]);
  expect(await problems("postgres: {url: {env: MISSING}}")).toEqual([
    expect.stringContaining("postgres.url: The environment has no variable MISSING"),
  ]);
  expect(await problems("postgres: {url: {env: TOKEN}}")).toEqual([
    expect.stringContaining("postgres.url: What is there is no URL of PostgreSQL; write postgres://USER"),
  ]);
  expect(await problems("postgres: {url: {env: TOKEN}, takeoverSeconds: 1, schema: A-b, more: 1}")).toEqual([
    expect.stringContaining("postgres.takeoverSeconds: 1 is not allowed: it takes a whole number from 2 to 3600"),
    expect.stringContaining("postgres.schema: "),
    expect.stringContaining("postgres.more: There is no more here"),
  ]);
  expect(await problems("state: here\npostgres: {url: {env: TOKEN}}")).toContainEqual(
    expect.stringContaining("state: There is postgres too, and a state is in one place"),
  );
  const named = await tributary(["status", "--state", `postgres://u:${canary}@db.example.com/x`]);
  expect([named.code, named.stderr.includes(canary)]).toEqual([2, false]);
});

test.each([
  [
    "a misspelt member",
    `${poll}, pagesize: 5}`,
    "8:65 integrations[0].poll.pagesize: There is no pagesize here: known are url, token, pageSize, pollSeconds; did you mean pageSize",
  ],
  [
    "a value out of bounds",
    `${poll}, pageSize: 5000}`,
    "8:75 integrations[0].poll.pageSize: 5000 is not allowed: it takes a whole number from 1 to 1000; change it",
  ],
  [
    "a missing member",
    "    poll: {token: {env: TOKEN}}",
    "8:5 integrations[0].poll.url: It is missing; add it: text like ^https?:// (Address of the vendor)",
  ],
  [
    "a secret in the file",
    `    poll: {url: "https://toy.example.com", token: ${canary}}`,
    "8:51 integrations[0].poll.token: It is a secret and must not stand here itself; say where it is: {env: NAME}, {file: PATH} or {command: [PROGRAM, ...]}",
  ],
  [
    "a variable that is not set",
    '    poll: {url: "https://toy.example.com", token: {env: NOT_SET}}',
    "8:44 integrations[0].poll.token: The environment has no variable NOT_SET; set it before tributary starts",
  ],
  [
    "an empty secret",
    '    poll: {url: "https://toy.example.com", token: {env: EMPTY}}',
    "8:44 integrations[0].poll.token: The environment variable EMPTY is empty; put the secret there",
  ],
  [
    "a webhook without a secret",
    "    webhook: {path: /x, options: {secrets: []}}",
    "8:35 integrations[0].webhook.options.secrets: A list of 0 is not allowed: it takes a list, not empty; change it",
  ],
  [
    "no source",
    "    since: 2026-01-01T00:00:00Z",
    "5:5 integrations[0]: It has no source; add files or s3 or syslog or bulk or poll or webhook",
  ],
  [
    "a format that the adapter has not",
    "    files: {paths: [x], format: csv}",
    '8:33 integrations[0].files.format: "csv" is no format of toy: it has page, lines; name one of them, or leave it out',
  ],
  [
    "objects from nowhere",
    "    s3: {prefix: logs/}",
    "8:5 integrations[0].s3: It names neither a bucket nor a queue; add bucket: NAME to list it, or queue: URL of an SQS queue",
  ],
  [
    "a rule that the adapter has not",
    `${poll}}\n    options: {drops: {nosie: false}}`,
    "9:23 integrations[0].options.drops.nosie: There is no nosie here: known are noise; take it away",
  ],
  [
    "broken YAML",
    "    poll: {",
    "9:1 : Not YAML: Flow map in block collection must be sufficiently indented and end with a }; mend the text at this place",
  ],
])("%s: file, line, column, value, what is allowed and the fix", async (_name, part, expected) => {
  using place = scene();
  expect(await problemsOf(place, yaml(part))).toEqual([expected]);
});

test("two integrations on one exclusive iterator are refused, and so are one name and one path for two", async () => {
  using place = scene();
  const second = `  - name: a\n    adapter: ${toy}\n    channel: {arn: "${channelArn}"}\n    webhook: {path: /x, options: {secrets: [{env: TOKEN}]}}\n${poll}}`;
  const text = yaml(`    webhook: {path: /x, options: {secrets: [{env: TOKEN}]}}\n${poll}}\n${second}`);
  expect(await problemsOf(place, text)).toEqual([
    '10:11 integrations[1].name: "a" names two integrations; give each its own name',
    '13:21 integrations[1].webhook.path: "/x" is the path of a; give each its own path',
    "14:5 integrations[1].poll: It reads what a reads, and each would take the other's records or requests; keep one of the two",
  ]);
});

test("beyond this machine it listens with TLS, or where something in front is said to speak it", async () => {
  using place = scene();
  const text = yaml(`${poll}}`).replace("127.0.0.1", "0.0.0.0");
  expect((await problemsOf(place, text))[0]).toContain("not this machine alone, and there is no TLS");
  expect(await problemsOf(place, text.replace("port: 0", "port: 0, insecure: true"))).toEqual([]);
});

const of = (token: string) => yaml(`    poll: {url: "https://toy.example.com", token: ${token}}`);

test("secrets come from files and commands too; what is said of a failure shows none", async () => {
  using place = scene();
  place.write("token", `${canary}\n`);
  const script = place.write("give.sh", `#!/bin/sh\necho ${canary}\nexit $1\n`);
  chmodSync(script, 0o755);
  expect(await problemsOf(place, of("{file: token}"))).toEqual([]);
  expect(await problemsOf(place, of('{command: ["./give.sh", "0"]}'))).toEqual([]);
  expect((await problemsOf(place, of('{command: ["./give.sh", "3"]}')))[0]).toContain("gave no secret (exit code 3)");
  expect((await problemsOf(place, of("{file: nowhere}")))[0]).toContain("The file nowhere cannot be read (ENOENT)");
});

/** A channel with more members. */
const to = (more: string): string =>
  `integrations:\n  - name: a\n    adapter: ${toy}\n    channel: {arn: "${channelArn}", ${more}}\n    files: {paths: [a]}\n`;

test("one port twice, a text for a list, a URL without its scheme, a channel asked for in another region", async () => {
  using place = scene();
  const problems = async (part: string, more = "") => await problemsOf(place, yaml(part, more));
  const syslog = "syslog:\n  - {name: a, tcp: {host: 0.0.0.0, port: 5514}, udp: {port: 5514}, allow: [127.0.0.1]}\n";
  expect(await problems(`${poll}}`, `${syslog}  - {name: b, tls: {port: 5514, cert: c, key: k}}`)).toContainEqual(
    expect.stringContaining("syslog[1].tls.port: syslog.0.tcp listens on port 5514 already"),
  );
  expect(await problems(`${poll}}`, syslog)).toEqual([]);
  expect(await problems("    files: {paths: logs/a}")).toEqual([
    expect.stringMatching(/a list.*; write \["logs\/a"\]/),
  ]);
  expect(await problemsOf(place, to("endpoint: lake.example.com"))).toEqual([
    expect.stringContaining('"lake.example.com" is not allowed: it takes text such as https://lake.example.com:4570'),
  ]);
  expect(await problemsOf(place, to("region: eu-west-1"))).toEqual([
    expect.stringContaining(
      "region: The channel is in us-east-1, and AWS takes its events there alone; take region away",
    ),
  ]);
});

test("tributary check prints what would run, or every problem; --schema knows every built-in adapter", async () => {
  using place = scene();
  const file = place.write("tributary.yaml", yaml(`${poll}}`));
  const right = await tributary(["check", file], { env: { TOKEN: canary } });
  expect(right).toMatchObject({ code: 0, stderr: "" });
  expect(right.stdout).toMatch(/a +toy +poll +arn:aws:cloudtrail/);
  const wrong = await tributary(["check", file]);
  expect(wrong).toMatchObject({ code: 2, stdout: "" });
  expect(wrong.stderr).toBe(
    `${file}:8:44: integrations[0].poll.token: The environment has no variable TOKEN. Set it before tributary starts.\n`,
  );
  const asJson = await tributary(["check", "--json", file]);
  expect(JSON.parse(asJson.stdout)).toMatchObject({ ok: false, problems: [{ line: 8, column: 44 }] });
  const text = JSON.stringify(await editorSchema());
  for (const name of Object.keys(builtInAdapters)) expect(text).toContain(`"const":"${name}"`);
  expect(text).not.toContain("x-tributary-secret");
  expect(execFileSync(process.execPath, ["-e", "JSON.parse(process.argv[1])", text]).toString()).toBe("");
});

test.each([
  [
    "FIPS and an endpoint",
    'endpoint: "http://127.0.0.1:1", fips: true',
    /^7:\d+ integrations\[0\].channel.endpoint: FIPS is asked for.*; drop one of the two$/,
  ],
  [
    "an authority that is no file",
    "ca: none.pem",
    /^7:\d+ integrations\[0\].channel.ca: .*none.pem cannot be read.*; name a file/,
  ],
  [
    "a rate below nothing",
    "requestsPerSecond: -1",
    /^7:\d+ integrations\[0\].channel.requestsPerSecond: -1 is not allowed: it takes a whole number from 0 to 100000/,
  ],
])("of the channel: %s", async (_name, members, expected) => {
  using place = scene();
  const text = yaml(`${poll}}`).replace(`{arn: "${channelArn}"}`, `{arn: "${channelArn}", ${members}}`);
  expect(await problemsOf(place, text)).toEqual([expect.stringMatching(expected)]);
});

test("AWS_USE_FIPS_ENDPOINT and an endpoint of one's own do not go together, unless the channel says fips: false", async () => {
  using place = scene();
  const env = { TOKEN: canary, AWS_USE_FIPS_ENDPOINT: "true" };
  const load = (more: string) =>
    loadConfig(
      place.write(
        "tributary.yaml",
        yaml(`${poll}}`).replace("channel: {", `channel: {endpoint: "http://127.0.0.1:1"${more}, `),
      ),
      env,
    );
  await expect(load("")).rejects.toThrow("AWS_USE_FIPS_ENDPOINT is true");
  expect((await load(", fips: false")).integrations).toHaveLength(1);
});

test("the quota of AWS is kept unless another is named, and a lake of one's own has none", async () => {
  using place = scene();
  const rateOf = async (more: string) => {
    const text = yaml(`${poll}}`).replace("channel: {", `channel: {${more}`);
    return (await loadConfig(place.write("tributary.yaml", text), { TOKEN: canary })).integrations[0]?.destinations[0]
      ?.requestsPerSecond;
  };
  expect(await rateOf("")).toBe(100);
  expect(await rateOf('endpoint: "http://127.0.0.1:1", ')).toBe(0);
  expect(await rateOf("requestsPerSecond: 7, ")).toBe(7);
});

/** The channel of the configuration, replaced. */
const goingTo = (instead: string) => yaml(`${poll}}`).replace(/ {4}channel: .*\n/, instead);
const second = "arn:aws:cloudtrail:eu-west-1:444455556666:channel/0c1d2e3f-0000-4000-8000-000000000002";

test.each([
  ["neither channel nor destinations", "", /^5:5 integrations\[0\]: It goes nowhere.*; give it one of the two/],
  [
    "a channel and destinations",
    `    channel: {arn: "${channelArn}"}\n    destinations: [{name: x, arn: "${second}"}]\n`,
    /^7:5 integrations\[0\].channel: There are a channel and destinations/,
  ],
  [
    "two of one name",
    `    destinations:\n      - {name: x, arn: "${channelArn}"}\n      - {name: x, arn: "${second}"}\n`,
    /^9:16 integrations\[0\].destinations\[1\].name: "x" names two destinations; give each its own name$/,
  ],
  [
    "two of one channel",
    `    destinations:\n      - {name: x, arn: "${channelArn}"}\n      - {name: y, arn: "${channelArn}"}\n`,
    /^9:24 integrations\[0\].destinations\[1\].arn: It is the channel of x, which would get everything twice/,
  ],
  [
    "one that is no channel",
    `    destinations:\n      - {name: x, arn: "arn:aws:s3:::bucket"}\n`,
    /^8:24 integrations\[0\].destinations\[0\].arn: .* is no channel/,
  ],
  ["none", "    destinations: []\n", /^7:5 integrations\[0\].destinations: /],
  [
    "one without a name",
    `    destinations: [{arn: "${channelArn}"}]\n`,
    /^7:20 integrations\[0\].destinations\[0\].name: It is missing/,
  ],
])("of destinations: %s", async (_name, instead, expected) => {
  using place = scene();
  expect(await problemsOf(place, goingTo(instead))).toContainEqual(expect.stringMatching(expected));
});

test("destinations are planned as a channel is, each with its name", async () => {
  using place = scene();
  const text = goingTo(
    `    destinations:\n      - {name: x, arn: "${channelArn}"}\n      - {name: y, arn: "${second}", endpoint: "http://127.0.0.1:1"}\n`,
  );
  const [plan] = (await loadConfig(place.write("tributary.yaml", text), { TOKEN: canary })).integrations;
  expect(plan?.destinations).toMatchObject([
    { name: "x", arn: channelArn, accountId: "111122223333", region: "us-east-1", requestsPerSecond: 100 },
    { name: "y", arn: second, accountId: "444455556666", region: "eu-west-1", requestsPerSecond: 0 },
  ]);
});
