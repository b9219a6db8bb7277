import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { publicApi } from "./public-api.ts";

const root = join(import.meta.dirname, "..", "..", "..");

/** The kept snapshots of every published package's API: path from the root to text. Builds must be there. */
export function apiFiles(): ReadonlyMap<string, string> {
  const manifests = globSync(
    ["packages/*/package.json", "packages/adapters/*/package.json", "apps/*/package.json", "conformance/package.json"],
    {
      cwd: root,
    },
  );
  return new Map(
    manifests
      .filter((file) => {
        const manifest = JSON.parse(readFileSync(join(root, file), "utf8")) as { readonly private?: boolean };
        return manifest.private !== true && existsSync(join(root, dirname(file), "dist"));
      })
      .map((file) => dirname(file))
      .toSorted()
      .map((folder): [string, string] => {
        const prefix = folder.startsWith("packages/adapters/") ? "adapter-" : "";
        return [`packages/repository/api/${prefix}${basename(folder)}.txt`, publicApi(join(root, folder))];
      }),
  );
}
