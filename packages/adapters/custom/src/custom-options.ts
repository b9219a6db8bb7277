import { Type as T } from "@sinclair/typebox";
import type { Json } from "@tributary/adapter-kit";
import { builtInNames } from "./formats/names.ts";

/** The options of the adapter `custom`. */
export const customOptions = T.Object(
  {
    mapping: T.Optional(
      T.Unsafe<Json>(
        T.Unknown({
          description:
            "A mapping document: the value that its YAML or JSON has, or the text itself. The word guess: names that many applications use. Without it: the built-in formats.",
        }),
      ),
    ),
    format: T.Optional(
      T.Union(
        builtInNames.map((name) => T.Literal(name)),
        { description: "A built-in format, the only one to be read. As extends in a mapping." },
      ),
    ),
    zone: T.Optional(
      T.String({
        description: "The zone of times that name none, where the mapping does not say: Z, +02:00, Europe/Berlin.",
      }),
    ),
  },
  { additionalProperties: false },
);
