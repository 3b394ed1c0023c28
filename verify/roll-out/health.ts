import { controlPlanes, type Machine, type Site } from "@molly/site";
import type { NodesSeen } from "../history/operation.ts";
import { engineServices } from "./services.ts";

/** Something that is not as it must be. */
export interface Problem {
  /** The machine that it concerns; none: the cluster as a whole. */
  readonly node?: string;
  /** `vip`: what carries the VIP and balances behind it; a change of the engine may be its cure. */
  readonly part: "vip" | "rest";
  readonly what: string;
}

/** What a machine answered; undefined: it could not be asked. */
export type Answers = ReadonlyMap<string, string | undefined>;

/**
 * Judges a cluster by what its machines say: the VIP and every API server answer, exactly one holds the VIP, etcd is
 * whole, the services run, the nodes are Ready. Empty when all is well.
 * @param answers what `health.sh` printed on each machine that counts: all control planes, and whoever else is changed
 */
export function judgeHealth(site: Site, answers: Answers, nodes: NodesSeen): Problem[] {
  const machines = site.machines.filter(({ name }) => answers.has(name));
  return [
    ...machines.flatMap((machine) => ofMachine(machine, answers.get(machine.name))),
    ...ofHolders(site, answers),
    ...ofReadiness(machines, nodes),
  ];
}

function ofMachine({ name, role }: Machine, answer: string | undefined): Problem[] {
  if (answer === undefined) return [{ node: name, part: "rest", what: "it can't be asked" }];
  const lines = answer.split("\n");
  const word = (key: string): string =>
    lines
      .find((line) => line.startsWith(`${key} `))
      ?.slice(key.length + 1)
      .trim() || "nothing";
  const must = (fine: boolean, part: Problem["part"], what: string): Problem[] =>
    fine ? [] : [{ node: name, part, what }];
  const services = lines.flatMap((line) => {
    const [first, service = "", state] = line.split(" ");
    return first === "service" ? must(state === "active", partOf(service), `its ${service} is ${state}`) : [];
  });
  if (role === "worker") return services;
  const answers = (key: string, part: Problem["part"], what: string): Problem[] =>
    must(word(key) === "200", part, `${what} answers ${word(key).replace(noAnswer, "nothing")}`);
  return [
    ...answers("api", "rest", "its API server"),
    ...answers("haproxy", "vip", "the API through its HAProxy"),
    ...answers("vip", "vip", "the API, asked from there at the VIP,"),
    ...must(word("etcd").includes('"health":"true"'), "rest", `its etcd says ${word("etcd")}`),
    ...services,
  ];
}

/** curl's word for it. */
const noAnswer = "000";

const partOf = (service: string): Problem["part"] =>
  service === "haproxy" || engineServices.includes(service) ? "vip" : "rest";

function ofHolders(site: Site, answers: Answers): Problem[] {
  const asked = controlPlanes(site).filter(({ name }) => answers.has(name));
  const holders = asked.map(({ name }) => name).filter((name) => answers.get(name)?.split("\n").includes("holds yes"));
  if (holders.length === 1) return [];
  const what = holders.length === 0 ? "nobody holds the VIP" : `${holders.join(" and ")} hold the VIP`;
  return [{ part: "vip", what }];
}

/** Kubernetes is asked through the VIP. */
function ofReadiness(machines: readonly Machine[], { type, ready, detail }: NodesSeen): Problem[] {
  if (type === "fail") return [{ part: "vip", what: `nobody can say which nodes are Ready: ${detail}` }];
  return machines
    .filter(({ name }) => !ready.includes(name))
    .map(({ name }) => ({ node: name, part: "rest", what: "Kubernetes does not call it Ready" }));
}

export const tellProblem = ({ node, what }: Problem): string => (node === undefined ? what : `${node}: ${what}`);
