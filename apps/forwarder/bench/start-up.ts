import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { channelArn, cli, sink, start } from "./bench-processes.ts";
import { exampleRecords } from "./example-records.ts";
import { markdown, median, spread } from "./spread.ts";

/** ms from the start of a process to what it is started for: the log line of `run`, or its end. */
export async function startUp({ starts }: { readonly starts: number }): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "tributary-bench-"));
  const to = await sink();
  try {
    const config = join(folder, "tributary.yaml");
    const state = join(folder, "state");
    const record = join(folder, "one.ndjson");
    writeFileSync(record, `${exampleRecords("okta").next().value}\n`);
    writeFileSync(
      config,
      `integrations:
  - name: okta
    adapter: okta
    channel: {arn: "${channelArn}", endpoint: "${to.url}"}
    files: {paths: ["${record}"]}
`,
    );
    const forward = ["forward", "--adapter", "okta", "--channel-arn", channelArn, "--endpoint", to.url, "--state"];
    const cases: readonly Case[] = [
      { name: "node -e 0", argv: ["-e", "0"] },
      { name: "tributary --version", argv: [cli, "--version"] },
      { name: "tributary check", argv: [cli, "check", config] },
      { name: "tributary status", argv: [cli, "status", "--state", state] },
      {
        name: "tributary forward of one record, until it is delivered",
        argv: [cli, ...forward, join(folder, "other"), record],
      },
      {
        name: "tributary run, one integration, until it has started",
        argv: [cli, "run", "--config", config, "--state", state],
        until: "started",
      },
    ];
    const times = cases.map((): number[] => []);
    // One of each in turn, so that other work of the machine meets all alike. The first time makes the state and fills the file cache.
    for (const one of cases.toReversed()) await timeOf(one);
    for (let n = 0; n < starts; n++) for (const [index, one] of cases.entries()) times[index]!.push(await timeOf(one));
    const rows = cases.map(({ name }, index) => [
      name,
      spread(times[index]!),
      ...[0, 1].map((other) => median(times[index]!.map((ms, n) => ms / times[other]![n]!)).toFixed(1)),
    ]);
    return markdown([["", "ms", "times node -e 0", "times --version"], ...rows]);
  } finally {
    to.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Case {
  readonly name: string;
  readonly argv: readonly string[];
  /** Of its log: then it has started, and is stopped. */
  readonly until?: string;
}

async function timeOf({ argv, until }: Case): Promise<number> {
  const began = performance.now();
  const { child, log, ended } = start(process.execPath, argv);
  if (until === undefined) {
    const { ms, code } = await ended;
    if (code !== 0) throw new Error(`node ${argv.join(" ")} ended with ${code}: ${log()}`);
    return ms;
  }
  let at = 0;
  child.stderr!.on("data", () => {
    if (at > 0 || !log().includes(until)) return;
    at = performance.now();
    // As operators end it: what V8 compiled is kept for the next start.
    child.kill("SIGTERM");
  });
  await ended;
  if (at === 0) throw new Error(`node ${argv.join(" ")} did not say ${until}: ${log()}`);
  return at - began;
}
