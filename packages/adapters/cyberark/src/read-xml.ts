import { Refused } from "@tributary/adapter-kit";
import type { Json, JsonObject } from "@tributary/adapter-kit";

const mostDepth = 32;
/** Markup that is no element: what it begins and ends with. */
const others = [
  ["<!--", "-->"],
  ["<![CDATA[", "]]>"],
  ["<?", "?>"],
] as const;
const tag = /<(\/?)([A-Za-z_][\w.:-]{0,127})((?:\s[^<>]*|\/)?)>/y;
const attribute = /\s+([A-Za-z_][\w.:-]{0,127})\s*=\s*(?:"([^"]*)"|'([^']*)')/y;
const entities: ReadonlyMap<string, string> = new Map([
  ["lt", "<"],
  ["gt", ">"],
  ["amp", "&"],
  ["quot", '"'],
  ["apos", "'"],
]);

/**
 * The XML that the Vault gives to its translators, as JSON: an element with text is a text, one with elements an object,
 * an element that repeats an array; attributes are members named `@name`, text beside elements is `#text`. No document
 * type and no entities but XML's own. Throws {@link Refused} `NOT_XML`, also beyond 32 levels. Several documents may follow one another. Linear.
 */
export function readXml(source: string): Json {
  const root: Open = { name: "", members: new Map(), text: "" };
  const path: Open[] = [root];
  let at = 0;
  for (let open = source.indexOf("<"); open >= 0; open = source.indexOf("<", at)) {
    const top = path.at(-1)!;
    top.text += unescaped(source.slice(at, open));
    const other = others.find(([begin]) => source.startsWith(begin, open));
    if (other !== undefined) {
      const [begin, end] = other;
      const close = source.indexOf(end, open + begin.length);
      if (close < 0) throw broken();
      if (begin === "<![CDATA[") top.text += source.slice(open + begin.length, close);
      at = close + end.length;
      continue;
    }
    tag.lastIndex = open;
    const match = tag.exec(source);
    if (match === null) throw broken();
    const [all, closes, name = "", rest = ""] = match;
    at = open + all.length;
    if (closes === "/") {
      if (path.length === 1 || top.name !== name || rest.trim() !== "") throw broken();
      path.pop();
      finish(top, path.at(-1)!);
      continue;
    }
    if (path.length > mostDepth) throw broken();
    const element: Open = { name, members: new Map(), text: "" };
    const alone = rest.endsWith("/");
    readAttributes(element, alone ? rest.slice(0, -1) : rest);
    if (alone) finish(element, top);
    else path.push(element);
  }
  root.text += unescaped(source.slice(at));
  if (path.length > 1 || root.members.size === 0 || root.text.trim() !== "") throw broken();
  return membersOf(root);
}

/** An element whose end has not come. */
interface Open {
  readonly name: string;
  /** The values of each name, in their order. */
  readonly members: Map<string, Json[]>;
  text: string;
}

function finish(element: Open, parent: Open): void {
  const text = element.text.trim();
  const isText = element.members.size === 0;
  if (!isText && text !== "") add(element, "#text", text);
  add(parent, element.name, isText ? text : membersOf(element));
}

function add({ members }: Open, name: string, value: Json): void {
  const known = members.get(name);
  if (known === undefined) members.set(name, [value]);
  else known.push(value);
}

function membersOf({ members }: Open): JsonObject {
  return Object.fromEntries([...members].map(([name, values]) => [name, values.length === 1 ? values[0]! : values]));
}

function readAttributes(element: Open, text: string): void {
  let at = 0;
  for (;;) {
    attribute.lastIndex = at;
    const match = attribute.exec(text);
    if (match === null) break;
    add(element, `@${match[1]}`, unescaped(match[2] ?? match[3]!));
    at = attribute.lastIndex;
  }
  if (text.slice(at).trim() !== "") throw broken();
}

function unescaped(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([\dA-Fa-f]{1,6})|(\w{1,16}));|&/g, (_all, decimal, hex, name) => {
    const code = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal);
    const character =
      name === undefined ? (code <= 0x10ffff ? String.fromCodePoint(code) : undefined) : entities.get(String(name));
    if (character === undefined) throw broken();
    return character;
  });
}

const broken = () =>
  new Refused("NOT_XML", "This is not the Vault's XML: broken, cut off, too deep, or with a document type.");
