/** Types of records that go by another name at their endpoint. */
const endpointOf: ReadonlyMap<string, string> = new Map([
  ["adminauditlogs", "audit"],
  ["connection", "page"],
]);

/** "Security Assessment" is `securityassessment`, "DLP" is `dlp`. */
export function endpointName(type: string): string {
  const name = type.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  return endpointOf.get(name) ?? name;
}
