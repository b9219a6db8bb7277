import { Type as T } from "@sinclair/typebox";
import { profiles } from "../core/clause.ts";

const closed = { additionalProperties: false } as const;
const text = (description: string) => T.String({ description });
const one = (values: readonly string[], description: string) =>
  T.Union(
    values.map((value) => T.Literal(value)),
    { description },
  );

const clause = T.Object(
  {
    id: text("Never used again for another sentence."),
    profile: one(profiles, "What a claim is about."),
    level: one(["MUST", "OBSERVED", "SHOULD"], "Documented by AWS; needed by real clients; our reading."),
    requirement: text("One sentence."),
    source: text("The section of the specification, and who says so."),
    notObservable: T.Optional(text("Why no check can see it.")),
    covers: T.Optional(
      T.Array(T.String(), {
        description: "Constraints and errors of the service models that only this clause speaks of.",
      }),
    ),
    retired: T.Optional(text("Since when it is no longer asked, and why.")),
  },
  closed,
);

const evidence = T.Object(
  {
    curl: text("The last request as a curl command."),
    awsCli: T.Optional(text("The same as an AWS CLI command, where that would send it.")),
    answer: text("The answer."),
  },
  closed,
);

const result = T.Object(
  {
    clause,
    status: one(
      ["pass", "fail", "warn", "skip", "error", "known"],
      "warn: a SHOULD is not met; skip: not claimed; error: the harness failed; known: fails as the list of known failures says.",
    ),
    note: T.Optional(text("Why it was skipped, what failed in the harness, or that a known failure passes.")),
    expected: T.Optional(text("What the clause asks for.")),
    got: T.Optional(text("What came.")),
    found: T.Optional(
      T.Object(
        {
          counterexample: text("The smallest input that shows it."),
          seed: T.Integer({ description: "With `path`, repeats it." }),
          path: text("Where the search ended."),
        },
        closed,
      ),
    ),
    steps: T.Optional(
      T.Array(
        T.Object(
          {
            text: text("What was asked, for people."),
            answered: text("What of the answer matters."),
            evidence: T.Optional(evidence),
          },
          closed,
        ),
        { description: "What was asked one after the other, the miss last." },
      ),
    ),
    evidence: T.Optional(evidence),
  },
  closed,
);

/** What `diff --json` prints, as JSON Schema: schemas/differences.json. */
export const differencesSchema = T.Object(
  {
    suite: text("Name of the suite."),
    version: text("Version of the suite."),
    specification: text("Date of the specification that the clauses speak of."),
    profile: one(profiles, "What was checked."),
    subjects: T.Tuple([text("First endpoint."), text("Second endpoint.")]),
    seed: T.Integer({ description: "Of both runs." }),
    strict: T.Boolean({ description: "Whether a SHOULD that is not met is a failure." }),
    compared: T.Integer({ description: "Clauses that both ends were checked for." }),
    differences: T.Array(
      T.Object(
        {
          clause,
          first: result,
          second: result,
        },
        { ...closed, description: "A clause that ended otherwise." },
      ),
    ),
  },
  { ...closed, $schema: "https://json-schema.org/draft/2020-12/schema", title: "Differences of two subjects" },
);

/** What `--json` prints, as JSON Schema: schemas/report.json. */
export const reportSchema = T.Object(
  {
    suite: text("Name of the suite."),
    version: text("Version of the suite."),
    specification: text("Date of the specification that the clauses speak of."),
    profile: one(profiles, "What was checked."),
    subject: text("Endpoint, command or package."),
    seed: T.Integer({ description: "Repeats the run." }),
    strict: T.Boolean({ description: "Whether a SHOULD that is not met is a failure." }),
    unsupported: T.Optional(
      T.Array(T.String(), {
        description: "Operations that the subject does not have, where nothing could be checked for that.",
      }),
    ),
    results: T.Array(result),
  },
  { ...closed, $schema: "https://json-schema.org/draft/2020-12/schema", title: "Report of @tributary/conformance" },
);
