import { Type as T } from "@sinclair/typebox";
import type { Static } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { compact, isObject, Refused } from "@tributary/adapter-kit";
import type { Adapter, AdapterContext, Json, JsonObject, Result } from "@tributary/adapter-kit";
import { builtInAdapter } from "./built-in-adapter.ts";
import { customAdapter } from "./custom-adapter.ts";
import { customOptions } from "./custom-options.ts";
import { builtIns } from "./formats/built-ins.ts";
import { guess } from "./formats/guess.ts";
import { Compilation } from "./mapping/compilation.ts";
import { checkZone } from "./mapping/compile-time.ts";

const builtIn = builtInAdapter(undefined);

/**
 * Records of users' own applications, source `Custom`. Without options the built-in formats, each record by its own look;
 * the option `mapping` is a document of the mapping language. The options of one object are read once.
 */
export const custom: Adapter = Object.freeze({
  ...builtIn,
  options: customOptions,
  record: T.Union(Object.values(builtIns).map(({ record }) => record)),
  webhook: async () => (await import("./webhook.ts")).webhook,
  map: (value: Json, context: AdapterContext): readonly Result[] => {
    try {
      const { adapter, own } = chosen(context.options);
      return adapter.map(value, { ...context, options: own });
    } catch (error) {
      const { code, path, message } = error instanceof Refused ? error : fault;
      return [{ kind: "refused", part: 0, code, path, message }];
    }
  },
});

/** What reading the options should never come to. */
const fault = new Refused("ADAPTER_FAULT", "The adapter failed on its options.");

/** The adapter that the options choose, and what is left of them for it. */
interface Chosen {
  readonly adapter: Adapter;
  readonly own: Json | undefined;
}

const read = new WeakMap<object, Chosen | Refused>();

/** The adapter of an options object, made when it is first seen. Throws what is wrong with them, each time. */
function chosen(options: Json | undefined): Chosen {
  if (!isObject(options)) return { adapter: builtIn, own: options };
  let known = read.get(options);
  if (known === undefined) {
    try {
      known = choose(options);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      known = error;
    }
    read.set(options, known);
  }
  if (known instanceof Refused) throw known;
  return known;
}

function choose({ drops, redact, ...options }: JsonObject): Chosen {
  // These two are the kit's.
  const own = compact({ drops, redact });
  if (!Value.Check(customOptions, options)) {
    const first = Value.Errors(customOptions, options).First();
    throw new Refused(
      "OPTIONS_INVALID",
      `The options of the adapter custom are wrong at ${first?.path || "the top"}: ${first?.message ?? ""}. They are ${Object.keys(customOptions.properties).join(", ")}.`,
    );
  }
  const { mapping, format, zone }: Static<typeof customOptions> = options;
  if (zone !== undefined) {
    const compilation = new Compilation(zone, []);
    checkZone(zone, ["zone"], compilation);
    const [finding] = compilation.findings;
    if (finding !== undefined) throw new Refused("OPTIONS_INVALID", `${finding.message}: ${finding.fix}.`, "/zone");
  }
  if (mapping === undefined && format === undefined) return { adapter: builtInAdapter(zone), own };
  const document = mapping === undefined ? { version: 1 } : mapping === "guess" ? guess : mapping;
  return { adapter: customAdapter(document, { zone, format }), own };
}
