import { isArray, isObject } from "@tributary/adapter-kit";
import type { Json, JsonObject } from "@tributary/adapter-kit";
import { guess } from "../src/formats/guess.ts";
import { builtIns } from "../src/index.ts";
import type { Mapping } from "../src/index.ts";

/** The tables of the built-in formats for the README, in words. */
export function formatTables(): string {
  const tables = Object.values(builtIns).map(({ name, mapping }) => `#### \`${name}\`\n\n${formatTable(mapping)}`);
  return [...tables, `#### \`guess\`\n\n${formatTable(guess)}`].join("\n\n");
}

function formatTable({ id, event = {} }: Mapping): string {
  const { userIdentity = {}, version, ...others } = event;
  const identity = Object.entries(userIdentity).map(([name, part]): [string, Json] => [`userIdentity.${name}`, part]);
  const rows: readonly [string, Json][] = [
    ["the event's id", id ?? "content"],
    ...(version === undefined ? [] : [["version", version] as [string, Json]]),
    ...identity,
    ...Object.entries(others),
  ];
  return ["| eventData | from |", "|---|---|", ...rows.flatMap(([name, part]) => rowsOf(name, part))].join("\n");
}

const objects = new Set(["userIdentity.details", "requestParameters", "responseElements", "additionalEventData"]);

function rowsOf(name: string, part: Json): readonly string[] {
  if (!objects.has(name) || !isObject(part)) return [line(name, part)];
  return Object.entries(part).map(([key, value]) => line(`${name}.${key}`, value));
}

const line = (name: string, part: Json) => `| ${name} | ${inWords(part).replaceAll("|", "\\|")} |`;
const code = (value: Json | undefined) => `\`${typeof value === "object" ? JSON.stringify(value) : String(value)}\``;
const listOf = (value: Json | undefined): readonly Json[] => (isArray(value) ? value : []);

function inWords(part: Json | undefined): string {
  if (typeof part === "string") return part === "content" ? "a digest of the record" : pointer(part);
  if (isArray(part))
    return part.map((one) => (isObject(one) && "when" in one ? `(${inWords(one)})` : inWords(one))).join(", else ");
  if (!isObject(part)) return code(part);
  if ("const" in part) return `the text ${code(part["const"])}`;
  if ("all" in part)
    return `a digest of ${listOf(part["all"])
      .map((one) => `(${inWords(one)})`)
      .join(", ")}; else of the record`;
  if ("receivedAt" in part) return "the time of receipt (`additionalEventData.eventTimeFrom` says so)";
  if ("pattern" in part) return `${inWords(part["from"])} by the pattern ${inWords(part["pattern"])}`;
  if ("lower" in part) return `(${inWords(part["lower"])}) in lower case`;
  if ("replace" in part) {
    const each = part["each"] === " " ? "blank" : code(part["each"]);
    return `(${inWords(part["replace"])}) with ${code(part["with"])} for each ${each}`;
  }
  if ("cut" in part) return `(${inWords(part["cut"])}) ${cutInWords(part)}`;
  if ("map" in part) {
    const pairs = isObject(part["map"]) ? Object.entries(part["map"]) : [];
    return `${pairs.map(([from, to]) => `${code(to)} where it is ${code(from)}`).join(", ")}: (${inWords(part["from"])})`;
  }
  if ("when" in part) {
    const otherwise = part["else"] === undefined ? "" : `, else ${inWords(part["else"])}`;
    return `where ${condition(part["when"])}: ${grouped(part["use"])}${otherwise}`;
  }
  throw new TypeError(`There are no words for ${JSON.stringify(part)}.`);
}

const isThere = ([, test]: [string, Json]) => isObject(test) && test["exists"] === true;

/** Several values as one. */
const grouped = (part: Json | undefined) => (isArray(part) && part.length > 1 ? `(${inWords(part)})` : inWords(part));

/** A pointer; the names of claims are cut short. */
function pointer(text: string): string {
  const short = text
    .replace("http:~1~1schemas.xmlsoap.org~1ws~12005~105~1identity~1claims~1", "…")
    .replace("http:~1~1schemas.microsoft.com~1identity~1claims~1", "…");
  return code(short);
}

function cutInWords({ after, afterLast, before }: JsonObject): string {
  const cuts: readonly (readonly [string, Json | undefined])[] = [
    ["after the first", after],
    ["after the last", afterLast],
    ["before", before],
  ];
  return cuts.flatMap(([how, text]) => (text === undefined ? [] : [`${how} ${code(text)}`])).join(", ");
}

function condition(when: Json | undefined): string {
  if (isArray(when)) {
    const asked = when.map((one) => (isObject(one) ? Object.entries(one) : []));
    if (asked.every((tests) => tests.length === 1 && tests.every(isThere)))
      return `one of ${asked.flatMap((tests) => tests.map(([name]) => pointer(name))).join(", ")} is there`;
    return when.map(condition).join(", or ");
  }
  if (!isObject(when)) return "";
  return Object.entries(when)
    .map(([name, test]) => `${pointer(name)} ${testInWords(test)}`)
    .join(" and ");
}

function testInWords(test: Json): string {
  if (!isObject(test)) return `is ${code(test)}`;
  if ("exists" in test) return test["exists"] === true ? "is there" : "is absent";
  if ("min" in test) return `is ${code(test["min"])} or more`;
  const anyCase = test["ignoreCase"] === true ? " in any case" : "";
  return `is ${listOf(test["in"]).map(code).join(" or ")}${anyCase}`;
}
