const options = {
  target: "es2023",
  lib: ["es2023"],
  module: "nodenext",
  moduleResolution: "nodenext",
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  isolatedModules: true,
  verbatimModuleSyntax: true,
  erasableSyntaxOnly: true,
  skipLibCheck: true,
};

/** tsconfig.json of the new package: builds src to dist. Extends nothing, so that the package may stand anywhere. */
export const tsconfig = json({
  compilerOptions: {
    ...options,
    types: [],
    rewriteRelativeImportExtensions: true,
    declaration: true,
    sourceMap: true,
    rootDir: "src",
    outDir: "dist",
  },
  include: ["src"],
});

/** test/tsconfig.json: checks the tests and emits nothing. */
export const testTsconfig = json({
  compilerOptions: { ...options, types: ["node"], noEmit: true, allowImportingTsExtensions: true },
  include: ["."],
});

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
