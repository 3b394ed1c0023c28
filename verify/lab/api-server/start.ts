import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure, messageOf } from "@molly/site";
import { type Running, start } from "../process.ts";
import { waitFor } from "../wait.ts";
import { type ApiClient, apiClient } from "./client.ts";
import { freePorts } from "./free-ports.ts";

/** Where the two programs are. */
export interface ApiServerPrograms {
  readonly etcd: string;
  readonly apiServer: string;
}

export interface ApiServer extends AsyncDisposable {
  /** Applies in Flux's name. */
  readonly client: ApiClient;
  /** Applies in the name of whoever made what is there before Flux. */
  readonly before: ApiClient;
  /** As it says itself: `v1.36.3`. */
  readonly version: string;
}

/** Both families, as a cluster has that hands out both: one family alone is accepted there too. */
const serviceNetworks = "10.96.0.0/16,fd00:10:96::/112";

/** How many lines of what a program printed its failure shows. */
const shownLines = 8;

/**
 * A real API server on the loopback with an etcd of its own, and nothing behind it: no controller, no scheduler, no node. So
 * what it stores is what was sent to it, with its own defaults.
 * @throws Failure with what they printed when one of them ends, or does not answer in time.
 */
export async function startApiServer({ etcd, apiServer }: ApiServerPrograms): Promise<ApiServer> {
  const [clientPort = 0, peerPort = 0, port = 0] = await freePorts(3);
  const folder = await mkdtemp(join(tmpdir(), "molly-api-server-"));
  const stack = new AsyncDisposableStack();
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  try {
    const token = randomBytes(16).toString("hex");
    await writeFile(join(folder, "tokens.csv"), `${token},tester,tester,"system:masters"\n`, { mode: 0o600 });
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const key = join(folder, "service-account.key");
    await writeFile(key, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });

    const store = `http://127.0.0.1:${clientPort}`;
    const peer = `http://127.0.0.1:${peerPort}`;
    const programs = [
      begin(stack, "etcd", etcd, [
        ...[`--data-dir=${join(folder, "etcd")}`, "--unsafe-no-fsync"],
        ...[`--listen-client-urls=${store}`, `--advertise-client-urls=${store}`],
        ...[`--listen-peer-urls=${peer}`, `--initial-advertise-peer-urls=${peer}`, `--initial-cluster=default=${peer}`],
      ]),
      begin(stack, "kube-apiserver", apiServer, [
        ...["--bind-address=127.0.0.1", "--advertise-address=127.0.0.1", `--secure-port=${port}`],
        ...[`--etcd-servers=${store}`, `--cert-dir=${join(folder, "certificates")}`],
        ...[`--token-auth-file=${join(folder, "tokens.csv")}`, "--authorization-mode=RBAC"],
        "--allow-privileged=true", // as kubeadm has it
        // A loopback address may not be the API's endpoint, and nobody looks for it.
        ...["--endpoint-reconciler-type=none", `--service-cluster-ip-range=${serviceNetworks}`],
        "--service-account-issuer=https://kubernetes.default.svc",
        ...[`--service-account-key-file=${key}`, `--service-account-signing-key-file=${key}`],
      ]),
    ];
    const address = await answering(programs, async () => {
      const ca = await readFile(join(folder, "certificates", "apiserver.crt"), "utf8");
      await apiClient({ port, token, ca }).get("/readyz");
      return { port, token, ca };
    });
    const client = apiClient(address);
    const { gitVersion } = (await client.get("/version")) as { gitVersion: string };
    const all = stack.move();
    return {
      client,
      before: apiClient(address, "kubeadm"),
      version: gitVersion,
      [Symbol.asyncDispose]: () => all.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

interface Program {
  readonly name: string;
  readonly running: Running;
  /** The last lines that it printed. */
  readonly printed: string[];
}

function begin(stack: AsyncDisposableStack, name: string, path: string, args: readonly string[]): Program {
  const printed: string[] = [];
  const onLine = (line: string): void => {
    printed.push(line);
    if (printed.length > shownLines) printed.shift();
  };
  const running = start(path, args, { onLine });
  stack.defer(async () => {
    running.kill("SIGKILL"); // nothing of it is kept
    await running.ended;
  });
  return { name, running, printed };
}

/** What `ask` gives as soon as it gives something, while all programs run. */
async function answering<T>(programs: readonly Program[], ask: () => Promise<T>): Promise<T> {
  const gone = new AbortController();
  const ended = programs.map(({ name, running, printed }) =>
    running.ended.then(({ exitCode }) => {
      if (gone.signal.aborted) return;
      gone.abort(
        new Failure({
          what: `${name} ended by itself with exit code ${exitCode}.`,
          seen: printed.join("\n"),
          remedy: "If its last lines name no cause outside Molly, this is a bug of Molly's.",
        }),
      );
    }),
  );
  void Promise.all(ended);
  let answer: { readonly value: T } | undefined;
  await waitFor(
    async () => {
      try {
        answer = { value: await ask() };
        return true;
      } catch (error) {
        return `${messageOf(error)}\n${programs.map(({ printed }) => printed.at(-1)).join("\n")}`;
      }
    },
    {
      ...{ what: "the API server to be ready", timeoutMs: 120_000, signal: gone.signal },
      remedy: "Is this machine very busy? If not, its last lines say what it waits for.",
    },
  );
  if (answer === undefined) throw new Error("It was ready without an answer.");
  return answer.value;
}
