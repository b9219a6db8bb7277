import { numbers } from "./numbers.ts";
import { strings } from "./strings.ts";
import { regexp } from "./regexp.ts";
import { url } from "./url.ts";
import { time } from "./time.ts";
import { json } from "./json.ts";
import { collections } from "./collections.ts";
import { network } from "./network.ts";
import { aggregates } from "./aggregates.ts";
import { windows } from "./windows.ts";
import { relations } from "./relations.ts";
import { decimals } from "./decimals.ts";
import { jsonPaths } from "./json-paths.ts";
import { recursion } from "./recursion.ts";
import { ties } from "./ties.ts";
import { intervals } from "./intervals.ts";
import { timeZones } from "./time-zones.ts";
import { typeErrors } from "./type-errors.ts";
import { literals } from "./literals.ts";
import { namedWindows } from "./named-windows.ts";
import { estimates } from "./estimates.ts";
import { edges } from "./edges.ts";
import type { Vector } from "./vector.ts";

/** All vectors, by chapter. */
export const vectors: Readonly<Record<string, readonly Vector[]>> = {
  numbers,
  strings,
  regexp,
  url,
  time,
  json,
  collections,
  network,
  aggregates,
  windows,
  relations,
  decimals,
  jsonPaths,
  recursion,
  ties,
  intervals,
  timeZones,
  typeErrors,
  literals,
  namedWindows,
  estimates,
  edges,
};
