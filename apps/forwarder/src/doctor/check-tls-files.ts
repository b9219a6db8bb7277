import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { messageOf } from "../config/message-of.ts";
import { certificateFindings } from "./certificate-findings.ts";
import { type Finding, findingsOf } from "./finding.ts";

/** Whether a certificate is valid and of the key. @param now ms since 1970 */
export function checkTlsFiles(
  subject: string,
  { cert, key }: { readonly cert: string; readonly key: string },
  now: number,
): readonly Finding[] {
  const { problem } = findingsOf(subject);
  try {
    const certificate = new X509Certificate(readFileSync(cert));
    const findings = certificateFindings(subject, cert, certificate.validTo, now);
    if (certificate.checkPrivateKey(createPrivateKey(readFileSync(key)))) return findings;
    return [
      ...findings,
      problem("certificate", `${key} is not the key of ${cert}`, "Name the key that the certificate was made for."),
    ];
  } catch (error) {
    return [
      problem(
        "certificate",
        `${cert} and ${key} cannot be used: ${messageOf(error)}`,
        "Name a certificate and its key, both PEM.",
      ),
    ];
  }
}
