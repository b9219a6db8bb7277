import { Type as T } from "@sinclair/typebox";

const closed = { additionalProperties: false } as const;

/** Any one value that an event can hold as it is. */
const scalar = (description: string) => T.Union([T.String(), T.Number(), T.Boolean()], { description });

/** A text that reads the record. An error says `is` and `fix`, with the given text for `%`: see explain.ts. */
const readingText = T.String({
  pattern: "^/|\\{/",
  description:
    "A JSON pointer (a step * is any one member or element: the first that has a value), or a template of pointers in braces.",
  is: "a JSON pointer or a template",
  fix: 'write "/%" to read the member of that name, "{/a}:{/b}" to join members, or {const: "%"} for that very text',
});

const from = (what: string) => T.Ref("Expression", { description: `The value ${what}.` });

/** What a value of an event can be made of. Each alternative that is an object is known by its first member. */
export const expressionSchemas = {
  Expression: T.Union(
    [
      readingText,
      T.Array(T.Ref("Expression"), {
        minItems: 1,
        description: "The first of these that the record has, in their order.",
      }),
      T.Object(
        { const: scalar("The same value in every event.") },
        { ...closed, description: "The same value in every event." },
      ),
      T.Object(
        {
          map: T.Record(T.String(), scalar("What stands for that value."), {
            minProperties: 1,
            description: "A value of the record (numbers and booleans as text): what stands for it.",
          }),
          from: from("that is looked up"),
          default: T.Optional(
            T.Ref("Expression", {
              description: "For values that `map` does not name. Without it they count as absent.",
            }),
          ),
        },
        { ...closed, description: "One of a list of values by what the record has." },
      ),
      T.Object({ lower: from("in lower case") }, { ...closed, description: "A text in lower case." }),
      T.Object({ upper: from("in upper case") }, { ...closed, description: "A text in upper case." }),
      T.Object(
        { trim: from("without blanks around it") },
        { ...closed, description: "A text without blanks around it." },
      ),
      T.Object(
        {
          cut: from("of which a part is wanted"),
          after: T.Optional(T.String({ minLength: 1, description: "The part after the first of these texts." })),
          afterLast: T.Optional(T.String({ minLength: 1, description: "The part after the last of these texts." })),
          before: T.Optional(T.String({ minLength: 1, description: "Of what is left, the part before this text." })),
        },
        {
          ...closed,
          description: "A part of a text. Where a text does not hold what is looked for, it counts as absent.",
        },
      ),
      T.Object(
        {
          replace: from("in which texts are replaced"),
          each: T.String({ minLength: 1, maxLength: 64, description: "The text to replace, wherever it stands." }),
          with: T.String({ maxLength: 64, description: "What stands there instead." }),
        },
        { ...closed, description: "A text with each occurrence of another replaced." },
      ),
      T.Object(
        {
          when: T.Ref("Condition"),
          use: T.Ref("Expression", { description: "Where the condition holds." }),
          else: T.Optional(
            T.Ref("Expression", { description: "Where it does not. Without it the value counts as absent." }),
          ),
        },
        { ...closed, description: "One of two values, by a condition." },
      ),
    ],
    { description: "How one value of the event is made." },
  ),
  Value: T.Union(
    [
      T.Object(
        { object: T.Record(T.String({ minLength: 1 }), T.Ref("Value"), { description: "Name: value." }) },
        { ...closed, description: "An object of several values; those that are absent are left out." },
      ),
      T.Ref("Expression"),
    ],
    { description: "A value inside of an object of the event: an Expression, or an object of more of them." },
  ),
  Members: T.Union(
    [
      readingText,
      T.Array(readingText, { minItems: 1, description: "The first of these that the record has." }),
      T.Record(T.String({ minLength: 1 }), T.Ref("Value"), { description: "Name: value." }),
    ],
    {
      description:
        "An object of the event: a pointer to one of the record (any other value stands in it under the pointer's last name), or its members one by one.",
    },
  ),
  Condition: T.Union(
    [
      T.Ref("AllOf"),
      T.Array(T.Ref("AllOf"), { minItems: 1, description: "Several conditions, of which one must hold." }),
    ],
    { description: "Looks at the record. A list of conditions holds when one of them does." },
  ),
  AllOf: T.Record(T.String({ pattern: "^/" }), T.Ref("Test"), {
    ...closed,
    minProperties: 1,
    description: "JSON pointer: what must be there. All of them must hold.",
    keyIs: "a JSON pointer",
    keyFix: 'write "/%"',
  }),
  Test: T.Union(
    [
      scalar("The value, numbers and booleans compared as text."),
      T.Object(
        {
          equals: scalar("The value, numbers and booleans compared as text."),
          ignoreCase: T.Optional(T.Boolean({ description: "Whether case does not matter. Default: it does." })),
        },
        { ...closed, description: "Is equal." },
      ),
      T.Object(
        {
          in: T.Array(scalar("One of the values."), {
            minItems: 1,
            description: "The values, of which it must be one.",
          }),
          ignoreCase: T.Optional(T.Boolean({ description: "Whether case does not matter. Default: it does." })),
        },
        { ...closed, description: "Is one of a list." },
      ),
      T.Object(
        {
          exists: T.Boolean({
            description: "Whether there must be a value. null and blank texts are none.",
          }),
        },
        { ...closed, description: "Is there (true) or is not (false). null and blank texts are not there." },
      ),
      T.Object(
        {
          min: T.Number({ description: "The least number that will do. Texts of digits are numbers here." }),
          max: T.Optional(T.Number({ description: "The greatest number that will do." })),
        },
        { ...closed, description: "Is a number from `min` on." },
      ),
    ],
    { description: "What a condition asks of one value." },
  ),
} as const;
