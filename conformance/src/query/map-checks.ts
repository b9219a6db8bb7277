import type { Check } from "../core/check.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { ask } from "./ask.ts";
import { sameRows } from "./cells.ts";
import { queried } from "./query-world.ts";
import { comesToNothing, haveValues } from "./vectors.ts";

/** An event with every key. */
const one = "FROM $STORE WHERE $MINE AND eventData.UID = 'uid-00'";

/** Spec 1.8 and SQL-2023: the free objects of an event are maps of text to text. */
export const mapChecks: readonly Check<ServerWorld>[] = [
  {
    clause: "query/column/maps-by-element-at",
    run: async (world) => {
      await haveValues(
        await queried(world),
        [
          ["element_at(eventData.requestParameters, 'target')", "app-0"],
          ["element_at(eventData.requestParameters, 'odd key.of/signs')", "odd 0"],
          ["element_at(eventData.requestParameters, 'Target') IS NULL", "true"],
          ["element_at(eventData.responseElements, 'result')", "ALLOW"],
          ["element_at(eventData.userIdentity.details, 'team')", "blue"],
          ["element_at(eventData.additionalEventData, 'nothing') IS NULL", "true"],
        ],
        one,
      );
    },
  },
  {
    clause: "query/column/maps-by-subscript",
    run: async (world) => {
      await haveValues(
        await queried(world),
        [
          ["eventData.requestParameters['target']", "app-0"],
          ["eventData.additionalEventData['risk']", "low"],
          ["eventData.userIdentity.details['team'] = 'blue'", "true"],
        ],
        one,
      );
    },
  },
  {
    clause: "query/column/subscript-of-no-key-fails",
    run: async (world) =>
      comesToNothing(
        await queried(world),
        "the subscript of a key that is not in the map",
        `SELECT eventData.requestParameters['nothing'] AS v ${one}`,
      ),
  },
  {
    clause: "query/column/values-of-maps-are-text",
    run: async (world) => {
      await haveValues(
        await queried(world),
        [
          ["element_at(eventData.requestParameters, 'count')", "0"],
          ["element_at(eventData.requestParameters, 'count') = '0'", "true"],
          ["element_at(eventData.userIdentity.details, 'mfa')", "true"],
          ["CAST(element_at(eventData.requestParameters, 'count') AS bigint) + 1", "1"],
        ],
        one,
      );
    },
  },
  {
    clause: "query/column/nested-values-are-json",
    run: async (world) => {
      await haveValues(
        await queried(world),
        [
          ["json_extract_scalar(element_at(eventData.additionalEventData, 'client'), '$.geo.country')", "NL"],
          ["json_extract_scalar(element_at(eventData.additionalEventData, 'client'), '$.score')", "0"],
          ["json_extract_scalar(element_at(eventData.additionalEventData, 'client'), '$.geo.city') IS NULL", "true"],
          ["json_extract_scalar(element_at(eventData.additionalEventData, 'tags'), '$[1]')", "web"],
          ["json_extract_scalar(element_at(eventData.responseElements, 'nested'), '$.a.b[2].c')", "deep"],
          ["json_array_length(element_at(eventData.userIdentity.details, 'groups'))", "2"],
        ],
        one,
      );
    },
  },
  {
    clause: "query/column/maps-open-into-rows",
    run: async (world) => {
      const place = await queried(world);
      sameRows(
        await ask(
          place,
          `SELECT k, v FROM $STORE CROSS JOIN UNNEST(eventData.requestParameters) AS t(k, v) WHERE $MINE AND eventData.UID = 'uid-02' AND k <> 'url' ORDER BY k`,
        ),
        [
          ["count", "2"],
          ["odd key.of/signs", "odd 2"],
          ["target", "app-2"],
        ],
      );
    },
  },
];
