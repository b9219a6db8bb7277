/** The versions that a new package asks for. A test holds them to the ones this repository uses. */
export const versions = {
  "@tributary/adapter-kit": "^1.0.0",
  "@sinclair/typebox": "^0.34.52",
  "@types/node": "^24.19.2",
  "fast-check": "^4.10.2",
  typescript: "^7.0.2",
  vitest: "^5.1.1",
} as const;

/** package.json of the new package. */
export function manifest(name: string, displayName: string): string {
  const { "@tributary/adapter-kit": kit, "@sinclair/typebox": typebox, ...tools } = versions;
  return `${JSON.stringify(
    {
      name: packageName(name),
      version: "0.1.0",
      description: `${displayName} audit records as CloudTrail Lake events.`,
      keywords: ["tributary", "adapter", "cloudtrail", "audit"],
      license: "UNLICENSED",
      type: "module",
      sideEffects: false,
      files: ["dist"],
      exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } },
      scripts: {
        build: "tsc",
        test: "tsc -p test/tsconfig.json && vitest run --dir test --testTimeout=120000",
        prepublishOnly: "npm run build && npm test",
      },
      dependencies: { "@sinclair/typebox": typebox },
      peerDependencies: { "@tributary/adapter-kit": kit },
      devDependencies: { "@tributary/adapter-kit": kit, ...tools },
      engines: { node: ">=22.12" },
    },
    null,
    2,
  )}\n`;
}

/** The name of the new package. */
export function packageName(name: string): string {
  return `tributary-adapter-${name}`;
}
