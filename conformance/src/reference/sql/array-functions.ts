import { BlockList } from "node:net";
import { lambdaAt, listAt, mapAt, numberAt, type SqlFunctions, strictly, textAt } from "./arguments.ts";
import { Address, cellText, isList, isMap, keyOf, type Value } from "./value.ts";

const isSame = (a: Value, b: Value): boolean => keyOf([a]) === keyOf([b]);
/** Whether any does, all do: NULL where what is not known decides. */
const some = (values: readonly Value[]): Value => (values.includes(true) ? true : values.includes(null) ? null : false);
const every = (values: readonly Value[]): Value =>
  values.includes(false) ? false : values.includes(null) ? null : true;

function isWithin(network: string, { text }: Address): boolean {
  const [base = "", bits = "0"] = network.split("/");
  const type = base.includes(":") ? "ipv6" : "ipv4";
  if (text.includes(":") !== (type === "ipv6")) return false;
  const list = new BlockList();
  list.addSubnet(base, Number(bits), type);
  return list.check(text, type);
}

/** Functions of arrays and maps. */
export const arrayFunctions: SqlFunctions = strictly({
  element_at: (args) => {
    const [of = null] = args;
    if (isMap(of)) return of.get(textAt(args, 1)) ?? null;
    const at = numberAt(args, 1);
    return listAt(args, 0).at(at < 0 ? at : at - 1) ?? null;
  },
  cardinality: ([of = null]) => BigInt(isMap(of) ? of.size : isList(of) ? of.length : 0),
  contains: (args) => {
    const [, item = null] = args;
    if (item instanceof Address) return isWithin(textAt(args, 0), item);
    return some(listAt(args, 0).map((one) => (one === null ? null : isSame(one, item))));
  },
  array_join: (args) =>
    listAt(args, 0)
      .map((one) => cellText(one) ?? (args.length > 2 ? textAt(args, 2) : null))
      .filter((one) => one !== null)
      .join(textAt(args, 1)),
  array_distinct: (args) => [...new Map(listAt(args, 0).map((one) => [keyOf([one]), one])).values()],
  array_sort: (args) =>
    listAt(args, 0).toSorted((a, b) =>
      a === null || b === null ? Number(a === null) - Number(b === null) : a < b ? -1 : Number(a > b),
    ),
  transform: (args) => listAt(args, 0).map((one) => lambdaAt(args, 1)(one)),
  filter: (args) => listAt(args, 0).filter((one) => lambdaAt(args, 1)(one) === true),
  any_match: (args) => some(listAt(args, 0).map((one) => lambdaAt(args, 1)(one))),
  all_match: (args) => every(listAt(args, 0).map((one) => lambdaAt(args, 1)(one))),
  reduce: (args) =>
    lambdaAt(args, 3)(listAt(args, 0).reduce((state, one) => lambdaAt(args, 2)(state, one), args[1] ?? null)),
  flatten: (args) => listAt(args, 0).flatMap((one) => (isList(one) ? one : [])),
  sequence: (args) =>
    Array.from({ length: numberAt(args, 1) - numberAt(args, 0) + 1 }, (_, n) => BigInt(numberAt(args, 0) + n)),
  map_keys: (args) => [...mapAt(args, 0).keys()],
  map_values: (args) => [...mapAt(args, 0).values()],
  map_filter: (args) => new Map([...mapAt(args, 0)].filter(([key, value]) => lambdaAt(args, 1)(key, value) === true)),
});
