import { ipAddress } from "@tributary/adapter-kit";
import type { Field } from "./fields-of.ts";
import type { Guess } from "./proposal.ts";
import { rank } from "./rank.ts";

/** Names of the address a request came from, the plainest first. */
const names = [
  "source_ip_address",
  "source_ip",
  "client_ip",
  "client_ip_address",
  "ip_address",
  "ip",
  "actor_ip",
  "actor_ip_address",
  "remote_addr",
  "remote_address",
  "remote_ip",
  "src",
  "src_ip",
  "source_address",
  "client_address",
  "user_ip",
  "caller_ip",
  "caller_ip_address",
  "request_ip",
  "origin_ip",
];
const notSource = /dest|dst|target|server|gateway|proxy|dvc|device|host/;

/** Where it came from: at most two members that hold IP addresses. */
export function guessAddresses(fields: readonly Field[], samples: number): readonly Guess[] {
  return rank(fields, {
    samples,
    fits: (value) => ipAddress(value) !== undefined,
    // Products write host names and blanks there too; those stay in the rest.
    share: 0.5,
    score: ({ name, longName, path }) => {
      if (path.some((step) => notSource.test(step.toLowerCase()))) return 0;
      const listed = names.indexOf(path.length > 1 && names.includes(longName) ? longName : name);
      return listed >= 0 ? 100 - listed : 20;
    },
    what: "is an IP address",
    isNeeded: false,
  }).slice(0, 2);
}
