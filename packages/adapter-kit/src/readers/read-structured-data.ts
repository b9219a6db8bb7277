import { maxFields } from "./max-fields.ts";
import type { StructuredElement } from "./read-syslog.ts";

const strictName = /[!#-<>-\\^-~]{1,32}/y;
const openName = /[^\s="\]]{1,1024}/y;

/**
 * Structured data of RFC 5424, section 6.3, at an index: `-` or elements. Undefined where it is malformed.
 * Not `strict`: brackets within quotes need no escape, a backslash before another character stays, names may be long
 * and elements may repeat.
 */
export function readStructuredData(
  text: string,
  from: number,
  strict: boolean,
): { readonly elements: readonly StructuredElement[]; readonly end: number } | undefined {
  if (text.charAt(from) === "-") return { elements: [], end: from + 1 };
  const name = strict ? strictName : openName;
  const elements: StructuredElement[] = [];
  const ids = new Set<string>();
  let count = 0;
  let at = from;
  const takeName = (): string | undefined => {
    name.lastIndex = at;
    const taken = name.exec(text)?.[0];
    at += taken?.length ?? 0;
    return taken;
  };
  while (text.charAt(at) === "[") {
    at += 1;
    const id = takeName();
    if (id === undefined || (strict && ids.has(id))) return undefined;
    ids.add(id);
    const parameters: { readonly name: string; readonly value: string }[] = [];
    while (text.charAt(at) === " ") {
      at += 1;
      if (!strict && text.charAt(at) === "]") break;
      const parameter = takeName();
      if (parameter === undefined || text.charAt(at) !== "=") return undefined;
      const end = endOfValue(text, at + 1, strict);
      if (end < 0) return undefined;
      parameters.push({ name: parameter, value: text.slice(at + 2, end).replaceAll(/\\(["\\\]])/g, "$1") });
      at = end + 1;
      if ((count += 1) > maxFields) return undefined;
    }
    if (text.charAt(at) !== "]") return undefined;
    at += 1;
    elements.push({ id, parameters });
    if ((count += 1) > maxFields) return undefined;
  }
  return elements.length === 0 ? undefined : { elements, end: at };
}

/** The index of the quote that ends the value whose opening quote is at `from`; -1 where there is none. */
function endOfValue(text: string, from: number, strict: boolean): number {
  if (text.charAt(from) !== '"') return -1;
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 34) return at;
    if (code === 93 && strict) return -1;
    if (code !== 92) continue;
    at += 1;
    if (strict && !/["\\\]]/.test(text.charAt(at))) return -1;
  }
  return -1;
}
