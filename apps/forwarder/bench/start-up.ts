import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { channelArn, cli, sink, start } from "./bench-processes.ts";
import { exampleRecords } from "./example-records.ts";
import { markdown, spread } from "./spread.ts";

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
    const cases: readonly (readonly [string, readonly string[], string?])[] = [
      ["tributary --version", ["--version"]],
      [
        "tributary run, one integration, until it has started",
        ["run", "--config", config, "--state", state],
        "started",
      ],
      ["tributary status", ["status", "--state", state]],
      ["tributary check", ["check", config]],
      ["tributary forward of one record, until it is delivered", [...forward, join(folder, "other"), record]],
    ];
    const rows: string[][] = [];
    for (const [name, argv, until] of cases) {
      const times: number[] = [];
      // The first one makes the state and fills the file cache.
      for (let n = 0; n <= starts; n++) {
        const ms = await timeOf(argv, until);
        if (n > 0) times.push(ms);
      }
      rows.push([name, spread(times)]);
    }
    return markdown([["", "ms"], ...rows]);
  } finally {
    to.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timeOf(argv: readonly string[], until: string | undefined): Promise<number> {
  const began = performance.now();
  const { child, log, ended } = start(process.execPath, [cli, ...argv]);
  if (until === undefined) {
    const { ms, code } = await ended;
    if (code !== 0) throw new Error(`tributary ${argv.join(" ")} ended with ${code}: ${log()}`);
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
  if (at === 0) throw new Error(`tributary ${argv.join(" ")} did not say ${until}: ${log()}`);
  return at - began;
}
