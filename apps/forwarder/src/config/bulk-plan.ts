import type { Adapter, Secret } from "@tributary/adapter-kit";
import { secretFrom } from "@tributary/adapter-kit/poll";
import type { BulkCredentialConfig, BulkSourceConfig } from "./bulk-schema.ts";
import type { IntegrationPlan } from "./integration-plan.ts";
import type { ReadSecret } from "./read-secret.ts";
import { shown } from "./schema-findings.ts";
import type { Finding, Path } from "./yaml-source.ts";

export interface BulkPlan {
  readonly plan: IntegrationPlan["bulk"];
  readonly findings: readonly Finding[];
  readonly secrets: readonly string[];
}

/** What an integration's `bulk` says, its secrets read. True only where there are no findings. */
export function bulkPlan(config: BulkSourceConfig, adapter: Adapter, read: (place: unknown) => ReadSecret): BulkPlan {
  const findings: Finding[] = [];
  const secrets: string[] = [];
  const authorizations: Secret[] = [];
  for (const [index, credential] of config.credentials.entries()) {
    const path: Path = ["bulk", "credentials", index];
    const { user } = credential;
    const kind = kindOf(credential);
    if (kind === undefined) {
      findings.push({
        path,
        message: "It is not one way to authenticate",
        fix: "give user and password, or apiKey, or bearer, and a list item to each",
      });
      continue;
    }
    const found = read(credential[kind]);
    if (!("text" in found)) {
      findings.push({ path: [...path, kind], ...found });
      continue;
    }
    secrets.push(found.text);
    authorizations.push(...headersOf(kind, user, found.text).map(secretFrom));
  }
  const usable = Object.keys(adapter.formats).filter((name) => {
    const frame = adapter.formats[name]?.frame;
    return frame === "line" || frame === "body";
  });
  const lines = usable.find((name) => adapter.formats[name]?.frame === "line");
  const format = config.format ?? (usable.includes("ndjson") ? "ndjson" : lines);
  if (format === undefined || !usable.includes(format)) {
    const what =
      config.format === undefined
        ? `${adapter.name} has no format of lines`
        : `${shown(config.format)} is no format of one document of ${adapter.name}`;
    findings.push({ path: ["bulk"], message: what, fix: `name one: format: ${usable.join(" or ")}` });
  }
  const plan = { path: config.path, format: format ?? "", record: config.record, authorizations };
  return { plan: findings.length === 0 ? plan : undefined, findings, secrets };
}

function kindOf({
  user,
  password,
  apiKey,
  bearer,
}: BulkCredentialConfig): "password" | "apiKey" | "bearer" | undefined {
  if ((user === undefined) !== (password === undefined)) return undefined;
  const given = [password, apiKey, bearer].filter((one) => one !== undefined);
  if (given.length !== 1) return undefined;
  if (password !== undefined) return "password";
  return apiKey === undefined ? "bearer" : "apiKey";
}

const encoded = (text: string) => Buffer.from(text, "utf8").toString("base64");

function headersOf(
  kind: "password" | "apiKey" | "bearer",
  user: string | undefined,
  secret: string,
): readonly string[] {
  if (kind === "password") return [`basic ${encoded(`${user}:${secret}`)}`];
  return kind === "bearer" ? [`bearer ${secret}`] : [`apikey ${secret}`, `apikey ${encoded(secret)}`];
}
