import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, resolve } from "node:path";
import { Value } from "@sinclair/typebox/value";
import { type Config, configSchema, type ListenConfig } from "./config-schema.ts";
import { ConfigInvalid } from "./config-invalid.ts";
import type { IntegrationPlan } from "./integration-plan.ts";
import type { LoadedConfig } from "./loaded-config.ts";
import { encryptionPlan } from "./encryption-plan.ts";
import { planIntegration } from "./plan-integration.ts";
import { portFindings } from "./port-findings.ts";
import { postgresPlan } from "./postgres-plan.ts";
import { readSecret } from "./read-secret.ts";
import { absoluteListeners, syslogFindings } from "./syslog-findings.ts";
import { schemaFindings, shown } from "./schema-findings.ts";
import { withDefaults } from "./with-defaults.ts";
import { type Finding, type Path, yamlSource } from "./yaml-source.ts";

/**
 * Reads `tributary.yaml`, loads its adapters, resolves its secrets and checks all of it. Throws {@link ConfigInvalid} with
 * everything that is wrong, each with file, line and column.
 */
export async function loadConfig(file: string, env: NodeJS.ProcessEnv): Promise<LoadedConfig> {
  const directory = dirname(resolve(file));
  const source = yamlSource(read(file), file);
  if (source.value === undefined) throw new ConfigInvalid(source.problems);
  const given = withDefaults(configSchema, source.value);
  const invalid = (findings: readonly Finding[]) => new ConfigInvalid(findings.map((finding) => source.place(finding)));
  const shape = schemaFindings(configSchema, given, []);
  // A member too many hides nothing else that is wrong.
  const filled = Value.Clean(configSchema, given);
  if (!Value.Check(configSchema, filled)) throw invalid(shape);

  const findings: Finding[] = [
    ...shape,
    ...listenFindings(filled, directory),
    ...syslogFindings(filled, directory),
    ...portFindings(filled),
  ];
  const secrets: string[] = [];
  const postgres = postgresPlan(filled, directory, env);
  findings.push(...postgres.findings);
  secrets.push(...postgres.secrets);
  const sealed = filled.encryption && encryptionPlan(filled.encryption, (place) => readSecret(place, directory, env));
  findings.push(...(sealed?.findings ?? []));
  secrets.push(...(sealed?.secrets ?? []));
  const plans: IntegrationPlan[] = [];
  const taken = new Map<string, string>();
  /** Finds what an earlier integration has already. */
  const unique = (what: string, name: string, finding: (other: string) => Finding): void => {
    const other = taken.get(what);
    if (other === undefined) taken.set(what, name);
    else findings.push(finding(other));
  };
  for (const [index, integration] of filled.integrations.entries()) {
    const at: Path = ["integrations", index];
    const { name } = integration;
    const planned = await planIntegration(integration, directory, env);
    secrets.push(...planned.secrets);
    findings.push(...planned.findings.map((finding) => ({ ...finding, path: [...at, ...finding.path] })));
    unique(`name ${name}`, name, () => ({
      path: [...at, "name"],
      message: `${shown(name)} names two integrations`,
      fix: "give each its own name",
    }));
    const { poll, webhook, bulk, adapter } = planned.plan ?? {};
    if (poll !== undefined)
      unique(`poll ${adapter?.name} ${poll.exclusive}`, name, (other) => ({
        path: [...at, "poll"],
        message: `It reads what ${other} reads, and each would take the other's records or requests`,
        fix: "keep one of the two",
      }));
    if (webhook !== undefined)
      unique(`path ${webhook.path}`, name, (other) => ({
        path: [...at, "webhook", "path"],
        message: `${shown(webhook.path)} is the path of ${other}`,
        fix: "give each its own path",
      }));
    if (bulk !== undefined)
      unique(`path ${bulk.path}`, name, (other) => ({
        path: [...at, "bulk", "path"],
        message: `${shown(bulk.path)} is the path of ${other}`,
        fix: "give each its own path",
      }));
    if (planned.plan !== undefined) plans.push(planned.plan);
  }
  if (findings.length > 0) throw invalid(findings);
  const { state, listen, syslog = [], limits } = filled;
  return {
    file: resolve(file),
    state: state === undefined ? undefined : resolve(directory, state.replace(/^~(?=\/|$)/, homedir())),
    postgres: postgres.plan,
    keys: sealed?.keys,
    listen: listen && absolute(listen, directory),
    syslog: absoluteListeners(syslog, directory),
    telemetry: filled.telemetry,
    limits,
    integrations: plans,
    secrets,
  };
}

function read(file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    const message = missing ? "There is no such file" : "It cannot be read as a text file";
    const fix = missing
      ? "write one with tributary init, or name yours"
      : "check its permissions, and that it is UTF-8";
    throw new ConfigInvalid([{ file, line: 1, column: 1, path: "", message, fix }]);
  }
}

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

function listenFindings({ listen, integrations }: Config, directory: string): readonly Finding[] {
  const findings: Finding[] = [];
  for (const [index, integration] of integrations.entries())
    for (const part of ["webhook", "bulk"] as const)
      if (integration[part] !== undefined && listen === undefined)
        findings.push({
          path: ["integrations", index, part],
          message: "Nothing listens",
          fix: "add listen: {host: 127.0.0.1, port: 8322} at the top",
        });
  if (listen === undefined) return findings;
  if (!loopback.test(listen.host) && listen.tls === undefined && !listen.insecure)
    findings.push({
      path: ["listen", "host"],
      message: `${shown(listen.host)} is not this machine alone, and there is no TLS`,
      fix: "add tls: {cert, key}, or insecure: true where something in front speaks TLS",
    });
  for (const part of ["cert", "key"] as const) {
    const file = listen.tls?.[part];
    if (file === undefined) continue;
    try {
      readFileSync(resolve(directory, file));
    } catch {
      findings.push({
        path: ["listen", "tls", part],
        message: `${shown(file)} cannot be read`,
        fix: "check path and permissions",
      });
    }
  }
  return findings;
}

function absolute(listen: ListenConfig, directory: string): ListenConfig {
  const { tls } = listen;
  if (tls === undefined) return listen;
  return { ...listen, tls: { cert: resolve(directory, tls.cert), key: resolve(directory, tls.key) } };
}
