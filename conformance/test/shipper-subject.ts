import {
  type Report,
  referenceShipper,
  runChecks,
  shipperChecks,
  shipperRules,
  type ShipperRules,
} from "../src/index.ts";

/** 250 records of about 1 kB, and some of 30 kB: more than one call by either limit. */
const records = Array.from({ length: 250 }, (_, index) =>
  JSON.stringify({ n: index, text: 'é\\"'.repeat(index < 100 && index % 5 === 4 ? 3000 : 100) }),
);

/** The profile `shipper` against the reference shipper with these rules. */
export function shipperReport(changed: ShipperRules = shipperRules, parts: readonly string[] = [""]): Promise<Report> {
  return runChecks({
    profile: "shipper",
    checks: shipperChecks.filter(({ clause }) => parts.some((part) => clause.startsWith(part))),
    world: { subject: referenceShipper(changed), records, timeoutMs: 20_000 },
    subject: "the reference shipper",
    claimed: new Set(),
    seed: 1,
    strict: true,
  });
}
