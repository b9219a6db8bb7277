import type { IntegrationReport } from "./state-report.ts";

/** What does not agree in the sum of promise 1: its members, counted on two ways. Empty when the sum holds. */
export function differencesOf({ counts, taken, letters, open }: IntegrationReport): readonly string[] {
  const compared: readonly (readonly [what: string, one: number, other: number])[] = [
    ["records taken in, and the sum of their ends", taken, counts.read],
    ["dead records, and dead letters", counts.dead, letters],
    ["queued records, and those of open chunks", counts.queued, open],
  ];
  return compared.flatMap(([what, one, other]) => (one === other ? [] : [`${what}: ${one} and ${other}`]));
}
