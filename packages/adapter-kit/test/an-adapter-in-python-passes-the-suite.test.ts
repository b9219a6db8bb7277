/* oxlint-disable vitest/no-conditional-tests -- npm test must pass where there is no Python */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { commandAdapter } from "../src/json-lines/index.ts";
import { adapterSuite } from "../src/suite/index.ts";

const script = fileURLToPath(new URL("../examples/python/door_adapter.py", import.meta.url));
const python = ["python3", "python"].find((name) => spawnSync(name, ["--version"]).status === 0);

if (python === undefined)
  test("an adapter in Python: Python is not installed: skipped", () => expect(python).toBeUndefined());
else {
  // The process ends with this one.
  const { adapter } = commandAdapter({ command: [python, script] });
  adapterSuite({ test, adapter, fixtures: new URL("doors/fixtures/", import.meta.url), runs: 200 });
}
