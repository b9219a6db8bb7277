import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { loadConfig } from "../src/config/load-config.ts";
import { scene } from "./support/scene.ts";

vi.setConfig({ testTimeout: 60_000 });

const text = readFileSync(new URL("../../docs/ship-logs.md", import.meta.url), "utf8");

test("tributary.yaml of ship-logs.md loads, with the secrets where it says", async () => {
  using place = scene();
  const [yaml] = [...text.matchAll(/^```yaml\n(# tributary\.yaml\n.*?)^```$/gms)].map((match) => match[1]!);
  place.write("github-webhook-secret", "a-secret\n");
  const file = place.write("tributary.yaml", yaml!);
  const config = await loadConfig(file, { OKTA_API_TOKEN: "a-token" });
  expect(config.integrations.map(({ name, poll, webhook }) => [name, poll !== undefined, webhook?.path])).toEqual([
    ["okta", true, undefined],
    ["github", false, "/hooks/github"],
  ]);
  expect(config.secrets).toEqual(["a-token", "a-secret"]);
});
