import type { Json } from "@tributary/adapter-kit";
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Document } from "yaml";
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
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
    const errors = [...document.errors, ...document.warnings];
    if (errors.length > 0)
      return failed(
        errors.map((error) => ({
          path: "",
          ...at(error.pos[0]),
          message: `This is neither YAML nor JSON: ${error.message.replace(/\s*$/, "").replace(/\.$/, "")}`,
          fix: fixes[error.code] ?? "mend the text at this place",
        })),
      );
    const value: Json = document.toJS({ maxAliasCount: 100 });
    return {
      value,
      problems: [],
      locate: (finding) => ({ ...unplaced(finding), ...at(offsetOf(document, finding) ?? 0) }),
    };
  } catch (error) {
    const message = error instanceof RangeError ? "The document nests too deep" : "The document cannot be read";
    return failed([{ path: "", message, fix: "write it with fewer levels and fewer aliases" }]);
  }
}

const fixes: { readonly [code: string]: string } = {
  DUPLICATE_KEY: "one of the two would be lost: take one away",
  MULTIPLE_DOCS: "take the --- away: one file holds one mapping",
  TAB_AS_INDENT: "indent with blanks",
  TAG_RESOLVE_FAILED: "take the tag (!...) away",
  BAD_ALIAS: "write the value itself in place of the alias",
};

/** A finding in a document that was given as a value. */
export function unplaced({ path, message, fix }: Finding): MappingProblem {
  return { path: pointerOf(path), message, fix };
}

function failed(problems: readonly MappingProblem[]): ReadDocument {
  return { value: undefined, problems, locate: unplaced };
}

/** Where a member begins in the text: its name, or its value. */
function offsetOf(document: Document.Parsed, { path, ofKey }: Finding): number | undefined {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const [index, step] of path.entries()) {
    const last = index === path.length - 1;
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
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
