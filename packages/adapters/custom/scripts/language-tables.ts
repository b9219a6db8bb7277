import { MappingSchema } from "../src/index.ts";

interface Node {
  readonly type?: string;
  readonly const?: string | number;
  readonly $ref?: string;
  readonly anyOf?: readonly Node[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly patternProperties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly description?: string;
}

const definitions = new Map(Object.entries<Node>(JSON.parse(JSON.stringify(MappingSchema.$defs))));

function definition(name: string): Node {
  const found = name === "split" ? definitions.get("Mapping")?.properties?.["split"] : definitions.get(name);
  if (found === undefined) throw new TypeError(`The language has no ${name}.`);
  return found;
}

const chapters: readonly (readonly [title: string, name: string])[] = [
  ["The document", "Mapping"],
  ["`split`", "split"],
  ["`drop`: a rule", "Rule"],
  ["`kinds`: a kind", "Kind"],
  ["`event`", "Event"],
  ["`userIdentity`", "UserIdentity"],
  ["How a value is made", "Expression"],
  ["Objects: `details`, `requestParameters`, `responseElements`, `additionalEventData`", "Members"],
  ["A value inside of an object", "Value"],
  ["`eventTime`", "Time"],
  ["`id`", "Id"],
  ["Conditions", "Condition"],
  ["What a condition asks of one value", "Test"],
];

/** The tables of the language for the README: each definition of the schema under a heading of its own. */
export function languageTables(): string {
  const tables = chapters.map(([title, name]) => {
    const node = definition(name);
    return `#### ${title}\n\n${node.description ?? ""}\n\n${node.properties === undefined ? forms(node) : members(node)}`;
  });
  return tables.join("\n\n");
}

/** A node with what it refers to; its own words win. */
const whole = (node: Node): Node => (node.$ref === undefined ? node : { ...definition(node.$ref), ...node });

function members({ properties = {}, required = [] }: Node): string {
  const rows = Object.entries(properties).map(([name, member]) =>
    row(`\`${name}\`${required.includes(name) ? " (required)" : ""}`, described(whole(member))),
  );
  return table("member", rows);
}

function forms(node: Node): string {
  const rows = (node.anyOf ?? [node]).map((one) => {
    const { properties = {}, ...target } = whole(one);
    const named = Object.entries(properties);
    const parts = named.map(([name, member]) => `\`${name}\`: ${described(whole(member))}`);
    return row(form({ ...target, properties }), [target.description, ...(named.length > 1 ? parts : [])].join(" "));
  });
  return table("form", rows);
}

function form({ type, anyOf, patternProperties, properties = {}, required = [] }: Node): string {
  if (anyOf !== undefined)
    return anyOf.every((one) => one.type === "string" || one.type === "number" || one.type === "boolean")
      ? "a text, a number, true or false"
      : "any of the forms above";
  if (type === "string") return "a text";
  if (type === "array") return "a list";
  const [pattern] = Object.keys(patternProperties ?? {});
  if (pattern !== undefined) return pattern === "^/" ? "`{/pointer: ...}`" : "`{name: ...}`";
  const names = Object.entries(properties).map(
    ([name, member]) => `${name}${required.includes(name) ? "" : "?"}${member.const === undefined ? "" : ": true"}`,
  );
  return `\`{${names.join(", ")}}\``;
}

function described({ description = "", anyOf = [] }: Node): string {
  const choice = anyOf.flatMap((one) => (one.const === undefined ? [] : [`\`${one.const}\``]));
  return choice.length > 1 ? `${description} One of ${choice.join(", ")}.` : description;
}

const row = (left: string, right: string) => `| ${left} | ${right.replaceAll(/[|*]/g, "\\$&")} |`;
const table = (head: string, rows: readonly string[]) => [`| ${head} | |`, "|---|---|", ...rows].join("\n");
