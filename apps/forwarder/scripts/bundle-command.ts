// Bundles the command line into `bin`, with what it needs of the workspace, TypeBox and yaml: nearly 700 files take longer to
// load than all else that a start does. Clients of AWS, OpenTelemetry and PostgreSQL stay packages, loaded where they are used.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build, type Plugin } from "vite";

const root = dirname(import.meta.dirname);
const manifest: { readonly dependencies: object; readonly peerDependencies: object } = JSON.parse(
  readFileSync(join(root, "package.json"), "utf8"),
);
/** Dependencies whose code goes into the bundle. */
const bundled = /^(@tributary\/(?!client$)|@sinclair\/typebox$|yaml$)/;
const external = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).filter(
  (name) => !bundled.test(name),
);
const kit = dirname(createRequire(import.meta.url).resolve("@tributary/adapter-kit"));

/** Others' code comes with its licence. */
const licences: Plugin = {
  name: "licences",
  generateBundle(_options, output) {
    const files = Object.values(output).flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
    const folders = new Set(
      files.flatMap((file) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? []),
    );
    const texts = [...folders].toSorted().map((folder) => {
      const { name, version }: { name: string; version: string } = JSON.parse(
        readFileSync(join(folder, "package.json"), "utf8"),
      );
      const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
      if (file === undefined) throw new Error(`${name} has no licence to go with the bundle.`);
      return `${name} ${version}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
    });
    this.emitFile({ type: "asset", fileName: "THIRD-PARTY-LICENSES", source: texts.join("\n---\n\n") });
  },
};

await build({
  configFile: false,
  root,
  logLevel: "warn",
  plugins: [licences],
  ssr: { noExternal: true, external },
  build: {
    ssr: true,
    outDir: "bin",
    emptyOutDir: true,
    target: "node22",
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      // The worker is started by its name, beside whoever starts it.
      input: { tributary: join(root, "src/cli.ts"), "line-worker": join(kit, "json-lines/line-worker.js") },
      output: { entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
    },
  },
});
if (!existsSync(join(root, "bin/tributary.js"))) throw new Error("There is no bin/tributary.js.");
