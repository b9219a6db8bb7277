/** Accounts of a host that signed in or out or were changed, and what the customer's own rules detected. */
const kept = /^(?:User(?:Logon|Logoff|Account)|CustomIOA\w{0,64}DetectionInfoEvent$)/;

/** Telemetry that tells what an account did, or a detection: it is mapped, the rest is dropped by rule. */
export function isKeptTelemetry(name: string): boolean {
  return kept.test(name);
}
