import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mapFrame } from "@tributary/adapter-kit";
import { describe, expect, test } from "vitest";
import { github } from "../src/index.ts";

/** Records of real deployments, where a checkout has them beside it. They are not part of this repository. */
const samples = new URL("../../../../../shared/samples/github/", import.meta.url);

/** Refusals of another kind of record, and of records without what an event needs. Anything else must be an event. */
const named = ["WEBHOOK_PAYLOAD", "SYSLOG_LINE", "WAREHOUSE_RECORD", "TIME_MISSING"];

describe.skipIf(!existsSync(samples))("every real record is an event or a named refusal", () => {
  test.each(existsSync(samples) ? readdirSync(samples) : [])("%s", (file) => {
    const lines = readFileSync(new URL(file, samples), "utf8").split("\n");
    const seen = lines.flatMap((line, index) => {
      if (line.trim() === "") return [];
      const origin = { receivedAt: "2026-11-22T00:00:00Z", occurrence: 0 };
      const results = mapFrame(github, "ndjson", Buffer.from(line), { origin, accountId: "111122223333" });
      return results.map((result) => ({ at: `${file}:${index + 1}`, result }));
    });
    const accepted = seen.filter(({ result }) => result.kind === "event").length;
    const refused = seen.flatMap(({ at, result }) =>
      result.kind === "refused" ? [{ code: result.code, line: `${at} ${result.code} ${result.message}` }] : [],
    );
    console.log([`${file}: ${accepted}/${seen.length} accepted`, ...refused.map(({ line }) => line)].join("\n  "));
    expect(seen.length).toBeGreaterThan(0);
    expect(accepted + refused.length).toBe(seen.length);
    expect(refused.filter(({ code }) => !named.includes(code))).toEqual([]);
  });
});
