import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mapFrame } from "@tributary/adapter-kit";
import { describe, expect, test } from "vitest";
import { crowdstrike } from "../src/index.ts";

/** Records of real deployments, where a checkout has them beside it. They are not part of this repository. */
const samples = new URL("../../../../../shared/samples/crowdstrike/", import.meta.url);

/** Refusals of another kind of record, and of records without what an event needs. Anything else must be an event. */
const named = ["THREAT_GRAPH_VERTEX", "FDR_INVENTORY", "WAREHOUSE_RECORD", "TIME_MISSING", "RECORD_NOT_RECOGNISED"];

/** With the drop rule off telemetry must map too: no refusal hides behind the rule. */
const ruleOff = { drops: { "sensor-telemetry": false } };

describe.skipIf(!existsSync(samples))("every real record is an event or a named refusal", () => {
  test.each(existsSync(samples) ? readdirSync(samples) : [])("%s", (file) => {
    const lines = readFileSync(new URL(file, samples), "utf8").split("\n");
    const seen = lines.flatMap((line, index) => {
      if (line.trim() === "") return [];
      const context = { origin: { receivedAt: "2026-11-22T00:00:00Z", occurrence: 0 }, accountId: "111122223333" };
      const [result] = mapFrame(crowdstrike, "ndjson", Buffer.from(line), context);
      const [mapped] = mapFrame(crowdstrike, "ndjson", Buffer.from(line), { ...context, options: ruleOff });
      return [{ at: `${file}:${index + 1}`, result, mapped }];
    });
    const accepted = seen.filter(({ result }) => result?.kind === "event").length;
    const dropped = seen.filter(({ result }) => result?.kind === "dropped");
    const mappedAnyway = dropped.filter(({ mapped }) => mapped?.kind === "event").length;
    const refused = seen.flatMap(({ at, mapped }) =>
      mapped?.kind === "refused" ? [{ code: mapped.code, line: `${at} ${mapped.code} ${mapped.message}` }] : [],
    );
    const counts = `${accepted}/${seen.length} accepted, ${dropped.length} dropped by sensor-telemetry (${mappedAnyway} map with the rule off)`;
    console.log([`${file}: ${counts}`, ...refused.map(({ line }) => line)].join("\n  "));
    expect(seen.length).toBeGreaterThan(0);
    expect(accepted + mappedAnyway + refused.length).toBe(seen.length);
    expect(refused.filter(({ code }) => !named.includes(code))).toEqual([]);
  });
});
