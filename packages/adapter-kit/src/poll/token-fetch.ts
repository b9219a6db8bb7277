import type { PollHost, PollRequest } from "../contract/poll.ts";

/** A token and how long it is good for. */
export interface Token {
  readonly token: string;
  readonly expiresInSeconds: number;
}

export interface TokenFetchOptions {
  /** Asks the vendor for a token; by `host.fetch`. */
  readonly ask: () => Promise<Token>;
  /** How the token is sent. Default: `Authorization: Bearer <token>`. */
  readonly header?: ((token: string) => readonly [name: string, value: string]) | undefined;
}

/**
 * `host.fetch` with a token that is asked for when it is first needed, again before a tenth of its life (60 s at the most)
 * is left, and once more when the vendor answers 401.
 */
export function tokenFetch(
  host: Pick<PollHost<unknown>, "fetch" | "now">,
  { ask, header = (token) => ["Authorization", `Bearer ${token}`] as const }: TokenFetchOptions,
): PollHost<unknown>["fetch"] {
  let held: { readonly token: string; readonly until: number } | undefined;
  const fresh = async (): Promise<string> => {
    const { token, expiresInSeconds } = await ask();
    const life = Math.max(0, expiresInSeconds) * 1000;
    held = { token, until: host.now() + life - Math.min(60_000, life / 10) };
    return token;
  };
  const send = async (url: URL, init: PollRequest | undefined, token: string): Promise<Response> => {
    const headers = new Headers(init?.headers);
    headers.set(...header(token));
    return host.fetch(url, { ...init, headers });
  };
  return async (url, init) => {
    const known = held !== undefined && host.now() < held.until ? held.token : undefined;
    const response = await send(url, init, known ?? (await fresh()));
    if (response.status !== 401) return response;
    // Revoked, near its end while a limit was waited out, or the two clocks disagree: one new token, then the answer stands.
    await response.body?.cancel();
    return send(url, init, await fresh());
  };
}
