import type { TSchema } from "@sinclair/typebox";
import { secretKeyword } from "@tributary/adapter-kit/poll";
import { builtInAdapters } from "../adapters/built-in.ts";
import { loadAdapter } from "../adapters/load-adapter.ts";
import { configSchema } from "./config-schema.ts";
import { secretPlace } from "./secret-place.ts";

type JsonSchema = Readonly<Record<string, unknown>>;

/** JSON Schema of `tributary.yaml` for editors: the options of each built-in adapter where its name is given. */
export async function editorSchema(): Promise<JsonSchema> {
  const cases: JsonSchema[] = [];
  for (const name of Object.keys(builtInAdapters)) {
    const { adapter } = await loadAdapter(name, ".");
    const [poll, webhook] = [await adapter.poll?.(), await adapter.webhook?.()];
    cases.push({
      if: { properties: { adapter: { const: name } }, required: ["adapter"] },
      // oxlint-disable-next-line unicorn/no-thenable -- the keyword of JSON Schema
      then: {
        properties: {
          poll: poll === undefined ? false : forEditors(poll.options),
          webhook: webhook === undefined ? false : { properties: { options: forEditors(webhook.options) } },
        },
      },
    });
  }
  const schema: { properties: { integrations: { items: object } } } & JsonSchema = JSON.parse(
    JSON.stringify(forEditors(configSchema)),
  );
  Object.assign(schema.properties.integrations.items, { allOf: cases });
  return { $schema: "http://json-schema.org/draft-07/schema#", ...schema };
}

/** What an editor may ask for: a place instead of a secret, and no member that has a default. */
function forEditors(schema: TSchema): unknown {
  return JSON.parse(JSON.stringify(schema), (_key, value: unknown) => {
    if (!isRecord(value)) return value;
    if (value[secretKeyword] === true) return { ...secretPlace, description: value["description"] };
    const { required, properties } = value;
    if (!Array.isArray(required) || !isRecord(properties)) return value;
    return {
      ...value,
      required: required.filter((key: unknown) => {
        const member = properties[String(key)];
        return !isRecord(member) || member["default"] === undefined;
      }),
    };
  });
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
