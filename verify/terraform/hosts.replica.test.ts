import { appendFile, chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Site, SiteSchema, workers } from "@molly/site";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attempt, type Output, run } from "../lab/process.ts";
import { requireTerraform } from "./require-terraform.ts";
import type { ResourceChange } from "./workspace.ts";

await requireTerraform();

const dist = fileURLToPath(new URL("../../dist/molly/", import.meta.url));
let folder = "";
let site: Site;
let stack = "";

/** In place of machines: an ssh that says yes to everything, and a ./molly that does nothing. Both note that they were called. */
const fakes: Readonly<Record<string, string>> = {
  "bin/ssh": '#!/bin/sh\necho "$*" >>"$NOTES"\ncase $* in *"\'cat\'"*) cat >/dev/null ;; esac\n',
  "bin/molly": '#!/bin/sh\necho "molly $*" >>"$NOTES"\n',
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "molly-hosts-stack-"));
  await cp(dist, join(folder, "dist"), { recursive: true });
  await mkdir(join(folder, "bin"));
  for (const [path, text] of Object.entries(fakes)) {
    await writeFile(join(folder, path), text);
    await chmod(join(folder, path), 0o755);
  }
  stack = join(folder, "dist/infra/hosts");
  site = SiteSchema.parse(JSON.parse(await readFile(join(folder, "dist/site.json"), "utf8")));
  await run("terraform", ["init", "-input=false", "-no-color"], settings());
});
afterAll(() => rm(folder, { recursive: true }));

const settings = () => ({
  cwd: stack,
  env: {
    PATH: `${join(folder, "bin")}:${process.env["PATH"]}`,
    NOTES: join(folder, "notes"),
    TF_IN_AUTOMATION: "1",
    CHECKPOINT_DISABLE: "1",
    TF_VAR_molly_command: join(folder, "bin/molly"),
  },
});

interface Applied extends Output {
  /** Addresses that were not left as they are, with what was done to them. */
  readonly changes: Readonly<Record<string, string>>;
  /** What was run on machines, a line each. */
  readonly notes: string;
}

async function apply(...options: readonly string[]): Promise<Applied> {
  await writeFile(join(folder, "notes"), "");
  await run("terraform", ["plan", "-input=false", "-no-color", "-out=plan", ...options], settings());
  const plan = JSON.parse(await run("terraform", ["show", "-json", "plan"], settings())) as {
    resource_changes: ResourceChange[];
  };
  const output = await attempt("terraform", ["apply", "-input=false", "-no-color", "plan"], settings());
  const changed = plan.resource_changes.filter(({ change }) => change.actions.join() !== "no-op");
  return {
    ...output,
    changes: Object.fromEntries(changed.map(({ address, change }) => [address, change.actions.join()])),
    notes: await readFile(join(folder, "notes"), "utf8"),
  };
}

/** Applies what is as it should be, and finds nothing left to do. */
async function succeed(...options: readonly string[]): Promise<Applied> {
  const applied = await apply(...options);
  expect(applied, applied.stderr).toMatchObject({ exitCode: 0 });
  const { exitCode, stdout } = await attempt(
    "terraform",
    ["plan", "-input=false", "-no-color", "-detailed-exitcode", ...options],
    settings(),
  );
  expect(exitCode, stdout).toBe(0);
  return applied;
}

async function editStack(change: (text: string) => string): Promise<void> {
  const path = join(stack, "cdk.tf.json");
  await writeFile(path, change(await readFile(path, "utf8")));
}

describe("real Terraform, on the stack hosts, with machines that say yes to everything", () => {
  test("brings every machine into the cluster, and has nothing left to do", { timeout: 300_000 }, async () => {
    const { changes, notes, stdout } = await succeed();
    expect(Object.keys(changes)).toEqual(
      expect.arrayContaining(site.machines.map(({ name }) => `terraform_data.${name}`)),
    );
    expect(new Set(Object.values(changes))).toEqual(new Set(["create"]));
    for (const { address } of site.machines) expect(notes).toMatch(new RegExp(` ${address} .*molly-install`));
    expect(notes.trim().split("\n").at(-1)).toMatch(/^molly roll-out --site molly --target live --yes/);
    expect(stdout).not.toMatch(/\b[0-9a-f]{64}\b/);
  });

  test("turns a changed HAProxy line into a roll-out, and into nothing else", { timeout: 120_000 }, async () => {
    await appendFile(join(folder, "dist/hosts/kube1/etc/haproxy/haproxy.cfg"), "# changed\n");
    const { changes, notes } = await succeed();
    expect(changes).toEqual({ "terraform_data.roll_out": "delete,create" });
    // Before it, every machine is asked whether it is there: nothing is done to any.
    const told = notes.trimEnd().split("\n");
    expect(told.at(-1)).toMatch(/^molly roll-out /);
    expect(told.slice(0, -1).join("\n")).not.toMatch(/molly|kubeadm|kubectl|systemctl/);
  });

  test("has a machine that was made anew enter again, and waits until it is Ready", { timeout: 120_000 }, async () => {
    const ids = Object.fromEntries(site.machines.map(({ name }) => [name, `${name}-first`]));
    await succeed(`-var=machine_ids=${JSON.stringify(ids)}`);
    const { changes, notes } = await succeed(`-var=machine_ids=${JSON.stringify({ ...ids, kube1: "kube1-second" })}`);
    expect(changes).toEqual({
      "terraform_data.cluster_ready": "delete,create",
      "terraform_data.kube1": "delete,create",
    });
    expect(notes).not.toContain("molly-remove' 'kube0'");
    expect(notes).not.toContain("kubeadm' 'reset'");
  });

  test("lets a machine leave that is no longer in the site", { timeout: 120_000 }, async () => {
    const last = workers(site).at(-1)!;
    await editStack((text) => {
      const parsed = JSON.parse(text);
      delete parsed.resource.terraform_data[last.name];
      delete parsed.locals.machines[last.name];
      parsed.locals.names = parsed.locals.names.filter((name: string) => name !== last.name);
      const member = parsed.resource.terraform_data.cluster_member;
      member.depends_on = member.depends_on.filter((one: string) => one !== `terraform_data.${last.name}`);
      const ready = parsed.resource.terraform_data.cluster_ready;
      ready.depends_on = ready.depends_on.filter((one: string) => one !== `terraform_data.${last.name}`);
      return JSON.stringify(parsed);
    });
    const { changes, notes } = await succeed();
    expect(changes).toMatchObject({
      [`terraform_data.${last.name}`]: "delete",
      [`terraform_data.cluster_member["${last.name}"]`]: "delete",
    });
    expect(notes).toContain(`'molly-remove' '${last.name}' '${last.address}'`);
    expect(notes).toMatch(new RegExp(` ${last.address} .*'kubeadm' 'reset' '--force'`));
  });

  test("keeps what was renamed, by a moved block as infra/moved.ts renders it", { timeout: 120_000 }, async () => {
    await editStack((text) => {
      const renamed = JSON.parse(text.replaceAll("cluster_ready", "cluster_was_ready"));
      renamed.moved = [{ from: "terraform_data.cluster_ready", to: "terraform_data.cluster_was_ready" }];
      return JSON.stringify(renamed);
    });
    const { changes, notes } = await succeed();
    expect({ changes, notes }).toEqual({ changes: {}, notes: "" });
  });
});
