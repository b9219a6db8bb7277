import { writeFileSync } from "node:fs";
import { join } from "node:path";

const cli = join(import.meta.dirname, "../../apps/forwarder/bin/tributary.js");

/** The profile `shipper` of the forwarder, as arguments of the command line. @param place a folder for its records */
export function forwarderArguments(place: string): readonly string[] {
  const records = join(place, "records.ndjson");
  const lines = Array.from({ length: 230 }, (_, n) =>
    JSON.stringify({
      uuid: `0a1b2c3d-0000-11ee-8000-${String(n).padStart(12, "0")}`,
      published: "2026-11-01T10:00:00.000Z",
      eventType: "user.session.start",
      version: "0",
      severity: "INFO",
      displayMessage: "User login to Okta",
      actor: { id: `00u${n}`, type: "User", alternateId: `user${n}@example.com`, displayName: `Ü "${n}" \\` },
      client: { ipAddress: "192.0.2.7" },
      outcome: { result: "SUCCESS" },
      debugContext: { debugData: { text: "x".repeat(n % 10 === 9 ? 20_000 : 50) } },
      target: [],
    }),
  );
  writeFileSync(records, `${lines.join("\n")}\n`);
  const command = `"${process.execPath}" "${cli}" forward --adapter okta --channel-arn "$CHANNEL_ARN" --external-id "$EXTERNAL_ID" --endpoint "$ENDPOINT" --state "$STATE" "$RECORDS"`;
  return ["shipper", "--records", records, "--command", command];
}
