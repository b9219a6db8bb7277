import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const name = "@acme/adapter-my-vendor";

/**
 * Makes an adapter as a stranger does: from sample records by `npm create @tributary/adapter`, outside any workspace, then
 * published under a name of their own. Answers its name, the samples and the file they are in.
 */
export async function publishNewAdapter(stage) {
  const home = stage.path("acme");
  const directory = join(home, "my-vendor");
  const samples = { file: join(home, "records.ndjson"), records: records() };
  mkdirSync(home);
  writeFileSync(samples.file, samples.records.map((record) => `${JSON.stringify(record)}\n`).join(""));
  await stage.step("npm create @tributary/adapter my-vendor", () =>
    stage.run("npm", ["create", "--yes", "@tributary/adapter", "my-vendor", "--", "--yes", "--samples", samples.file], {
      cwd: home,
    }),
  );
  await stage.step("install what the new adapter needs", () => stage.run("npm", ["install"], { cwd: directory }));
  await stage.step("build it", () => stage.run("npm", ["run", "build"], { cwd: directory }));
  await stage.step("run its suite", async () => {
    const said = await stage.run("npm", ["test"], { cwd: directory });
    // A suite without tests would end well, too.
    if (!/Tests .*\d+ passed/.test(said)) throw new Error("The suite of the new adapter ran no test.");
  });
  await stage.step(`publish it as ${name}`, async () => {
    const file = join(directory, "package.json");
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), name }, null, 2));
    // Its prepublishOnly builds and tests once more, which was just done.
    await stage.run("npm", ["publish", "--access", "public", "--ignore-scripts"], { cwd: directory });
  });
  return Object.freeze({ name, samples });
}

/** Of a vendor that there is not: three doors, a minute ago. */
function records() {
  const minuteAgo = Date.now() - 60_000;
  return ["opened", "closed", "forced"].map((what, index) => ({
    id: `0c1d2e3f-0000-4000-8000-${String(minuteAgo + index).slice(-12)}`,
    timestamp: new Date(minuteAgo + index * 1000).toISOString(),
    action: `door.${what}`,
    actor: { id: `badge-${index + 1}`, type: "Badge" },
    ip: `192.0.2.${index + 1}`,
    door: { name: `North ${index + 1}`, floor: index },
  }));
}
