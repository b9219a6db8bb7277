import type { Json } from "@tributary/adapter-kit";
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from "yaml";
import type { Document, Pair, YAMLMap } from "yaml";
import type { Finding } from "./document-path.ts";
import type { MappingProblem } from "./mapping-problem.ts";
import { pointerOf } from "./document-path.ts";

const maxLength = 1_000_000;

/** A mapping document that was read from text. */
export interface ReadDocument {
  /** Undefined where the text is no document. */
  readonly value: Json | undefined;
  /** What keeps the text from being one. */
  readonly problems: readonly MappingProblem[];
  /** A finding with its line and column. */
  locate(finding: Finding): MappingProblem;
}

/** Reads YAML 1.2 or JSON. Never throws. */
export function readDocument(text: string): ReadDocument {
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  if (text.length > maxLength)
    return failed([
      {
        path: "",
        message: `The document has ${text.length} characters`,
        fix: `${maxLength} are the most: split it into several`,
      },
    ]);
  try {
    // The parser's own look for keys that stand twice compares each with each.
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      stringKeys: true,
      uniqueKeys: false,
    });
    const errors: readonly YamlError[] = [...document.errors, ...document.warnings];
    const tooDeep = errors.find(({ code }) => code === "RESOURCE_EXHAUSTION");
    const found = tooDeep !== undefined ? [tooDeep] : errors.length > 0 ? errors : repeatedKeys(document);
    if (found.length > 0)
      return failed(
        found.map(({ pos, code, message }) => ({
          path: "",
          ...at(pos[0]),
          message: `This is neither YAML nor JSON: ${(messages[code] ?? message).replace(/\s*$/, "").replace(/\.$/, "")}`,
          fix: fixes[code] ?? "mend the text at this place",
        })),
      );
    const value: Json = document.toJS({ maxAliasCount: 100 });
    const indices: Indices = new Map();
    return {
      value,
      problems: [],
      locate: (finding) => ({ ...unplaced(finding), ...at(offsetOf(document, finding, indices) ?? 0) }),
    };
  } catch (error) {
    const message = error instanceof RangeError ? "The document nests too deep" : "The document cannot be read";
    return failed([{ path: "", message, fix: "write it with fewer levels and fewer aliases" }]);
  }
}

/** What is wrong with a text, as the parser says it. */
interface YamlError {
  readonly pos: readonly [number, number];
  readonly code: string;
  readonly message: string;
}

function repeatedKeys(document: Document.Parsed): readonly YamlError[] {
  const errors: YamlError[] = [];
  visit(document, {
    Map: (_key, map) => {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        const name = isScalar(key) ? String(key.value) : "";
        if (isScalar(key) && seen.has(name)) {
          const offset = startOf(key) ?? 0;
          errors.push({ pos: [offset, offset], code: "DUPLICATE_KEY", message: "Map keys must be unique" });
        }
        seen.add(name);
      }
    },
  });
  return errors;
}

const messages: { readonly [code: string]: string } = {
  MULTIPLE_DOCS: "The text holds several documents",
  RESOURCE_EXHAUSTION: "It nests too deep",
};

const fixes: { readonly [code: string]: string } = {
  DUPLICATE_KEY: "one of the two would be lost: take one away",
  MULTIPLE_DOCS: "take the --- away: one file holds one mapping",
  TAB_AS_INDENT: "indent with blanks",
  TAG_RESOLVE_FAILED: "take the tag (!...) away",
  RESOURCE_EXHAUSTION: "write it with fewer levels",
  UNEXPECTED_TOKEN: 'mend the text at this place; a text that begins with { must stand in quotes: "{/a}:{/b}"',
  BAD_ALIAS: "write the value itself in place of the alias",
};

/** A finding in a document that was given as a value. */
export function unplaced({ path, message, fix }: Finding): MappingProblem {
  return { path: pointerOf(path), message, fix };
}

function failed(problems: readonly MappingProblem[]): ReadDocument {
  return { value: undefined, problems, locate: unplaced };
}

/** The members of objects by name, of those in which something was looked for. */
type Indices = Map<YAMLMap, ReadonlyMap<string, Pair>>;

function pairsOf(map: YAMLMap, indices: Indices): ReadonlyMap<string, Pair> {
  let index = indices.get(map);
  if (index === undefined) {
    index = new Map(map.items.flatMap((pair) => (isScalar(pair.key) ? [[String(pair.key.value), pair]] : [])));
    indices.set(map, index);
  }
  return index;
}

/** Where a member begins in the text: its name, or its value. */
function offsetOf(document: Document.Parsed, { path, ofKey }: Finding, indices: Indices): number | undefined {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const [index, step] of path.entries()) {
    const last = index === path.length - 1;
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = pairsOf(node, indices).get(String(step));
      if (pair === undefined) return offset;
      offset = (last && ofKey === true ? undefined : startOf(pair.value)) ?? startOf(pair.key) ?? offset;
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
