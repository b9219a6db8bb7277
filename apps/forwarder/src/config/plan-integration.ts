import { createHash } from "node:crypto";
import { resolve } from "node:path";
import type { Adapter } from "@tributary/adapter-kit";
import { loadAdapter } from "../adapters/load-adapter.ts";
import { bulkPlan } from "./bulk-plan.ts";
import type { IntegrationConfig } from "./config-schema.ts";
import type { IntegrationPlan } from "./integration-plan.ts";
import { mappingOptions } from "./mapping-options.ts";
import { planDestinations } from "./plan-destinations.ts";
import { messageOf } from "./message-of.ts";
import { objectsPlan } from "./objects-plan.ts";
import { readSecret } from "./read-secret.ts";
import { shown } from "./schema-findings.ts";
import { sourceOptions } from "./source-options.ts";
import { syslogPlan } from "./syslog-plan.ts";
import type { Finding, Path } from "./yaml-source.ts";

export interface Planned {
  /** Undefined where something is wrong. */
  readonly plan: IntegrationPlan | undefined;
  /** Paths begin at the integration. */
  readonly findings: readonly Finding[];
  /** The texts of all its secrets. */
  readonly secrets: readonly string[];
}

/**
 * Loads what an integration names, resolves its secrets and checks its options. Never throws for what the configuration says.
 * @param directory what relative paths start from
 */
export async function planIntegration(
  config: IntegrationConfig,
  directory: string,
  env: NodeJS.ProcessEnv,
): Promise<Planned> {
  const findings: Finding[] = [];
  const secrets: string[] = [];
  const wrong = (path: Path, message: string, fix: string): void => void findings.push({ path, message, fix });
  const take = <T extends Pick<Planned, "findings" | "secrets">>(part: T): T => {
    findings.push(...part.findings);
    secrets.push(...part.secrets);
    return part;
  };
  const read = (place: unknown) => readSecret(place, directory, env);

  const { plans: destinations, findings: astray } = planDestinations(config, directory, env);
  findings.push(...astray);
  const loaded = await loadAdapter(config.adapter, directory).catch((error: unknown) => {
    wrong(["adapter"], messageOf(error), "name one of tributary adapters, an installed package or a path");
    return undefined;
  });
  if (loaded === undefined) return { plan: undefined, findings, secrets };
  const { adapter, builtIn } = loaded;

  const { options } = take(await mappingOptions(config, adapter, directory, read));
  const sources = ["files", "s3", "syslog", "bulk", adapter.poll && "poll", adapter.webhook && "webhook"].filter(
    (one) => one !== undefined,
  );
  if (
    [config.poll, config.webhook, config.files, config.s3, config.syslog, config.bulk].every((one) => one === undefined)
  )
    wrong([], "It has no source", `add ${sources.join(" or ")}`);
  const poll = await loadModule(adapter, "poll", config.poll, wrong);
  const polled = poll && take(sourceOptions(poll.options, config.poll, ["poll"], read));
  const webhook = await loadModule(adapter, "webhook", config.webhook, wrong);
  const pushed = webhook && take(sourceOptions(webhook.options, config.webhook?.options, ["webhook", "options"], read));
  if (pushed !== undefined && pushed.secrets.length === 0 && pushed.findings.length === 0)
    wrong(["webhook"], "It has no secret: anybody could deliver", "give its options at least one secret");
  const syslog = config.syslog && syslogPlan(config.syslog, adapter, wrong);
  const bulk = config.bulk && take(bulkPlan(config.bulk, adapter, read));
  for (const source of ["files", "s3"] as const) {
    const format = config[source]?.format;
    if (format !== undefined && !Object.hasOwn(adapter.formats, format))
      wrong(
        [source, "format"],
        `${shown(format)} is no format of ${adapter.name}: it has ${Object.keys(adapter.formats).join(", ")}`,
        "name one of them, or leave it out",
      );
  }
  if (config.s3 !== undefined && config.s3.bucket === undefined && config.s3.queue === undefined)
    wrong(
      ["s3"],
      "It names neither a bucket nor a queue",
      "add bucket: NAME to list it, or queue: URL of an SQS queue",
    );
  if (findings.length > 0) return { plan: undefined, findings, secrets };
  return {
    findings,
    secrets,
    plan: {
      name: config.name,
      adapter,
      builtIn,
      options,
      destinations,
      poll: poll && polled && { poll, options: polled.value, exclusive: poll.exclusive(polled.value) },
      webhook: webhook && pushed && { webhook, options: pushed.value, path: config.webhook?.path ?? "" },
      files: config.files && {
        ...config.files,
        paths: config.files.paths.map((path) => resolve(directory, path)),
        exclude: config.files.exclude.map((path) => resolve(directory, path)),
        format: config.files.format,
      },
      syslog,
      bulk: bulk?.plan,
      s3: config.s3 && objectsPlan(config.s3, destinations[0]!.region),
      since: config.since,
      allowPrivate: config.allowPrivate ?? [],
      onlyKnownNames: config.onlyKnownNames ?? false,
      fingerprint: createHash("sha256")
        .update(JSON.stringify([config, destinations, options ?? null, secrets]))
        .digest("hex"),
    },
  };
}

/** The module of a source that the configuration asks for. */
async function loadModule<Kind extends "poll" | "webhook">(
  adapter: Adapter,
  kind: Kind,
  asked: unknown,
  wrong: (path: Path, message: string, fix: string) => void,
): Promise<Awaited<ReturnType<NonNullable<Adapter[Kind]>>> | undefined> {
  if (asked === undefined) return undefined;
  const load: (() => Promise<unknown>) | undefined = adapter[kind];
  if (load === undefined) wrong([kind], `The adapter ${adapter.name} has no ${kind}`, `take ${kind} away`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the member named `kind` answers it
  return (await load?.()) as Awaited<ReturnType<NonNullable<Adapter[Kind]>>> | undefined;
}
