import type { Config } from "./config-schema.ts";
import type { Finding, Path } from "./yaml-source.ts";

const any: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);

/** Addresses that two parts of one configuration would listen on. */
export function portFindings({ listen, syslog = [] }: Config): readonly Finding[] {
  const findings: Finding[] = [];
  const taken: { readonly kind: "tcp" | "udp"; readonly host: string; readonly port: number; readonly name: string }[] =
    [];
  const take = (
    kind: "tcp" | "udp",
    path: Path,
    where: { readonly host: string; readonly port: number } | undefined,
  ) => {
    // A free port is found for 0.
    if (where === undefined || where.port === 0) return;
    const { host, port } = where;
    const other = taken.find(
      (one) => one.kind === kind && one.port === port && (one.host === host || any.has(host) || any.has(one.host)),
    );
    if (other !== undefined)
      findings.push({
        path: [...path, "port"],
        message: `${other.name} listens on port ${port} already`,
        fix: "give each a port of its own",
      });
    taken.push({ kind, host, port, name: path.join(".") });
  };
  take("tcp", ["listen"], listen);
  take("tcp", ["listen", "operations"], listen?.operations);
  for (const [index, { udp, tcp, tls }] of syslog.entries()) {
    take("udp", ["syslog", index, "udp"], udp);
    take("tcp", ["syslog", index, "tcp"], tcp);
    take("tcp", ["syslog", index, "tls"], tls);
  }
  return findings;
}
