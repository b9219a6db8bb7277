import { TributaryError } from "@tributary/schema";

/** What a commit of an integration throws that another forwarder holds by now. Nothing of the commit was written. */
export function leaseLost(): TributaryError {
  return new TributaryError("Another forwarder has taken this integration over.", {
    code: "LEASE_LOST",
    retryable: true,
  });
}
