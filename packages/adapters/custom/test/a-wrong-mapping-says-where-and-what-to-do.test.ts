import { Value } from "@sinclair/typebox/value";
import type { Json } from "@tributary/adapter-kit";
import * as fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { checkMapping, customAdapter, MappingInvalid, MappingSchema, parseMapping, problemText } from "../src/index.ts";
import { builtIns } from "../src/index.ts";

/** A document that is right but for the lines given. */
const whole = (lines: string): string => `version: 1
event:
  eventSource: {const: shop}
  eventName: /what
  eventTime: /when
  userIdentity: {principalId: /who}
${lines}`;

const shown = (document: Json): readonly string[] =>
  checkMapping(document).map((problem) => problemText(problem, "m.yaml"));

const cases: readonly (readonly [title: string, document: string, problem: string])[] = [
  [
    "a misspelt member",
    whole("rset: requestParameters"),
    'm.yaml:7:1: /rset: There is no member "rset" here. Did you mean rest? The choice is version, name, extends, zone, split, drop, redact, rest, id, event or kinds.',
  ],
  [
    "a member that is like none",
    whole("colour: red"),
    'm.yaml:7:1: /colour: There is no member "colour" here. The members here are version, name, extends, zone, split, drop, redact, rest, id, event, kinds.',
  ],
  [
    "a member of event",
    whole("  evnetName: /a"),
    'm.yaml:7:3: /event/evnetName: There is no member "evnetName" here. Did you mean eventName? The choice is version, userIdentity, userAgent, eventSource, eventName, eventTime, UID, requestParameters, responseElements, errorCode, errorMessage, sourceIPAddress or additionalEventData.',
  ],
  [
    "a name without its slash",
    whole("  userAgent: agent"),
    'm.yaml:7:14: /event/userAgent: "agent" is not a JSON pointer or a template. Write "/agent" to read the member of that name, "{/a}:{/b}" to join members, or {const: "agent"} for that very text.',
  ],
  [
    "a number where a value is made",
    whole("  userAgent: 7"),
    'm.yaml:7:14: /event/userAgent: The number 7 stands here, not a JSON pointer or a template, a list, an object or null. Write "/7" to read the member of that name, "{/a}:{/b}" to join members, or {const: "7"} for that very text.',
  ],
  ...(
    [
      ["$.user.name", "/user/name"],
      [".user[0].name", "/user/0/name"],
      ["'{{ user }}'", "/user"],
      ["${user.name}", "/user/name"],
      ["a name", "/a name"],
    ] as const
  ).map(([text, pointer]): readonly [string, string, string] => [
    `a way as others write it, ${text}`,
    whole(`  userAgent: ${text}`),
    `"${text.replaceAll("'", "")}" is not a JSON pointer or a template. Write "${pointer}" to read`,
  ]),
  [
    "a template without quotes",
    whole("  userAgent: {/a}:{/b}"),
    'm.yaml:7:18: This is neither YAML nor JSON: Unexpected scalar at node end. Mend the text at this place; a text that begins with { must stand in quotes: "{/a}:{/b}".',
  ],
  [
    "a pattern with a letter that is none",
    whole("kinds: [{name: a, event: {eventTime: {from: /t, pattern: {const: YYYY-MM-dd}}}}]"),
    "m.yaml:7:58: /kinds/0/event/eventTime/pattern: The letter Y stands for nothing in a pattern. Write y M d H m s S, h a, E, z Z X, and words of the text in '...'.",
  ],
  [
    "a pattern without a day",
    whole(`kinds: [{name: a, event: {eventTime: {from: /t, pattern: {const: "MM yyyy 'd'"}}}}]`),
    "m.yaml:7:58: /kinds/0/event/eventTime/pattern: The pattern has no month or no day. Write at least M and d, for instance dd.MM.yyyy HH:mm.",
  ],
  [
    "a pattern that is too long",
    whole(`kinds: [{name: a, event: {eventTime: {from: /t, pattern: {const: "dd.MM${" ".repeat(124)}"}}}}]`),
    "m.yaml:7:58: /kinds/0/event/eventTime/pattern: The pattern is longer than 128 characters. Write a shorter one.",
  ],
  [
    "an unknown operator",
    whole("  userAgent: {lowre: /agent}"),
    'm.yaml:7:14: /event/userAgent: "lowre" is nothing that can stand here. Did you mean lower? The choice is const, map, lower, upper, trim, cut, replace or when.',
  ],
  [
    "an operator without its parts",
    whole("  userAgent: {map: {a: b}}"),
    'm.yaml:7:14: /event/userAgent: "from" is missing. Add from: the value that is looked up.',
  ],
  [
    "an empty list",
    whole("  userAgent: []"),
    "m.yaml:7:14: /event/userAgent: The list is empty. Name at least one, or take the member away.",
  ],
  [
    "a format that there is not",
    whole("").replace("/when", "{from: /when, format: epoch-millis}"),
    'm.yaml:5:36: /event/eventTime/format: "epoch-millis" is not iso, epoch-s, epoch-ms, epoch-us, epoch-ns or rfc3164. Write iso, epoch-s, epoch-ms, epoch-us, epoch-ns or rfc3164.',
  ],
  ["another version", whole("").replace("version: 1", "version: 2"), "m.yaml:1:10: /version: 2 is not 1. Write 1."],
  [
    "no version",
    whole("").replace("version: 1\n", ""),
    'm.yaml:1:1: "version" is missing. Add version: the version of this language: 1.',
  ],
  [
    "a built-in format that there is not",
    whole("extends: ocfs"),
    'm.yaml:7:10: /extends: "ocfs" is not cef, leef, syslog, cloudevents, ocsf, gcp-audit, google-workspace or azure. Did you mean ocsf? The choice is cef, leef, syslog, cloudevents, ocsf, gcp-audit, google-workspace or azure.',
  ],
  [
    "a condition on no pointer",
    whole("drop: {noise: {why: Noise., when: {level: debug}}}"),
    'm.yaml:7:36: /drop/noise/when/level: "level" is not a JSON pointer. Write "/level".',
  ],
  [
    "a rule without a reason",
    whole("drop: {noise: {when: {/level: debug}}}"),
    'm.yaml:7:15: /drop/noise: "why" is missing. Add why: why nobody misses these records.',
  ],
  [
    "a name of a rule",
    whole("drop: {The Noise: {why: Noise., when: {/level: debug}}}"),
    'm.yaml:7:8: /drop/The Noise: "The Noise" is not a name for a rule. Use lower case letters, digits and hyphens, a letter first.',
  ],
  [
    "a pointer with a bad escape",
    whole("  userAgent: /a~2b"),
    'm.yaml:7:14: /event/userAgent: "/a~2b" is no JSON pointer. Begin it with "/" and write ~0 for ~ and ~1 for a / inside of a name.',
  ],
  [
    "a template that is not closed",
    whole('  userAgent: "{/a}:{/b"'),
    'm.yaml:7:14: /event/userAgent: The { at character 6 is never closed. Write a template as "{/a}:{/b}", and {{ or }} for a brace itself.',
  ],
  [
    "a template with a name that is no pointer",
    whole('  userAgent: "{/a}:{b}"'),
    'm.yaml:7:14: /event/userAgent: After the { at character 6 comes no JSON pointer. Write a template as "{/a}:{/b}", and {{ or }} for a brace itself.',
  ],
  [
    "a brace too many",
    whole('  userAgent: "{/a}}:"'),
    'm.yaml:7:14: /event/userAgent: The } at character 5 closes nothing. Write a template as "{/a}:{/b}", and {{ or }} for a brace itself.',
  ],
  [
    "a secret that would be read",
    whole("id: /session/token"),
    "m.yaml:7:5: /id: /session/token is masked as a secret, so that only *** could be read here. Read another member; the masked one is in the rest of the event.",
  ],
  [
    "what the document itself masks",
    whole("redact: [/card/*]\ndrop: {x: {why: x, when: {/card/number: 1}}}"),
    "m.yaml:8:41: /drop/x/when/~1card~1number: /card/number is masked as a secret, so that only *** could be read here. Read another member; the masked one is in the rest of the event.",
  ],
  [
    "a zone that there is not",
    whole("zone: Europe/Berln"),
    "m.yaml:7:7: /zone: There is no zone Europe/Berln. Write Z, an offset such as +02:00, or a name such as Europe/Berlin.",
  ],
  [
    "a zone that is none",
    whole("zone: MEZ"),
    'm.yaml:7:7: /zone: "MEZ" is not a zone. Write Z, an offset such as +02:00, or a name such as Europe/Berlin.',
  ],
  [
    "an address that is none",
    whole("  sourceIPAddress: {const: localhost}"),
    'm.yaml:7:20: /event/sourceIPAddress: "localhost" is no IP address. Take the member away where the record has no address.',
  ],
  [
    "a blank constant",
    whole('  userAgent: {const: " "}'),
    "m.yaml:7:14: /event/userAgent: The constant is blank. Write a text, or take the member away.",
  ],
  [
    "two ways to cut",
    whole("  userAgent: {cut: /a, after: x, afterLast: y}"),
    "m.yaml:7:14: /event/userAgent: after and afterLast stand side by side. Choose one of them.",
  ],
  [
    "no way to cut",
    whole("  userAgent: {cut: /a}"),
    "m.yaml:7:14: /event/userAgent: Nothing says what to cut. Add after, afterLast or before.",
  ],
  [
    "a format beside a pattern",
    whole("").replace("/when", "{from: /when, format: iso, pattern: {const: yyyy}}"),
    "m.yaml:5:14: /event/eventTime: format and pattern stand side by side. Choose one of them.",
  ],
  [
    "numbers that none can be",
    whole("  errorCode: {when: {/status: {min: 5, max: 4}}, use: /status}"),
    "m.yaml:7:31: /event/errorCode/when/~1status: No number is from 5 to 4. Let max be greater than min.",
  ],
  [
    "a split at any place",
    whole("split: {at: /items/*}"),
    "m.yaml:7:13: /split/at: A step * may not stand here. Name the one place by all its steps.",
  ],
  [
    "kinds that never come about",
    whole("kinds: [{name: all, event: {}}, {name: login, when: {/a: 1}, event: {}}]"),
    "m.yaml:7:9: /kinds/0: Kind all has no when, so that those behind it never come about. Move it to the end, or give it a when.",
  ],
  [
    "an event that lacks what it needs",
    "version: 1\nevent: {eventName: /a, eventTime: /t, userIdentity: {principalId: /who}}",
    "m.yaml:2:8: /event: Nothing says what eventSource is, which every event must have. Add eventSource, for instance {const: payments.example.com}.",
  ],
  [
    "a key twice",
    whole("  eventName: /b"),
    "m.yaml:7:3: This is neither YAML nor JSON: Map keys must be unique. One of the two would be lost: take one away.",
  ],
  [
    "two documents",
    whole("---\nversion: 1"),
    "m.yaml:7:1: This is neither YAML nor JSON: The text holds several documents. Take the --- away: one file holds one mapping.",
  ],
  [
    "a tag",
    whole("name: !!js x"),
    "m.yaml:7:7: This is neither YAML nor JSON: Unresolved tag: tag:yaml.org,2002:js. Take the tag (!...) away.",
  ],
  [
    "a list",
    "[1]",
    "m.yaml:1:1: A list stands here, not a mapping. Begin with version: 1 and event:, each on a line of its own.",
  ],
  [
    "nothing",
    "",
    "m.yaml:1:1: Nothing stands here, not a mapping. Begin with version: 1 and event:, each on a line of its own.",
  ],
  [
    "JSON that is cut off",
    '{"version": 1,',
    "m.yaml:1:15: This is neither YAML nor JSON: Flow map must end with a }. Mend the text at this place.",
  ],
];

test.each(cases)("%s", (_title, document, problem) => {
  expect(shown(document).filter((text) => text.includes(problem))).toHaveLength(1);
});

test("levels without an end are one problem", () => {
  expect(shown(`version: 1\nx: ${"[".repeat(5000)}`)).toEqual([
    expect.stringMatching(/It nests too deep\. Write it with fewer levels\.$/),
  ]);
});

test("every problem is told at once, and a document that is right has none", () => {
  expect(shown(whole("  userAgent: agent\n  UID: id\nname: Shop")).length).toBe(3);
  expect(shown(whole(""))).toEqual([]);
  expect(shown({ version: 1, event: {} }).length).toBe(4);
});

test("a value has paths where a text has lines", () => {
  expect(shown({ version: 1, extends: "ocsf", nmae: "x" })).toEqual([
    'm.yaml: /nmae: There is no member "nmae" here. Did you mean name? The choice is version, name, extends, zone, split, drop, redact, rest, id, event or kinds.',
  ]);
  expect(() => customAdapter({ version: 1 })).toThrow(MappingInvalid);
  expect(() => parseMapping("version: 1", "m.yaml")).toThrow(
    /^The mapping is wrong\.\nm\.yaml:1:1: \/event: Nothing says/,
  );
  expect(parseMapping(whole(""))).toMatchObject({ version: 1 });
});

test("a document that extends a format needs nothing more, and may take back what it inherits", () => {
  for (const name of Object.keys(builtIns)) expect(shown({ version: 1, extends: name })).toEqual([]);
  expect(shown({ version: 1, extends: "cef", event: { eventSource: null } })).toEqual([
    "m.yaml: /event: Nothing says what eventSource is, which every event must have. Add eventSource, for instance {const: payments.example.com}.",
  ]);
});

const folder = new URL("../examples/", import.meta.url);
const documents = [
  ...readdirSync(folder).map((file) => parseMapping(readFileSync(new URL(file, folder), "utf8"))),
  ...Object.values(builtIns).map(({ mapping }): Json => mapping),
];

/** A document with one value in it replaced, or one member added. */
const changed: fc.Arbitrary<Json> = fc
  .tuple(
    fc.constantFrom(...documents),
    fc.nat(),
    fc.oneof(fc.json({ maxDepth: 2 }), fc.constantFrom('"/a"', "null", "{}", "[]", '{"const":1}')),
    fc.constantFrom("", "const", "when", "/a", "x"),
  )
  .map(([document, at, text, key]) => {
    const copy = structuredClone(document) as { [key: string]: Json };
    const places: { [key: string]: Json }[] = [];
    const walk = (value: Json): void => {
      if (typeof value !== "object" || value === null) return;
      places.push(value as { [key: string]: Json });
      for (const member of Object.values(value)) walk(member);
    };
    walk(copy);
    const place = places[at % places.length]!;
    const keys = Object.keys(place);
    place[key === "" ? (keys[at % Math.max(1, keys.length)] ?? "x") : key] = JSON.parse(text) as Json;
    return copy;
  });

test("the schema and its explanation say yes and no alike, and nothing throws", () => {
  let right = 0;
  fc.assert(
    fc.property(changed, (document) => {
      const problems = checkMapping(document);
      const fits = Value.Check(MappingSchema, document);
      right += fits ? 1 : 0;
      expect(fits || problems.length > 0).toBe(true);
      for (const { message, fix } of problems) expect(`${message}${fix}`).not.toMatch(/undefined|\[object/);
    }),
    { numRuns: 3000 },
  );
  expect(right).toBeGreaterThan(100);
  fc.assert(
    fc.property(fc.string(), (text) => Array.isArray(checkMapping(text))),
    { numRuns: 1000 },
  );
  fc.assert(
    fc.property(fc.json(), (text) => Array.isArray(checkMapping(JSON.parse(text) as Json))),
    { numRuns: 500 },
  );
});
