import { type Project, ProjenrcFile } from "projen";

/** A `.projenrc.ts` that Node runs as it is: no ts-node, no compile step. */
export class NativeProjenrc extends ProjenrcFile {
  override readonly filePath = ".projenrc.ts";

  constructor(project: Project) {
    super(project);
    project.defaultTask?.exec("node .projenrc.ts");
  }
}
