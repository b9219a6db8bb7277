import { checkShape, type OperationName, operations, shapes } from "@tributary/schema";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { isMembers, type Members } from "../src/core/members.ts";
import { clauses, type WireAnswer, type WireRequest } from "../src/index.ts";
import { readAnswer } from "../src/wire/answer.ts";
import { referenceProfiles, referenceReport, type ReferenceProfile } from "./reference-report.ts";

/**
 * What the service models of both planes put on requests, and the errors that they name: made of botocore's models by
 * packages/repository/scripts/model-facts.ts.
 */
const facts: readonly string[] = JSON.parse(readFileSync(new URL("model-facts.json", import.meta.url), "utf8"));

const isKnown = (name: string): name is OperationName => Object.hasOwn(operations, name);

/** Facts that a request and its refusal show. */
function shownBy(request: WireRequest, answer: WireAnswer): readonly string[] {
  const { code } = readAnswer(answer);
  if (answer.status < 400) return [];
  const target = request.headers.find(([name]) => name.toLowerCase() === "x-amz-target")?.[1];
  const operation = target === undefined ? "PutAuditEvents" : target.slice(target.lastIndexOf(".") + 1);
  const shape = isKnown(operation) ? operations[operation].request : shapes.PutAuditEventsRequest;
  const problems = checkShape(shape, inputOf(request));
  return [
    ...(code === undefined ? [] : [`${operation}/error/${code}`]),
    ...problems.map(({ path, constraint }) => `${operation}${path.replaceAll(/\/\d+(?=\/|$)/g, "/*")}/${constraint}`),
  ];
}

function inputOf({ target, body }: WireRequest): Members {
  const query = Object.fromEntries(new URL(target, "http://host").searchParams);
  try {
    const parsed: unknown = JSON.parse(Buffer.from(body).toString());
    return { ...query, ...(isMembers(parsed) ? parsed : {}) };
  } catch {
    return query;
  }
}

const covered = clauses().flatMap(({ covers = [] }) => covers);
const isCovered = (fact: string): boolean => covered.includes(fact) || covered.includes(fact.replace(/^[^/]+/, "*"));

test("every constraint of a request is broken by a check and every modelled error met, or a clause says why not", async () => {
  const met = new Set<string>();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- keys of it
  for (const profile of (Object.keys(referenceProfiles) as ReferenceProfile[]).filter((one) => one !== "sequences"))
    await referenceReport(profile, undefined, {
      watch: (request, answer) => shownBy(request, answer).forEach((fact) => met.add(fact)),
    });
  expect(facts.filter((fact) => !met.has(fact) && !isCovered(fact))).toEqual([]);
  // A clause that says why something is not met is wrong once it is.
  expect(covered.filter((fact) => met.has(fact))).toEqual([]);
});

test("what a clause covers is a fact of the models", () => {
  const unknown = covered.filter((fact) => !facts.some((one) => one === fact || one.replace(/^[^/]+/, "*") === fact));
  expect(unknown).toEqual([]);
});
