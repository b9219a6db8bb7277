import { readFileSync } from "node:fs";
import { mapFrame } from "@tributary/adapter-kit";
import type { Json, Result } from "@tributary/adapter-kit";
import { expect, test } from "vitest";
import { crowdstrike } from "../src/index.ts";

const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}.record.json`, import.meta.url), "utf8");
const map = (text: string, options?: Json, occurrence = 0): Result | undefined =>
  mapFrame(crowdstrike, "ndjson", Buffer.from(text), {
    ...(options !== undefined && { options }),
    origin: { receivedAt: "2026-11-22T00:00:00Z", occurrence },
    accountId: "111122223333",
  })[0];
const event = (
  result: Result | undefined,
): { readonly id: string; readonly data: { readonly [key: string]: Json } } => {
  if (result?.kind !== "event") throw new Error(`no event but ${JSON.stringify(result)}`);
  const data: { readonly [key: string]: Json } = JSON.parse(result.eventData);
  return { id: result.id, data };
};

test("a line read twice keeps its id", () => {
  expect(event(map(fixture("user-signed-in"), undefined, 3)).id).toBe(event(map(fixture("user-signed-in"))).id);
});

test("the feed is part of what names a line, so equal offsets of two feeds stay two events", () => {
  const first = event(map(fixture("user-signed-in"), { feedId: "0" }));
  const second = event(map(fixture("user-signed-in"), { feedId: "1" }));
  expect(first.data["UID"]).toBe("a1b2c3d4e5f60718293a4b5c6d7e8f90:0:365001");
  expect(second.id).not.toBe(first.id);
});

test("a line without an offset is named by its content and how often it came", () => {
  expect(event(map(fixture("without-offset"))).id).toBe(event(map(fixture("without-offset"))).id);
  expect(event(map(fixture("without-offset"), undefined, 1)).id).not.toBe(event(map(fixture("without-offset"))).id);
});

test("sensor telemetry is dropped by its rule, and mapped when the rule is off", () => {
  expect(map(fixture("dropped-sensor-telemetry"))).toMatchObject({ kind: "dropped", rule: "sensor-telemetry" });
  const { data } = event(map(fixture("dropped-sensor-telemetry"), { drops: { "sensor-telemetry": false } }));
  expect(data).toMatchObject({
    eventName: "DnsRequest",
    sourceIPAddress: "198.51.100.33",
    userIdentity: { type: "Sensor", principalId: "00aa" },
  });
});
