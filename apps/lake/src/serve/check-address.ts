import { isIP } from "node:net";
import { TributaryError } from "@tributary/schema";
import type { ServeOptions } from "./serve.ts";

/** Throws `NOT_LOOPBACK` for an address that requests would reach readable. */
export function checkAddress({ host, tls, insecure }: Pick<ServeOptions, "host" | "tls" | "insecure">): void {
  if (!isLoopback(host) && !tls && insecure !== true)
    throw new TributaryError(
      `Without TLS the lake listens on loopback only, and ${host} is not. Give --tls-cert and --tls-key, or say --insecure if the network between is trusted.`,
      { code: "NOT_LOOPBACK" },
    );
}

/** Whether what is sent to the host stays on this machine. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}
