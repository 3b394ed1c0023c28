import { attempt, run } from "../process.ts";

interface Settings {
  readonly signal: AbortSignal;
  readonly onLine?: (line: string) => void;
}

/** The id that a name has in the engine, or undefined when it has none. */
export async function imageId(name: string): Promise<string | undefined> {
  const { exitCode, stdout } = await attempt("docker", ["image", "inspect", "--format", "{{.Id}}", name]);
  return exitCode === 0 ? stdout.trim() : undefined;
}

export interface BuildProps extends Settings {
  readonly tag: string;
  readonly dockerfile: string;
  /** Folder whose files the Dockerfile copies. */
  readonly context: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
}

export async function buildImage({ tag, dockerfile, context, buildArgs = {}, ...settings }: BuildProps): Promise<void> {
  const args = Object.entries(buildArgs).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
  await run("docker", ["build", "--tag", tag, "--file", dockerfile, ...args, context], {
    ...settings,
    // containerd can't import an archive with BuildKit's attestations in it by name.
    env: { BUILDX_NO_DEFAULT_ATTESTATIONS: "1" },
  });
}

/** Makes sure that the engine has an image whose archive is cached. */
export async function loadImage(tag: string, archive: string, settings: Settings): Promise<void> {
  if ((await imageId(tag)) === undefined) await run("docker", ["load", "--input", archive], settings);
}

export const saveImage = async (name: string, archive: string, settings: Settings): Promise<void> =>
  void (await run("docker", ["save", "--output", archive, name], settings));

/** Saves an image under the name that a cluster looks for; the engine's names are as before afterwards. */
export async function saveImageAs(image: string, name: string, archive: string, settings: Settings): Promise<void> {
  await borrowingName(name, async () => {
    await run("docker", ["tag", image, name], settings);
    await saveImage(name, archive, settings);
  });
}

/** Pulls an image into an archive under its upstream name; the engine's names are as before afterwards. */
export async function pullImageTo(reference: string, name: string, archive: string, settings: Settings): Promise<void> {
  await borrowingName(reference, async () => {
    await run("docker", ["pull", reference], settings);
    await saveImageAs(reference, name, archive, settings);
  });
}

/** Runs `work`, which may give the name to another image; afterwards it stands for what it stood for before. */
export async function borrowingName(name: string, work: () => Promise<void>): Promise<void> {
  const before = await imageId(name);
  try {
    await work();
  } finally {
    const after = await imageId(name);
    if (before === undefined && after !== undefined) await attempt("docker", ["rmi", name]);
    else if (before !== undefined && before !== after) await attempt("docker", ["tag", before, name]);
  }
}
