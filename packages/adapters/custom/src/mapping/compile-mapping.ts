import { builtIns } from "../formats/built-ins.ts";
import type { BuiltIn } from "../formats/built-in.ts";
import { Compilation } from "./compilation.ts";
import { compileCondition } from "./compile-condition.ts";
import type { Holds } from "./compile-condition.ts";
import { compileEvent, emptyEvent } from "./compile-event.ts";
import type { CompiledEvent } from "./compile-event.ts";
import { byContent, compileId } from "./compile-id.ts";
import type { IdSource } from "./compile-id.ts";
import { checkZone } from "./compile-time.ts";
import type { Finding } from "./document-path.ts";
import type { Mapping, Rule } from "./mapping-schema.ts";
import type { SplitPlan } from "./split-records.ts";

/** What a document does not say and the options of the adapter may. */
export interface MappingDefaults {
  /** The zone of times that name none. Default Z. */
  readonly zone?: string | undefined;
  /** A built-in format to extend. */
  readonly format?: BuiltIn["name"] | undefined;
}

/** A kind of records: how to tell it, and its table. */
export interface CompiledKind {
  readonly name: string;
  readonly holds: Holds;
  readonly event: CompiledEvent;
}

/** A mapping document, ready to run. */
export interface CompiledMapping {
  readonly name: string;
  readonly format: BuiltIn | undefined;
  readonly split: SplitPlan | undefined;
  readonly rules: readonly { readonly name: string; readonly why: string; readonly holds: Holds }[];
  readonly redact: readonly string[];
  readonly rest: "additionalEventData" | "requestParameters";
  readonly id: IdSource;
  /** At least one: a document without kinds has one that every record is of. */
  readonly kinds: readonly CompiledKind[];
}

/** A document that fits the schema, compiled; and what is wrong with it all the same, such as a pointer that is none. */
export function compileMapping(
  document: Mapping,
  defaults: MappingDefaults = {},
): { readonly mapping: CompiledMapping; readonly findings: readonly Finding[] } {
  const formatName = document.extends ?? defaults.format;
  const format = formatName === undefined ? undefined : builtIns[formatName];
  const base = format?.mapping;
  const redact = [...(base?.redact ?? []), ...(document.redact ?? [])];
  const compilation = new Compilation(document.zone ?? defaults.zone ?? "Z", redact);
  if (document.zone !== undefined) checkZone(document.zone, ["zone"], compilation);
  checkRedact(document.redact ?? [], compilation);
  if (document.extends !== undefined && defaults.format !== undefined && document.extends !== defaults.format)
    compilation.report(
      ["extends"],
      `The document extends ${document.extends}, the options say format ${defaults.format}`,
      "say it in one of the two places",
    );
  // What a document masks, a table that it extends may still read: it reads ***.
  const own = new Compilation(compilation.zone, [], true);
  const inherited = base?.event === undefined ? emptyEvent : compileEvent(base.event, [], own);
  const common = compileEvent(document.event ?? {}, ["event"], compilation, inherited);
  const mapping: CompiledMapping = {
    name: document.name ?? base?.name ?? "custom",
    format,
    split: document.split && {
      at: exactSteps(document.split.at, "at", compilation),
      keep: document.split.keep !== false,
      index: document.split.index === undefined ? undefined : exactSteps(document.split.index, "index", compilation),
    },
    rules: Object.entries<Rule>(document.drop ?? {}).map(([name, { why, when }]) => ({
      name,
      why,
      holds: compileCondition(when, ["drop", name, "when"], compilation),
    })),
    redact,
    rest: document.rest ?? base?.rest ?? "additionalEventData",
    id: compileIdOf(document, base, compilation),
    kinds: compileKinds(document, common, compilation),
  };
  return { mapping, findings: compilation.findings };
}

/** The steps of a pointer to one place. */
function exactSteps(pointer: string, member: string, compilation: Compilation): readonly string[] {
  const steps = compilation.steps(pointer, ["split", member]);
  if (steps.includes("*"))
    compilation.report(["split", member], "A step * may not stand here", "name the one place by all its steps");
  return steps;
}

function compileIdOf(document: Mapping, base: Mapping | undefined, compilation: Compilation): IdSource {
  if (document.id !== undefined) return compileId(document.id, ["id"], compilation);
  return base?.id === undefined ? byContent : compileId(base.id, [], new Compilation(compilation.zone, [], true));
}

function compileKinds(document: Mapping, common: CompiledEvent, compilation: Compilation): readonly CompiledKind[] {
  const { kinds } = document;
  if (kinds === undefined) {
    checkComplete(common, undefined, compilation);
    return [{ name: "", holds: () => true, event: common }];
  }
  const last = kinds.findIndex(({ when }) => when === undefined);
  if (last >= 0 && last < kinds.length - 1)
    compilation.report(
      ["kinds", last],
      `Kind ${kinds[last]!.name} has no when, so that those behind it never come about`,
      "move it to the end, or give it a when",
    );
  return kinds.map(({ name, when, event }, index) => {
    const compiled = compileEvent(event, ["kinds", index, "event"], compilation, common);
    checkComplete(compiled, index, compilation);
    return {
      name,
      holds: when === undefined ? () => true : compileCondition(when, ["kinds", index, "when"], compilation),
      event: compiled,
    };
  });
}

/** What every event needs. */
function checkComplete({ texts, eventTime }: CompiledEvent, kind: number | undefined, compilation: Compilation): void {
  const place = kind === undefined ? ["event"] : ["kinds", kind, "event"];
  const needed: readonly [string, boolean, string][] = [
    ["eventSource", texts.eventSource === undefined, "for instance {const: payments.example.com}"],
    ["eventName", texts.eventName === undefined, "for instance /action"],
    ["eventTime", eventTime === undefined, "for instance /timestamp, or {receivedAt: true} where records have no time"],
    ["userIdentity.principalId", texts.principalId === undefined, "for instance [/user/id, {const: unknown}]"],
  ];
  for (const [name, isMissing, example] of needed)
    if (isMissing)
      compilation.report(place, `Nothing says what ${name} is, which every event must have`, `add ${name}, ${example}`);
}

function checkRedact(redact: readonly string[], compilation: Compilation): void {
  for (const [index, secret] of redact.entries())
    if (secret.startsWith("/")) compilation.steps(secret, ["redact", index]);
}
