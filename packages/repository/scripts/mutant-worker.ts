// Runs the fixtures of an adapter over mutants of it, for mutate-mappings.ts: a mutant may turn in a circle, so this thread can be ended.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";

interface Kit {
  readonly readFixtures: (adapter: unknown, folder: URL) => readonly unknown[];
  readonly compareFixture: (
    adapter: unknown,
    fixture: unknown,
  ) => { readonly actual: string; readonly expected: string };
}
/** `kit`: the built suite. `folder`: of the adapter, with its copies in `.mutants`. */
const { kit, folder } = workerData as { readonly kit: string; readonly folder: string };
const { readFixtures, compareFixture } = (await import(pathToFileURL(kit).href)) as Kit;

const adapterAt = async (place: string): Promise<unknown> =>
  ((await import(pathToFileURL(join(folder, ".mutants", place, "src/index.ts")).href)) as { readonly default: unknown })
    .default;
const fixtures = readFixtures(await adapterAt("whole"), pathToFileURL(join(folder, "test/fixtures/")));

/** Whether some fixture fails for the adapter of a copy. */
async function isNoticed(place: string): Promise<boolean> {
  try {
    const adapter = await adapterAt(place);
    return fixtures.some((fixture) => {
      const { actual, expected } = compareFixture(adapter, fixture);
      return actual !== expected;
    });
  } catch {
    return true;
  }
}

parentPort?.on("message", (place: string) => void isNoticed(place).then((noticed) => parentPort?.postMessage(noticed)));
