import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Report, totals } from "../src/index.ts";
import { serverProfiles } from "../src/server/server-profile.ts";
import { commandLine } from "../test/command-line.ts";
import { hasMoto, startMoto } from "./moto.ts";

if (!hasMoto) console.log("skipped: moto's server is not installed");

test.skipIf(!hasMoto)(
  "against moto's server every profile ends, and names the operations that it does not have",
  async () => {
    const place = mkdtempSync(join(tmpdir(), "conformance-moto-"));
    const moto = await startMoto(place);
    try {
      for (const profile of Object.keys(serverProfiles)) {
        const { code, text } = await commandLine([profile, ...moto.argv, "--yes", "--json", "--seed", "1"]);
        const report: Report = JSON.parse(text);
        const { fail, warn, skip, ...others } = totals(report);
        expect({ code, ...others }).toEqual({ code: 1, pass: 0, error: 0, known: 0 });
        expect(fail).toBeGreaterThan(10);
        expect(fail + warn + skip).toBe(report.results.length);
        for (const operation of ["PutAuditEvents", "CreateEventDataStore", "CreateChannel", "StartQuery"])
          expect(report.unsupported).toContain(operation);
        expect(report.unsupported).not.toContain("AddTags");
        const notes = new Set(report.results.filter(({ status }) => status === "fail").map(({ note }) => note));
        expect([...notes]).toEqual(["not supported: CreateChannel, CreateEventDataStore"]);
      }
    } finally {
      moto.end();
      rmSync(place, { recursive: true });
    }
  },
);
