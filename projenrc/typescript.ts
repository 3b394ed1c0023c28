import { JsonFile, type javascript } from "projen";

/** Node runs the sources as they are; tsc only checks them. */
export function setupTypeScript(project: javascript.NodeProject): void {
  new JsonFile(project, "tsconfig.json", {
    obj: {
      compilerOptions: {
        module: "nodenext",
        target: "es2024",
        lib: ["es2024"],
        types: ["node"],
        noEmit: true,
        strict: true,
        skipLibCheck: true,
        erasableSyntaxOnly: true,
        verbatimModuleSyntax: true,
        allowImportingTsExtensions: true,
        rewriteRelativeImportExtensions: true,
        noUncheckedIndexedAccess: true,
        noUnusedLocals: true,
        noUnusedParameters: true,
        noFallthroughCasesInSwitch: true,
        resolveJsonModule: true,
      },
      include: [
        ".projenrc.ts",
        "projenrc",
        "*.config.ts",
        "eslint.config.js",
        "site",
        "ha",
        "infra",
        "cluster",
        "verify",
        "forge",
        "cli",
      ],
      exclude: ["node_modules", "dist"],
    },
  });
}
