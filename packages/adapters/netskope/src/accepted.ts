import { readBytes, VendorError } from "@tributary/adapter-kit/poll";

/**
 * Throws for an answer that is a refusal: `VENDOR_REFUSED` for 401, 403 and redirections, `VENDOR_UNAVAILABLE` for every
 * other status, which Netskope's own client asks again for too. Returns what may be read.
 */
export async function accepted(response: Response, what: string): Promise<Response> {
  if (response.ok) return response;
  const { status } = response;
  const text = new TextDecoder().decode(await readBytes(response, { what, maxBytes: 65_536 }).catch(() => undefined));
  if (status === 401 || status === 403 || status < 400)
    throw new VendorError("VENDOR_REFUSED", `Netskope refused ${what} with HTTP ${status}: ${advice(status, text)}`);
  throw new VendorError(
    "VENDOR_UNAVAILABLE",
    `Netskope answered ${what} with HTTP ${status}; it is asked again later.`,
  );
}

function advice(status: number, text: string): string {
  if (text.includes("cannot consume")) return "the tenant has no licence for it; take the endpoint out of the options.";
  if (status === 401) return "check the token and whether it has expired.";
  if (status === 403) return "the token lacks Read for this endpoint, or has expired.";
  return "it points elsewhere; check the tenant's host.";
}
