import { randomBytes } from "node:crypto";
import { Value } from "@sinclair/typebox/value";
import { type DeclaredSet, declaredSchema } from "../control/declared-schema.ts";
import { declaredFindings } from "../control/declared-findings.ts";
import { externalIdOf } from "../control/external-id-of.ts";
import { howToUse, yamlPiece } from "../control/how-to-use.ts";
import { type Observed, observe } from "../control/observed.ts";
import { planChanges } from "../control/plan-changes.ts";
import { schemaFindings } from "../config/schema-findings.ts";
import { questions } from "../terminal/questions.ts";
import { printable } from "../terminal/table.ts";
import { askForIntegration, type IntegrationWish } from "./ask-for-integration.ts";
import type { Io } from "./command.ts";
import { controlArguments, lakeEndpoint, openControlPlane } from "./control-options.ts";
import { doneJson, doPlan } from "./do-plan.ts";
import { exitCodes } from "./exit-codes.ts";
import { parseCommandLine, usageError, wholeNumber } from "./usage-error.ts";

/** `tributary integration create` */
export async function integrationCreate(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseCommandLine(argv, {
    ...controlArguments,
    name: { type: "string" },
    source: { type: "string" },
    store: { type: "string", multiple: true },
    "new-store": { type: "string" },
    "retention-days": { type: "string" },
    principal: { type: "string", multiple: true },
    "external-id": { type: "string" },
    "generate-external-id": { type: "boolean" },
    "no-policy": { type: "boolean" },
    tag: { type: "string", multiple: true },
    change: { type: "boolean" },
    yes: { type: "boolean" },
    json: { type: "boolean" },
  });
  if (positionals.length > 0) throw usageError(`integration create takes no argument ${positionals[0]}: say --name.`);
  if (values["external-id"] !== undefined && values["generate-external-id"] === true)
    throw usageError("Give --external-id or --generate-external-id, not both.");
  const retentionDays = wholeNumber("retention-days", values["retention-days"], { min: 7, max: 2557 });
  const [json, yes] = [values.json === true, values.yes === true];
  const endpoint = lakeEndpoint(values, io.env);
  const control = await openControlPlane(values, io);
  const person = json || yes ? undefined : questions(io);
  try {
    const given: IntegrationWish = {
      name: values.name,
      source: values.source,
      stores: values.store ?? [],
      newStore: values["new-store"],
      retentionDays,
      principals: values.principal,
      externalId: values["external-id"],
      generateExternalId: values["generate-external-id"] === true,
      noPolicy: values["no-policy"] === true,
      tags: tagsOf(values.tag ?? []),
    };
    const wish = person === undefined ? given : await askForIntegration(given, person, control);
    const { name, source } = wish;
    if (name === undefined || source === undefined)
      throw usageError(
        `${name === undefined ? "--name" : "--source"} is missing, and without a terminal nothing can be asked.`,
      );
    const observed = await observe(control, { channels: new Set([name]), tags: Object.keys(wish.tags).length > 0 });
    const set = declared({ ...wish, name, source }, observed, endpoint !== undefined);
    const plan = planChanges(set, observed, {
      mark: undefined,
      change: values.change === true,
      prune: false,
      manyOfSource: endpoint !== undefined,
    });
    const done = await doPlan(plan, control, io, { json, yes, asked: person });
    const channelArn = done.result?.channels.get(name);
    const [integration] = set.integrations;
    const externalId = integration?.externalId;
    const facts =
      channelArn === undefined ? undefined : { name, source, channelArn, externalId, endpoint, ca: values.ca };
    if (json) {
      const made = facts && { channelArn, externalId, tributaryYaml: await yamlPiece(facts) };
      const stores = Object.fromEntries(done.result?.stores ?? []);
      io.stdout.write(
        `${JSON.stringify({ ok: done.exitCode === exitCodes.ok, plan: plan.items, notes: plan.notes, ...doneJson(plan, done), stores, ...made })}\n`,
      );
    } else if (done.exitCode === exitCodes.ok && facts !== undefined)
      io.stdout.write(`\n${printable(await howToUse(facts))}`);
    return done.exitCode;
  } finally {
    person?.close();
    control.close();
  }
}

/** A set of one integration. Throws USAGE for what AWS would refuse, named by the option. */
function declared(
  wish: IntegrationWish & { readonly name: string; readonly source: string },
  observed: Observed,
  isLake: boolean,
): DeclaredSet {
  const { name, source, newStore, retentionDays, principals, noPolicy, tags } = wish;
  if (newStore === undefined && retentionDays !== undefined)
    throw usageError("--retention-days is of a new store: say --new-store NAME.");
  const stores = [...wish.stores, ...(newStore === undefined ? [] : [newStore])];
  if (stores.length === 0) throw usageError("Say --new-store NAME, or --store with one that is there.");
  const externalId = wish.generateExternalId ? generated(name, observed) : wish.externalId;
  const withTags = Object.keys(tags).length > 0 && { tags };
  const set: DeclaredSet = {
    set: "create",
    eventDataStores:
      newStore === undefined
        ? []
        : [{ name: newStore, ...(retentionDays !== undefined && { retentionDays }), ...withTags }],
    integrations: [
      {
        name,
        source,
        stores,
        ...(principals !== undefined && { principals: [...principals] }),
        ...(externalId !== undefined && { externalId }),
        ...(noPolicy && { noPolicy }),
        ...withTags,
      },
    ],
  };
  const findings = Value.Check(declaredSchema, set)
    ? declaredFindings(set, isLake)
    : schemaFindings(declaredSchema, set, []);
  if (findings.length > 0)
    throw usageError(
      findings.map(({ path, message, fix }) => `${optionOf(path)}${message}. ${optionsIn(fix)}.`).join("\n"),
    );
  return set;
}

/** A second run must not ask for another id than the first one put into the policy. Hex: no option may begin with a dash. */
function generated(name: string, { channels }: Observed): string {
  const there = channels.find((channel) => channel.name === name);
  const known = there?.policy === undefined ? undefined : externalIdOf(there.policy, there.arn);
  return known ?? randomBytes(20).toString("hex");
}

const options: Readonly<Record<string, string>> = {
  name: "--name",
  source: "--source",
  stores: "--store",
  principals: "--principal",
  externalId: "--external-id",
  noPolicy: "--no-policy",
  tags: "--tag",
  retentionDays: "--retention-days",
};

function optionOf([list, _index, member]: readonly (string | number)[]): string {
  const option = list === "eventDataStores" && member === "name" ? "--new-store" : options[String(member)];
  return option === undefined ? "" : `${option}: `;
}

/** What a fix calls by the file's names, in those of the command line. */
function optionsIn(fix: string): string {
  const told = fix
    .replaceAll(/\bnoPolicy(: true)?/g, "--no-policy")
    .replaceAll(/\bprincipals\b/g, "--principal")
    .replaceAll(/\bexternalId\b/g, "--external-id");
  return told.slice(0, 1).toUpperCase() + told.slice(1);
}

/** `KEY=VALUE`. */
function tagsOf(texts: readonly string[]): Readonly<Record<string, string>> {
  const tags = new Map<string, string>();
  for (const text of texts) {
    const at = text.indexOf("=");
    if (at < 1) throw usageError(`--tag takes KEY=VALUE, not ${text}.`);
    const key = text.slice(0, at);
    if (tags.has(key)) throw usageError(`--tag: ${key} is given twice.`);
    tags.set(key, text.slice(at + 1));
  }
  return Object.fromEntries(tags);
}
