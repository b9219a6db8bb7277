import { fixtureContext } from "@tributary/adapter-kit/suite";
import { expect, test } from "vitest";
import { launchdarkly } from "../src/index.ts";

const secret = "not-a-real-key";
const entry = { _id: "65c000000000000000000001", date: 1_768_032_550_987, kind: "environment" };
const patched = (path: unknown, value: unknown) => [{ op: "replace", path, value }];
const shown = (record: object) => JSON.stringify(launchdarkly.map(JSON.parse(JSON.stringify(record)), fixtureContext));

test.each([
  ["/apiKey", secret],
  ["/mobileKey", secret],
  ["/environments/production/apiKey", secret],
  ["/secret", [secret]],
  ["/config", undefined],
])("a key that is changed at %s", (path, value) => {
  const delta = patched(path, value ?? { apiKey: secret });
  for (const record of [
    { ...entry, delta },
    { ...entry, subentries: [{ ...entry, delta }] },
    { items: [{ ...entry, delta }] },
  ]) {
    expect(shown(record)).toContain("***");
    expect(shown(record)).not.toContain(secret);
  }
});

test("other changes stay", () => {
  for (const path of ["/on", "/variations/0/name", 5, null])
    expect(shown({ ...entry, delta: patched(path, "kept") })).toContain("kept");
  expect(shown({ ...entry, delta: "kept" })).toContain("kept");
});
