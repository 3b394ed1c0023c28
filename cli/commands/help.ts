import { command, runProgram } from "../program.ts";

/** Every command with a line about it; each is a file beside this one and has its own `--help`. */
const commands: readonly (readonly [name: string, description: string])[] = [
  ["start", "render the site, bring up its replica, fail the VIP over, show the report"],
  ["test", "run every test, the replica's among them"],
  ["synth", "validate every site and render it into dist/"],
  ["pin", "ask registries for the digests of the site's images, and Debian for its cloud image's sum"],
  ["diff", "what a change means: replaced machines, restarts, API paths, rights, ports; for people and for CI"],
  ["lab", "the replica: up, down, status, shell NODE, kubeconfig"],
  ["verify", "run scenarios against the replica; or look at the live site, and break things there in its window"],
  ["roll-out", "bring changed host files to running machines, one after another, checked and verified"],
  ["preflight", "ask Proxmox VE whether a stack can be applied: servers, rights, storages; changes nothing"],
  ["guard", "refuse a Terraform plan that would destroy what must not be lost"],
  ["plan", "plan Terraform's stacks: sealed for apply, told for review"],
  ["apply", "apply the plans that were reviewed, stack by stack, guarded"],
  ["drift", "whether what Terraform made is still as described"],
  ["github", "comment, reviewed, incident, window: what the workflows do on GitHub"],
  ["report", "show the last report; --history draws all runs over time"],
  ["bench", "measure rendering and bring-up; `bench vip` compares the engines of the VIP"],
];

await runProgram(() => {
  const molly = command(
    "<command>",
    "From one typed description of a site to its cluster, and the proof that it fails over.",
  );
  for (const [name, description] of commands) molly.command(name).description(description);
  // Without an action of its own, commander refuses a command that it does not know and suggests one.
  return process.argv.length > 2 ? molly : molly.action(() => molly.outputHelp());
});
