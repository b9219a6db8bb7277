// Rehearses a release: publishes HEAD to a throw-away registry on this machine, then uses what was published as a stranger
// would, from `npm create @tributary/adapter` to an event found by SQL. Needs Node, npm, git and tar; what it writes and
// starts lies and runs under one temporary folder, and is gone when it ends, however it ends.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { checkPackedPackages } from "./release-rehearsal/packed-packages.mjs";
import { startRegistry } from "./release-rehearsal/registry.mjs";
import { makeRelease, publishRelease } from "./release-rehearsal/release.mjs";
import { publishNewAdapter } from "./release-rehearsal/new-adapter.mjs";
import { openStage } from "./release-rehearsal/stage.mjs";
import { useRelease } from "./release-rehearsal/use-release.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stage = openStage();
for (const [signal, number] of [
  ["SIGINT", 2],
  ["SIGTERM", 15],
])
  process.once(signal, () => void stage.close().finally(() => process.exit(128 + number)));

try {
  const release = await makeRelease(stage, root);
  const registry = await startRegistry(stage, root);
  await publishRelease(stage, release, registry);
  await checkPackedPackages(stage, release, registry);
  const adapter = await publishNewAdapter(stage);
  await useRelease(stage, release, adapter);
} catch (error) {
  console.error(stage.failure(error));
  process.exitCode = 1;
} finally {
  await stage.close();
}
if (process.exitCode === undefined) console.log(`The release can be made. ${stage.seconds()} s in all.`);
