import type { SyslogListenerConfig } from "../config/syslog-schema.ts";
import { bindProblem } from "./bind-problem.ts";
import { checkTlsFiles } from "./check-tls-files.ts";
import { type Finding, findingsOf } from "./finding.ts";

/**
 * Whether syslog can be received: each address is free, or a forwarder has it.
 * @param inUse whether a forwarder of this machine works on the state now @param now ms since 1970
 */
export async function checkSyslog(
  listener: SyslogListenerConfig,
  inUse: boolean,
  now: number,
): Promise<readonly Finding[]> {
  const subject = `syslog ${listener.name}`;
  const { ok, warning, problem } = findingsOf(subject);
  const findings: Finding[] = [];
  if (listener.tls !== undefined) findings.push(...checkTlsFiles(subject, listener.tls, now));
  for (const transport of ["udp", "tcp", "tls"] as const) {
    const place = listener[transport];
    if (place === undefined) continue;
    const where = `${place.host}:${place.port} (${transport})`;
    const taken = await bindProblem(transport === "udp" ? "udp" : "tcp", place.host, place.port);
    if (taken === undefined)
      findings.push(
        inUse && place.port !== 0
          ? warning("address", `a forwarder works on the state, and nothing listens on ${where}`, "Look at its log.")
          : ok("address", `${where} is free`),
      );
    else if (inUse) findings.push(ok("address", `${where} is taken, as it is while a forwarder works`));
    else
      findings.push(
        problem(
          "address",
          `${where} cannot be listened on: ${taken}`,
          "Stop what has it, or choose another. A port below 1024 needs the right to it.",
          "No message is received.",
        ),
      );
  }
  return findings;
}
