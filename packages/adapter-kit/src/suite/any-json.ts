import * as fc from "fast-check";
import type { Json } from "../contract/json.ts";
import { parseJson } from "../own-property.ts";

/** Any JSON value of a few levels. */
export const anyJson: fc.Arbitrary<Json> = fc.json({ maxDepth: 2 }).map(parseJson);
