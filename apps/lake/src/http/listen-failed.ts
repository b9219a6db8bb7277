import { TributaryError } from "@tributary/schema";
import { messageOf } from "../message-of.ts";

const reasons: ReadonlyMap<unknown, string> = new Map([
  ["EADDRINUSE", "another process has it. Stop that, or choose another port; port 0 picks a free one"],
  ["EADDRNOTAVAIL", "this machine has no such address. Name one that it has, or 0.0.0.0 or :: for all of them"],
  ["EACCES", "this user may not have it. Choose a port above 1023"],
  ["ENOTFOUND", "there is no host of that name"],
]);

/** What `listen` throws, with what to do. */
export function listenFailed(host: string, port: number, cause: unknown): TributaryError {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  const address = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  return new TributaryError(`The lake cannot listen on ${address}: ${reasons.get(code) ?? messageOf(cause)}.`, {
    code: "LISTEN_FAILED",
    cause,
  });
}
