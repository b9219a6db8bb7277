import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";

/** The certificates of a PEM file, as text. Throws, in words for whoever named the file, where it has none or cannot be read. */
export function authority(file: string): string {
  let pem: string;
  try {
    pem = readFileSync(file, "utf8");
  } catch (cause) {
    throw new Error(`${file} cannot be read${cause instanceof Error ? `: ${cause.message}` : ""}`, { cause });
  }
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  if (certificates.length === 0) throw new Error(`${file} holds no certificate in PEM (-----BEGIN CERTIFICATE-----)`);
  try {
    // What else is in the file, a private key perhaps, goes no further.
    return certificates.map((certificate) => new X509Certificate(certificate).toString()).join("");
  } catch (cause) {
    throw new Error(`A certificate of ${file} is broken`, { cause });
  }
}
