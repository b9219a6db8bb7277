import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Json } from "@tributary/adapter-kit";
import type { ConfigProblem } from "./config-invalid.ts";

export type Path = readonly (string | number)[];

/** What is wrong at a place of a document. */
export interface Finding {
  readonly path: Path;
  /** The place is the member's name, not its value. */
  readonly ofKey?: boolean | undefined;
  readonly message: string;
  readonly fix: string;
}

/** A YAML document whose members know where they stand. */
export interface YamlSource {
  /** Undefined where the text is no document; then there are problems. */
  readonly value: Json | undefined;
  readonly problems: readonly ConfigProblem[];
  place(finding: Finding): ConfigProblem;
}

const maxLength = 1_000_000;

/** Reads YAML 1.2, of which JSON is a part. Never throws. @param file its name in problems */
export function yamlSource(text: string, file: string): YamlSource {
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const top = (message: string, fix: string): YamlSource => ({
    value: undefined,
    problems: [{ file, line: 1, column: 1, path: "", message, fix }],
    place: ({ path, ...finding }) => ({ file, line: 1, column: 1, path: pathText(path), ...finding }),
  });
  if (text.length > maxLength)
    return top(`The file has ${text.length} characters, over the limit of ${maxLength}`, "keep one forwarder's part");
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
    const errors = [...document.errors, ...document.warnings];
    if (errors.length > 0)
      return {
        ...top("", ""),
        problems: errors.map(({ pos, code, message }) => ({
          ...at(pos[0]),
          path: "",
          message: `Not YAML: ${(message.split("\n")[0] ?? "").replace(/\.$/, "")}`,
          fix: fixes[code] ?? "mend the text at this place",
        })),
      };
    const value: Json = document.toJS({ maxAliasCount: 100 });
    return {
      value,
      problems: [],
      place: ({ path, ofKey, message, fix }) => ({
        ...at(offsetOf(document, path, ofKey === true) ?? 0),
        path: pathText(path),
        message,
        fix,
      }),
    };
  } catch (error) {
    return top(
      error instanceof RangeError ? "The document nests too deep" : "The document cannot be read",
      "write it with fewer levels and fewer aliases",
    );
  }
}

const fixes: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: "one of the two would be lost: take one away",
  MULTIPLE_DOCS: "take the --- away: one file holds one configuration",
  TAB_AS_INDENT: "indent with blanks",
  TAG_RESOLVE_FAILED: "take the tag (!...) away",
};

/** `integrations[0].poll.orgUrl` */
export function pathText(path: Path): string {
  return path.map((step, index) => (typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`)).join("");
}

/** Where a member stands in the text; for one that is missing, what should hold it. */
function offsetOf(document: Document.Parsed, path: Path, ofKey: boolean): number | undefined {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const [index, step] of path.entries()) {
    const last = index === path.length - 1;
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (pair === undefined) return offset;
      // A map is told by its own name: its first member stands a line below.
      const value = isMap(pair.value) || isSeq(pair.value) ? undefined : startOf(pair.value);
      offset = (last && ofKey ? undefined : value) ?? startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = startOf(node) ?? offset;
    } else return offset;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  if (isMap(node) || isSeq(node) || isScalar(node) || isAlias(node)) return node.range?.[0];
  return undefined;
}
