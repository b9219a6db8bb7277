/**
 * The options of a `next` request. The host sends a request again when no answer came, and `next` must not be sent twice: had
 * the first one reached Netskope, its page would be passed over. From the second time on the request is `resend`, which gives
 * that page, or the one before it, which is known already. Rests on how the kit's `pollFetch` builds each try: it reads the
 * options, then the address.
 */
export function resentWhenRepeated(url: URL, headers: Record<string, string>): RequestInit {
  let tries = 0;
  return {
    get headers() {
      tries += 1;
      if (tries > 1) url.searchParams.set("operation", "resend");
      return headers;
    },
  };
}
