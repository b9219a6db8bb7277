import { quoted } from "./quoted.ts";
import type { Field } from "./fields-of.ts";
import type { Guess } from "./proposal.ts";

/** How fields are judged. */
export interface Judgement {
  readonly samples: number;
  /** Whether a value is of the form that is looked for. */
  readonly fits: (value: string | number | boolean) => boolean;
  /** The share of a field's values that must fit. */
  readonly share: number;
  /** How good the name is: 0 for out of the question, 60 and more for a name that says it. */
  readonly score: (field: Field) => number;
  /** What a value does that fits: "reads as a time". */
  readonly what: string;
  /** Whether every record must have it: then one that some samples lack is less likely, and never sure. */
  readonly isNeeded: boolean;
}

/** The fields that may be meant, the best first. A good name at a field that every sample has is sure. */
export function rank(
  fields: readonly Field[],
  { samples, fits, share, score, what, isNeeded }: Judgement,
): readonly Guess[] {
  return fields
    .map((field) => {
      const fitting = field.values.filter(fits).length;
      const named = score(field);
      const isGood = field.values.length > 0 && fitting >= share * field.values.length && named > 0;
      const common = (fitting / samples) ** (isNeeded ? 1 : 0.25);
      // Of two the one that is less deep.
      const points = isGood ? named * common - field.path.length * 2 : Number.NEGATIVE_INFINITY;
      return { field, fitting, named, points, isGood };
    })
    .filter(({ isGood }) => isGood)
    .toSorted((a, b) => b.points - a.points)
    .map(({ field, fitting, named }) => {
      const isAlwaysThere = fitting === samples;
      return {
        path: field.path,
        isSure: named >= 60 && (isAlwaysThere || !isNeeded),
        isAlwaysThere,
        why: `${quoted(field.path)} ${what} in ${fitting} of ${samples} ${samples === 1 ? "sample" : "samples"}${named >= 60 ? ", and its name says so" : ""}.`,
      };
    });
}
