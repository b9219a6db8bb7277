import { textAt } from "@tributary/adapter-kit";

const codes: ReadonlyMap<string | undefined, string> = new Map([
  ["failure", "Failure"],
  ["partial_success", "PartialSuccess"],
]);

/** errorCode of an event that failed or succeeded in part. No member of it says why. */
export function failure(record: unknown): string | undefined {
  return codes.get(textAt(record, "status"));
}
