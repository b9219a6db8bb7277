import { failures } from "./functions/failing.ts";

/** The engine's names of types, as users know them. */
const types: Readonly<Record<string, string>> = {
  INT8: "tinyint",
  INT16: "smallint",
  INT32: "integer",
  INT64: "bigint",
  INT128: "decimal",
  HUGEINT: "decimal",
  DOUBLE: "double",
  FLOAT: "real",
  BOOL: "boolean",
};

/**
 * An engine's message as a client may read it: our own text alone where an expression of ours failed, else without the engine's
 * words around it, the SQL that was emitted, its generated names and the paths of files.
 */
export function failureText(message: string): string {
  const own = Object.values(failures).find((text) => message.includes(`'${text}'`));
  if (own !== undefined) return own;
  const kind = /^([A-Z][A-Za-z]*(?: [A-Za-z]+)*?) Error: /.exec(message)?.[1];
  const text = message.slice(kind === undefined ? 0 : kind.length + " Error: ".length);
  if (kind === "Out of Memory") {
    const limit = /\((\d+MiB)\)/.exec(text)?.[1];
    return `The query needs more memory than one query may have${limit === undefined ? "" : ` (${limit})`}. Read fewer columns, a shorter time or fewer groups.`;
  }
  if (kind === "IO" || kind === "HTTP")
    return "A file of the event data store cannot be read. The one who runs the lake finds which with 'tributary-lake verify'.";
  if (kind === "INTERNAL" || kind === "FATAL" || kind === "Serialization")
    return "The engine failed at this statement. Write it another way, and tell the one who runs the lake.";
  if (
    kind !== undefined &&
    ["Binder", "Catalog", "Mismatch Type", "Parser", "Syntax", "Not implemented"].includes(kind) &&
    !safe.test(text)
  )
    return "The engine cannot run this statement: a value has a type that its function or operator does not take. Cast values to the types that you mean.";
  const lines = text.split(/\n\s*\n|\nLINE \d+:|\n(?=Use |Candidate |Possible )/)[0] ?? text;
  return lines
    .replace(/ when casting from source column .*$/s, "")
    .replace(
      /^Could not convert string '(?:not a whole number: |not a boolean: )?(.*)' to (\w+)$/s,
      "'$1' cannot be read as $2",
    )
    .replaceAll(/\b(?:INT8|INT16|INT32|INT64|INT128|HUGEINT|DOUBLE|FLOAT|BOOL)\b/g, (name) => types[name] ?? name)
    .trim();
}

/** Of what the engine refuses as not implemented or as syntax, the messages about the user's own values. */
const safe = /^(?:Unknown TimeZone|Invalid escape string)/;
