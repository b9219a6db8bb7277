import type { Json } from "./json.ts";

/** As `JSON.parse` hands them over; `source` is the text of a number. */
export type Reviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown;

/**
 * `JSON.parse` whose keys are right. V8 reads an escaped key wrongly once an object with a like key that ends in a backslash
 * has been parsed (`{"user":1,"\\":2}`, then `{"user":1,"\n":3}` has the key `\`): Node 24 and 26, nodejs/node#63785. So each
 * escaped key, which hardly any text has, is parsed under another name and renamed. Throws a SyntaxError as `JSON.parse` does.
 */
export function parseJson(text: string, reviver?: Reviver): Json {
  if (!hasEscapedKey(text)) {
    const value: Json = JSON.parse(text, reviver);
    return value;
  }
  const mark = unusedMark(text);
  const { renamed, keys } = withoutEscapedKeys(text, mark);
  const parsed: Json = JSON.parse(renamed, reviver);
  return withKeys(parsed, (key) => (key.startsWith(mark) ? keys[Number(key.slice(mark.length))]! : key));
}

/** The text with a name of ours for each escaped key. What is no JSON stays none. */
function withoutEscapedKeys(
  text: string,
  mark: string,
): { readonly renamed: string; readonly keys: readonly string[] } {
  const keys: string[] = [];
  const parts: string[] = [];
  let copied = 0;
  let open = text.indexOf('"');
  while (open >= 0) {
    let close = text.indexOf('"', open + 1);
    while (close >= 0 && isEscaped(text, close)) close = text.indexOf('"', close + 1);
    if (close < 0) break;
    let after = close + 1;
    while (text.charCodeAt(after) <= 0x20) after++;
    const slash = text.charCodeAt(after) === 0x3a ? text.indexOf("\\", open) : -1;
    if (slash >= 0 && slash < close) {
      // A text by itself is read rightly.
      const key: unknown = JSON.parse(text.slice(open, close + 1));
      parts.push(text.slice(copied, open), `"${mark}${keys.push(String(key)) - 1}"`);
      copied = close + 1;
    }
    open = text.indexOf('"', close + 1);
  }
  parts.push(text.slice(copied));
  return { renamed: parts.join(""), keys };
}

function hasEscapedKey(text: string): boolean {
  let slash = text.indexOf("\\");
  if (slash < 0) return false;
  for (let colon = text.indexOf(":", slash); colon >= 0; colon = text.indexOf(":", colon + 1)) {
    let close = colon - 1;
    while (text.charCodeAt(close) <= 0x20) close--;
    if (text.charCodeAt(close) !== 0x22 || isEscaped(text, close)) continue;
    let open = text.lastIndexOf('"', close - 1);
    while (open > 0 && isEscaped(text, open)) open = text.lastIndexOf('"', open - 1);
    while (slash >= 0 && slash < open) slash = text.indexOf("\\", slash + 1);
    if (slash < 0) return false;
    if (slash < close) return true;
  }
  return false;
}

function isEscaped(text: string, quote: number): boolean {
  let at = quote;
  while (text.charCodeAt(at - 1) === 0x5c) at--;
  return (quote - at) % 2 === 1;
}

/** A beginning of keys that the text does not have. */
function unusedMark(text: string): string {
  let mark = "key:";
  while (text.includes(mark)) mark = `_${mark}`;
  return mark;
}

function withKeys(value: Json, nameOf: (key: string) => string): Json {
  if (isArray(value)) return value.map((element) => withKeys(element, nameOf));
  if (typeof value !== "object" || value === null) return value;
  const object: { [key: string]: Json } = {};
  for (const [key, member] of Object.entries(value))
    Object.defineProperty(object, nameOf(key), {
      value: withKeys(member, nameOf),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  return object;
}

const isArray = (value: Json): value is readonly Json[] => Array.isArray(value);
