import { existsSync, readFileSync } from "node:fs";
import { Kind, OptionalKind, type TSchema } from "@sinclair/typebox";
import { describe, expect, test } from "vitest";
import {
  PutAuditEventsRequest,
  PutAuditEventsResponse,
  controlErrorCodes,
  operations,
  requestErrorCodes,
} from "../src/index.ts";

interface ModelShape {
  readonly type: string;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly member?: { readonly shape: string };
  readonly key?: { readonly shape: string };
  readonly value?: { readonly shape: string };
  readonly enum?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly exception?: boolean;
}
interface Model {
  readonly operations: Readonly<
    Record<
      string,
      {
        readonly input: { shape: string };
        readonly output: { shape: string };
        readonly errors: readonly { shape: string }[];
      }
    >
  >;
  readonly shapes: Readonly<Record<string, ModelShape>>;
}

// AWS's own service models, where a checkout has them beside it.
const folder = new URL("../../../../shared/spec/models/", import.meta.url);
const present = existsSync(folder);
if (!present) console.warn(`skipped: no service models in ${folder.pathname}`);

function model(name: string): Model {
  return JSON.parse(readFileSync(new URL(name, folder), "utf8"));
}

/** What a schema and a model's shape both say, in one form. */
type Facts = Readonly<Record<string, unknown>>;

/** Full match is what the services do; `(?s).*` is no constraint at all. */
function fullPattern(pattern: string | undefined): string | undefined {
  if (pattern === undefined || pattern === "(?s).*") return undefined;
  return `${pattern.startsWith("^") ? "" : "^"}${pattern}${pattern.endsWith("$") ? "" : "$"}`;
}

function defined(facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

function ofModel(shapes: Model["shapes"], name: string): Facts {
  const shape = shapes[name]!;
  const { min, max } = shape;
  switch (shape.type) {
    case "structure": {
      const members = Object.entries(shape.members ?? {}).map(([key, { shape: target }]) => [
        key,
        { ...ofModel(shapes, target), required: shape.required?.includes(key) ?? false },
      ]);
      return { type: "structure", members: Object.fromEntries(members) };
    }
    case "list":
      return defined({ type: "list", min, max, member: ofModel(shapes, shape.member!.shape) });
    case "map":
      return { type: "map", value: ofModel(shapes, shape.value!.shape) };
    case "string":
      return shape.enum
        ? { type: "enum", values: shape.enum }
        : defined({ type: "string", min, max, pattern: fullPattern(shape.pattern) });
    case "integer":
    case "long":
      return defined({ type: "integer", min, max });
    case "timestamp":
      return { type: "number" };
    default:
      return { type: shape.type };
  }
}

function ofSchema(schema: TSchema): Facts {
  switch (schema[Kind]) {
    case "Object": {
      const properties: Record<string, TSchema> = schema["properties"];
      const members = Object.entries(properties).map(([key, member]) => [
        key,
        { ...ofSchema(member), required: member[OptionalKind] !== "Optional" },
      ]);
      return { type: "structure", members: Object.fromEntries(members) };
    }
    case "Array":
      return defined({
        type: "list",
        min: schema["minItems"],
        max: schema["maxItems"],
        member: ofSchema(schema["items"]),
      });
    case "Record": {
      const patterns: Record<string, TSchema> = schema["patternProperties"];
      return { type: "map", value: ofSchema(Object.values(patterns)[0]!) };
    }
    case "Union": {
      const branches: readonly TSchema[] = schema["anyOf"];
      return { type: "enum", values: branches.map((branch): unknown => branch["const"]) };
    }
    case "String":
      return defined({
        type: "string",
        min: schema["minLength"],
        max: schema["maxLength"],
        pattern: schema["pattern"],
      });
    case "Integer":
      return defined({ type: "integer", min: schema["minimum"], max: schema["maximum"] });
    default:
      return { type: String(schema["type"]) };
  }
}

describe.skipIf(!present)("the control plane", () => {
  const control = present ? model("cloudtrail.json") : undefined;
  for (const [name, { request, response, errors }] of Object.entries(operations)) {
    test(`${name}: members, constraints, errors`, () => {
      const operation = control!.operations[name]!;
      expect(ofSchema(request)).toEqual(ofModel(control!.shapes, operation.input.shape));
      expect(ofSchema(response)).toEqual(ofModel(control!.shapes, operation.output.shape));
      expect(new Set(errors)).toEqual(new Set(operation.errors.map(({ shape }) => shape)));
    });
  }

  test("every error of an operation has a row", () => {
    for (const name of Object.keys(operations))
      for (const { shape } of control!.operations[name]!.errors) {
        expect(control!.shapes[shape]!.exception).toBe(true);
        expect(controlErrorCodes).toHaveProperty(shape);
      }
  });
});

describe.skipIf(!present)("PutAuditEvents", () => {
  const data = present ? model("cloudtrail-data.json") : undefined;

  test("members and constraints, but for channelArn: its text allows an id, its pattern does not", () => {
    const { input, output } = data!.operations["PutAuditEvents"]!;
    const expected = ofModel(data!.shapes, input.shape);
    const channelArn = { type: "string", required: true };
    expect(ofSchema(PutAuditEventsRequest)).toEqual({
      ...expected,
      members: { ...Object(expected["members"]), channelArn },
    });
    expect(ofSchema(PutAuditEventsResponse)).toEqual(ofModel(data!.shapes, output.shape));
  });

  test("errors", () => {
    for (const { shape } of data!.operations["PutAuditEvents"]!.errors)
      expect(requestErrorCodes).toHaveProperty(shape, expect.objectContaining({ status: 400 }));
  });
});
