import type { Plan, PlanItem } from "./plan.ts";

const signs = { create: "+", change: "~", delete: "-", unchanged: "=", "not managed": "." } as const;

/** A plan for a person: a line for each store and channel, its differences below, and a line that counts. */
export function planText({ items, problems, notes }: Plan): string {
  const shown = items.map(({ what, name, arn, verdict, differences }) => {
    const head = `${signs[verdict]} ${what} ${name}${verdict === "not managed" ? " (not managed)" : ""}`;
    const where = arn === undefined ? "" : `  ${arn}`;
    return [`${head}${where}`, ...differences.map((line) => `    ${line}`)].map((line) => `${line}\n`).join("");
  });
  const count = (verdict: PlanItem["verdict"]) => items.filter((item) => item.verdict === verdict).length;
  const sum = `Plan: ${count("create")} to create, ${count("change")} to change, ${count("delete")} to delete, ${count("unchanged")} unchanged, ${count("not managed")} not managed.\n`;
  return [
    ...shown,
    sum,
    ...notes.map((note) => `Note: ${note}\n`),
    ...problems.map((problem) => `Problem: ${problem}\n`),
  ].join("");
}
