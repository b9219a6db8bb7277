import { setOwn } from "../own-property.ts";
import type { CefExtension } from "./read-cef.ts";

/** Keys whose meaning a `...Label` beside them gives. */
const custom =
  /^(?:cs|cn|cfp|c6a|flexString|flexNumber|flexDate|deviceCustom(?:String|Number|Date|FloatingPoint|IPv6Address))\d{1,2}$/;

/**
 * CEF extensions as an object: `cs1=x cs1Label=Rule` is `{ "Rule": "x" }`, as for csN, cnN, cfpN, c6aN, flexStringN,
 * flexNumberN, flexDateN and deviceCustom...N. A key without a label keeps its name, a label without a value too. What has
 * one name in the end (repeated keys, equal labels) is an array in the order of the source. No value is lost.
 * @param skip keys that have a place elsewhere: they and their labels are left out
 */
export function labelled(
  extensions: readonly CefExtension[],
  skip: ReadonlySet<string> = new Set(),
): { readonly [name: string]: string | readonly string[] } {
  const keys = new Set(extensions.map((extension) => extension.key));
  const labels = new Map<string, CefExtension>();
  for (const extension of extensions) {
    const key = extension.key.endsWith("Label") ? extension.key.slice(0, -5) : "";
    if (custom.test(key) && keys.has(key) && extension.value.trim() !== "" && !labels.has(key))
      labels.set(key, extension);
  }
  const used = new Set(labels.values());
  const values = new Map<string, string[]>();
  for (const extension of extensions) {
    const { key, value } = extension;
    if (skip.has(key) || used.has(extension) || (key.endsWith("Label") && skip.has(key.slice(0, -5)))) continue;
    const name = labels.get(key)?.value ?? key;
    const list = values.get(name);
    if (list === undefined) values.set(name, [value]);
    else list.push(value);
  }
  const named: { [name: string]: string | readonly string[] } = {};
  for (const [name, list] of values) setOwn(named, name, list.length === 1 ? list[0]! : list);
  return named;
}
