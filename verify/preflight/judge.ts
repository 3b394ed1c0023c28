import { listed } from "@molly/site";
import { z } from "zod";
import { type Finding, violated } from "../health/check.ts";
import type { Seen } from "./look.ts";
import type { Answer } from "./proxmox-api.ts";
import type { Wanted, WantedGrant } from "./wanted.ts";

/** `{"/vms": {"VM.Audit": 1}}`: 1 where it also holds below. */
const Permissions = z.record(z.string(), z.record(z.string(), z.coerce.number()));
const Members = z.array(z.object({ node: z.string(), status: z.string().optional() }));
const Machines = z.array(z.object({ vmid: z.coerce.number(), name: z.string().optional(), node: z.string() }));
const Storages = z.array(z.object({ storage: z.string(), content: z.string(), active: z.coerce.number().optional() }));

/**
 * Judges whether a stack can be applied: every reason against it at once. Pure.
 * @param token its name, user@realm!name
 */
export function judgePreflight(wanted: Wanted, seen: Seen, token: string): Finding[] {
  return [
    ...serversOf(wanted, seen),
    ...tokenOf(seen, token),
    ...membersOf(wanted, seen),
    ...wanted.grants.flatMap((grant) => privilegesOf(grant, seen, token)),
    ...storagesOf(wanted, seen),
    ...strangersOf(wanted, seen),
  ];
}

/** What was answered, in the form that is expected; a finding where it is another, undefined where nobody was asked. */
function read<Data>(answer: Answer | undefined, form: z.ZodType<Data>, what: string): Data | Finding | undefined {
  if (answer === undefined) return undefined;
  const parsed = "data" in answer ? form.safeParse(answer.data) : undefined;
  if (parsed?.success) return parsed.data;
  return {
    ...{ verdict: "unknown", where: what, remedy: "Ask for it on a server with `pvesh get`, then run this again." },
    cause:
      "data" in answer ? "was answered in a form that is not known here" : `could not be asked for: ${why(answer)}`,
  };
}

const isFinding = (one: unknown): one is Finding => typeof one === "object" && one !== null && "verdict" in one;

const why = (answer: Exclude<Answer, { data: unknown }>): string =>
  "silent" in answer ? answer.silent : `${answer.status} ${answer.reason}`.trim();

const refusesToken = (answer: Answer): answer is { status: number; reason: string } =>
  "status" in answer && answer.status === 401;

function serversOf({ servers: addresses }: Wanted, { servers }: Seen): Finding[] {
  return [...servers].flatMap(([name, answer]) => {
    if ("data" in answer || refusesToken(answer)) return [];
    const where = `${name} (${addresses.get(name)})`;
    if ("silent" in answer && answer.silent.includes("certificate"))
      return [
        violated(
          where,
          `shows a certificate that is not trusted: ${answer.silent}`,
          "Name a file with Proxmox VE's own authority, /etc/pve/pve-root-ca.pem there, as SSL_CERT_FILE: Terraform reads it too.",
        ),
      ];
    const remedy = "Is it on, and reachable from here? `systemctl status pveproxy` there tells more.";
    return [violated(where, `does not answer: ${why(answer)}`, remedy)];
  });
}

/** The same reason once, however many servers give it. */
function tokenOf({ servers }: Seen, token: string): Finding[] {
  const reasons = new Set([...servers.values()].filter(refusesToken).map(({ reason }) => reason));
  const remedy = "Take the output `terraform_api_token` of the stack servers.";
  return [...reasons].map((reason) => violated(token, `is refused: ${reason}`, remedy));
}

function membersOf({ servers }: Wanted, { members }: Seen): Finding[] {
  const found = read(members, Members, "the cluster's servers");
  if (found === undefined) return [];
  if (isFinding(found)) return [found];
  return [...servers.keys()].flatMap((name) => {
    const member = found.find(({ node }) => node === name);
    if (member === undefined) {
      const known = listed(found.map(({ node }) => node).sort());
      return [violated(name, `is no server of the cluster, which has ${known}`, "Apply the stack servers.")];
    }
    const offline = member.status !== undefined && member.status === "offline";
    return offline ? [violated(name, "is offline to the cluster", "`pvecm status` there tells more.")] : [];
  });
}

function privilegesOf({ role, path, propagate, privileges }: WantedGrant, seen: Seen, token: string): Finding[] {
  const found = read(seen.permissions.get(path), Permissions, `the rights of ${token} on ${path}`);
  if (found === undefined) return [];
  if (isFinding(found)) return [found];
  const held = found[path] ?? {};
  const lacking = privileges.filter((name) => held[name] === undefined);
  const shallow = propagate ? privileges.filter((name) => held[name] === 0) : [];
  const remedy = `Apply the stack servers again: it gives the role ${role} there.`;
  return [
    ...(lacking.length === 0 ? [] : [violated(token, `lacks ${listed(lacking)} on ${path}`, remedy)]),
    ...(shallow.length === 0 ? [] : [violated(token, `has ${listed(shallow)} on ${path} alone, not below`, remedy)]),
  ];
}

/** Of a storage that a token may not look at nothing is told: that it may not is a finding already. */
function storagesOf({ storages: wanted }: Wanted, { storages, permissions }: Seen): Finding[] {
  const rights = permissions.get("/storage");
  const parsed = Permissions.safeParse(rights !== undefined && "data" in rights ? rights.data : undefined);
  if (parsed.success && parsed.data["/storage"]?.["Datastore.Audit"] === undefined) return [];
  const answers = [...storages].map(([server, answer]) => ({
    ...{ server, found: read(answer, Storages, `the storages of ${server}`) },
  }));
  const unknown = answers.flatMap(({ found }) => (isFinding(found) ? [found] : []));
  const known = answers.flatMap(({ server, found }) =>
    found === undefined || isFinding(found) ? [] : [{ server, found }],
  );
  return [
    ...unknown,
    ...wanted.flatMap(({ storage, contents }) => {
      const seen = known.map(({ server, found }) => ({ server, one: found.find((one) => one.storage === storage) }));
      const without = seen.flatMap(({ server, one }) => (one === undefined ? [server] : []));
      const idle = seen.flatMap(({ server, one }) => (one?.active === 0 ? [server] : []));
      const has = seen.find(({ one }) => one !== undefined)?.one?.content.split(",") ?? contents;
      const missing = contents.filter((content) => !has.includes(content));
      const where = `the storage ${storage}`;
      const all = [...new Set([...has, ...contents])].join(",");
      return [
        ...(without.length === 0
          ? []
          : [violated(where, `is not there on ${listed(without)}`, "Apply the stack ceph.")]),
        ...(idle.length === 0
          ? []
          : [violated(where, `is not active on ${listed(idle)}`, "`pvesm status` there tells more.")]),
        ...(missing.length === 0
          ? []
          : [
              violated(
                where,
                `is not configured for the content ${listed(missing.map((content) => `'${content}'`))}`,
                `On a server: \`pvesm set ${storage} --content ${all}\`. The stack ceph does so for the CephFS.`,
              ),
            ]),
      ];
    }),
  ];
}

/** The provider takes a machine over that it finds under its number, whosever it is. */
function strangersOf({ machines: wanted }: Wanted, { machines }: Seen): Finding[] {
  if (wanted.size === 0) return [];
  const found = read(machines, Machines, "the cluster's machines");
  if (found === undefined) return [];
  if (isFinding(found)) return [found];
  return found.flatMap(({ vmid, name, node }) => {
    const own = wanted.get(vmid);
    if (own === undefined || name === undefined || name === own) return [];
    const cause = `is ${name} on ${node}, which the provider would take for ${own}`;
    return [violated(`the machine ${vmid}`, cause, `Give ${own} another vmId in the site.`)];
  });
}
