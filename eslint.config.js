import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";
import { workspaces } from "./projenrc/workspace-list.ts";

const ours = [...workspaces.map(({ name }) => name), "@cdktf/provider-proxmox"];

/** Data flows one way (ARCHITECTURE.md): each workspace may import only from those before it. */
const oneWay = workspaces.map(({ folder, name, imports }) => {
  const forbidden = ours.filter((other) => other !== name && !imports.includes(other));
  const message = `Data flows one way: site → ha, infra, cluster → dist → verify. '${folder}' may import ${
    imports.length > 0 ? `only ${imports.join(", ")}` : "no other workspace"
  }; see ARCHITECTURE.md.`;
  const siblings = workspaces.filter((other) => other.folder !== folder).map((other) => `**/../${other.folder}/**`);
  return {
    files: [`${folder}/**/*.ts`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            { group: [...forbidden, ...forbidden.map((other) => `${other}/*`)], message },
            { group: siblings, message: `Import another workspace by its name, never by path. ${message}` },
          ],
        },
      ],
    },
  };
});

const noDynamicImport = {
  selector: "ImportExpression",
  message: "Import statically: the one-way rule can't see a dynamic import.",
};
const noExit = {
  selector: "CallExpression[callee.object.name='process'][callee.property.name='exit']",
  message: "Set process.exitCode or throw: only cli/program.ts ends the process, so that clean-up always runs.",
};

export default defineConfig(
  globalIgnores(["dist/", "node_modules/", "infra/provider-proxmox/", ".molly/"]),
  js.configs.recommended,
  tseslint.configs.recommended,
  {
    rules: {
      "no-restricted-syntax": ["error", noDynamicImport, noExit],
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
    },
  },
  ...oneWay,
  {
    files: ["**/*.ts"],
    ignores: ["verify/lab/process.ts", "infra/bindings/process.ts"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        {
          paths: ["child_process", "node:child_process", "execa"].map((name) => ({
            name,
            message:
              "Processes are started in verify/lab/process.ts alone (and infra/bindings/process.ts, which may not import it): one place that bounds, logs and explains them.",
            allowTypeImports: true,
          })),
        },
      ],
    },
  },
  { files: ["cli/program.ts"], rules: { "no-restricted-syntax": ["error", noDynamicImport] } },
);
