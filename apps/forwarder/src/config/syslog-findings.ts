import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { isNetwork } from "../network/address-list.ts";
import type { Config } from "./config-schema.ts";
import { shown } from "./schema-findings.ts";
import type { SyslogListenerConfig, SyslogSourceConfig } from "./syslog-schema.ts";
import type { Finding, Path } from "./yaml-source.ts";

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** What is wrong with the listeners, and with the way integrations name them. */
export function syslogFindings({ syslog = [], integrations }: Config, directory: string): readonly Finding[] {
  const findings: Finding[] = [];
  const names = syslog.map(({ name }) => name);
  for (const [index, listener] of syslog.entries()) {
    const path: Path = ["syslog", index];
    findings.push(...listenerFindings(listener, path, directory));
    if (names.indexOf(listener.name) < index)
      findings.push({
        path: [...path, "name"],
        message: `${shown(listener.name)} names two listeners`,
        fix: "give each its own name",
      });
  }
  let takesAll: string | undefined;
  for (const [index, { name, syslog: source }] of integrations.entries()) {
    if (source === undefined) continue;
    const path: Path = ["integrations", index, "syslog"];
    if (syslog.length === 0)
      findings.push({ path, message: "Nothing listens", fix: "add syslog: [{tcp: {port: 6514}}] at the top" });
    else if (source.listener !== undefined && !names.includes(source.listener))
      findings.push({
        path: [...path, "listener"],
        message: `${shown(source.listener)} is no listener: there is ${names.join(", ")}`,
        fix: "name one of them, or leave it out for all",
      });
    if (takesAll !== undefined)
      findings.push({
        path,
        message: `No message comes here: ${takesAll}, which stands before it, takes all of them`,
        fix: `give ${takesAll} a host, an app, from or a listener, or put it last`,
      });
    if (isOpen(source)) takesAll ??= name;
  }
  return findings;
}

/** Takes whatever comes. */
const isOpen = ({ listener, from, host, app }: SyslogSourceConfig): boolean =>
  [listener, from, host, app].every((member) => member === undefined);

function listenerFindings(
  { udp, tcp, tls, allow }: SyslogListenerConfig,
  path: Path,
  directory: string,
): readonly Finding[] {
  const findings: Finding[] = [];
  const wrong = (at: Path, message: string, fix: string) => findings.push({ path: [...path, ...at], message, fix });
  if (udp === undefined && tcp === undefined && tls === undefined)
    wrong([], "It listens on nothing", "add udp: {port}, tcp: {port} or tls: {port, cert, key}");
  for (const [at, network] of (allow ?? []).entries())
    if (!isNetwork(network))
      wrong(
        ["allow", at],
        `${shown(network)} is no address and no network`,
        "write it as 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32",
      );
  for (const [transport, where] of Object.entries({ udp, tcp, tls })) {
    if (where === undefined || loopback.test(where.host) || allow !== undefined) continue;
    if (transport === "tls" && tls?.clientCa !== undefined && udp === undefined && tcp === undefined) continue;
    wrong(
      [transport, "host"],
      `${shown(where.host)} is not this machine alone, and anybody could send`,
      "add allow: [networks of the senders]; 0.0.0.0/0 allows all",
    );
  }
  for (const part of ["cert", "key", "clientCa"] as const) {
    const file = tls?.[part];
    if (file === undefined) continue;
    try {
      readFileSync(resolve(directory, file));
    } catch {
      wrong(["tls", part], `${shown(file)} cannot be read`, "check path and permissions");
    }
  }
  return findings;
}

/** Listeners whose files are absolute paths. */
export function absoluteListeners(
  listeners: readonly SyslogListenerConfig[],
  directory: string,
): readonly SyslogListenerConfig[] {
  return listeners.map((listener) => {
    const { tls } = listener;
    if (tls === undefined) return listener;
    const { cert, key, clientCa } = tls;
    const ca = clientCa === undefined ? {} : { clientCa: resolve(directory, clientCa) };
    return { ...listener, tls: { ...tls, cert: resolve(directory, cert), key: resolve(directory, key), ...ca } };
  });
}
