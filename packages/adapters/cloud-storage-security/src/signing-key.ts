import { X509Certificate } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { PollHost } from "@tributary/adapter-kit";
import { readBytes } from "@tributary/adapter-kit/poll";

/** HTTPS, a host of SNS itself, the one path SNS keeps certificates at; no port, no user, no query. */
const certificateUrl =
  /^https:\/\/sns\.[a-z0-9-]{1,32}\.amazonaws\.com\/SimpleNotificationService-[0-9a-f]{8,64}\.pem$/;
const maxCertificateBytes = 64 * 1024;
const maxKept = 16;

interface Kept {
  readonly key: KeyObject;
  readonly from: number;
  readonly to: number;
}

/** Certificates never change at their address; SNS changes the address. */
const certificates = new Map<string, Kept>();

/**
 * The public key of the certificate a message names, if SNS itself serves that certificate and it is valid now. What makes it
 * SNS's is the host it comes from over TLS. Undefined for any other address and for what is no certificate; throws what
 * `host.fetch` throws while SNS does not answer, so that the delivery is tried again.
 */
export async function signingKey(
  url: string,
  host: Pick<PollHost<unknown>, "fetch" | "now">,
): Promise<KeyObject | undefined> {
  if (!certificateUrl.test(url)) return undefined;
  const kept = certificates.get(url) ?? (await fetched(url, host));
  return kept !== undefined && host.now() >= kept.from && host.now() <= kept.to ? kept.key : undefined;
}

async function fetched(url: string, host: Pick<PollHost<unknown>, "fetch">): Promise<Kept | undefined> {
  const response = await host.fetch(new URL(url));
  if (response.status !== 200) {
    await response.body?.cancel();
    return undefined;
  }
  const bytes = await readBytes(response, { what: "a certificate of SNS", maxBytes: maxCertificateBytes });
  const kept = read(bytes);
  if (kept === undefined) return undefined;
  const [oldest] = certificates.keys();
  if (certificates.size >= maxKept && oldest !== undefined) certificates.delete(oldest);
  certificates.set(url, kept);
  return kept;
}

function read(pem: Uint8Array): Kept | undefined {
  try {
    const certificate = new X509Certificate(pem);
    return {
      key: certificate.publicKey,
      from: Date.parse(certificate.validFrom),
      to: Date.parse(certificate.validTo),
    };
  } catch {
    return undefined;
  }
}
