import { type Finding, findingsOf } from "./finding.ts";

const day = 86_400_000;

/** How long a certificate is still valid. @param validTo as `openssl x509 -enddate` prints it @param now ms since 1970 */
export function certificateFindings(subject: string, whose: string, validTo: string, now: number): readonly Finding[] {
  const { ok, warning, problem } = findingsOf(subject);
  const end = Date.parse(validTo);
  if (Number.isNaN(end)) return [];
  const date = new Date(end).toISOString().slice(0, 10);
  const fix = "Renew it.";
  if (end <= now) return [problem("certificate", `that of ${whose} ended on ${date}`, fix)];
  if (end - now < 14 * day) return [warning("certificate", `that of ${whose} ends on ${date}`, fix)];
  return [ok("certificate", `that of ${whose} is valid until ${date}`)];
}
