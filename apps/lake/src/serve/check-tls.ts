import { X509Certificate, createPrivateKey } from "node:crypto";
import { createSecureContext } from "node:tls";
import { TributaryError } from "@tributary/schema";
import { messageOf } from "../message-of.ts";

/** A certificate chain and its private key, PEM. */
export interface TlsFiles {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}

const soonMs = 14 * 86_400_000;

/**
 * Looks whether a server can use them, before it does. Answers an entry for the log when the certificate is over, not yet valid, or
 * over within two weeks. Throws `TLS_NOT_VALID`.
 */
export function checkTls({ cert, key }: TlsFiles, now: number): Readonly<Record<string, unknown>> | undefined {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(cert);
  } catch (cause) {
    throw notValid(`the certificate cannot be read: ${messageOf(cause)}`, cause);
  }
  let matches: boolean;
  try {
    matches = certificate.checkPrivateKey(createPrivateKey(key));
  } catch (cause) {
    throw notValid(`the private key cannot be read: ${messageOf(cause)}`, cause);
  }
  if (!matches) throw notValid(`the private key is not that of the certificate (${certificate.subject})`);
  try {
    createSecureContext({ cert, key });
  } catch (cause) {
    throw notValid(messageOf(cause), cause);
  }
  const [from, to] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
  if (now > to) return told("error", "certificate-expired", from, to);
  if (now < from) return told("error", "certificate-not-yet-valid", from, to);
  return now > to - soonMs ? told("warning", "certificate-expires", from, to) : undefined;
}

function told(level: string, event: string, from: number, to: number): Readonly<Record<string, unknown>> {
  return {
    level,
    event,
    validFrom: new Date(from).toISOString(),
    validTo: new Date(to).toISOString(),
    message: "Renew the certificate, and send the lake SIGHUP: it reads the files again.",
  };
}

function notValid(why: string, cause?: unknown): TributaryError {
  return new TributaryError(
    `TLS cannot be spoken with these files: ${why}. --tls-cert is the certificate chain with the lake's own first, --tls-key its private key without a passphrase, both PEM.`,
    { code: "TLS_NOT_VALID", cause },
  );
}
