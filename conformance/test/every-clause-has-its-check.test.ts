import { expect, test } from "vitest";
import {
  channelsChecks,
  clauses,
  ingestChecks,
  policyChecks,
  sequenceChecks,
  profiles,
  queryChecks,
  shipperChecks,
} from "../src/index.ts";

test("ids are slugs that begin with their profile, and none comes twice", () => {
  const ids = clauses().map(({ id }) => id);
  expect(ids.filter((id) => !/^[a-z]+(\/[A-Za-z0-9-]+)+$/.test(id))).toEqual([]);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  for (const { id, profile } of clauses())
    expect([profiles.includes(profile), id.split("/")[0]]).toEqual([true, profile]);
});

test("every clause has a check, or says why it is not observable, and every check has a clause", () => {
  const checked = [
    ...ingestChecks,
    ...channelsChecks,
    ...sequenceChecks,
    ...policyChecks,
    ...queryChecks,
    ...shipperChecks,
  ].map(({ clause }) => clause);
  expect(checked.filter((id, index) => checked.indexOf(id) !== index)).toEqual([]);
  const asked = clauses()
    .filter(
      ({ notObservable, retired, profile }) =>
        profile !== "adapter" && notObservable === undefined && retired === undefined,
    )
    .map(({ id }) => id);
  expect(checked.toSorted()).toEqual(asked.toSorted());
});
