import { ApiError, died } from "../store/api-error.ts";
import type { Cluster } from "../store/cluster.ts";
import { type HaResource, type HaRule, serviceId } from "../store/high-availability.ts";
import { at, type Call, needs, type Route } from "./route.ts";

const audit = needs("/", "Sys.Audit");
const manage = needs("/", "Sys.Console");

/** Options of a resource that are numbers in an answer. */
const numbers = new Set(["max_restart", "max_relocate", "failback", "auto-rebalance"]);

function shown(options: ReadonlyMap<string, string>): Record<string, string | number> {
  return Object.fromEntries([...options].map(([name, value]) => [name, numbers.has(name) ? Number(value) : value]));
}

const describeResource = ({ sid, state, options }: HaResource): object => ({
  sid,
  type: "vm",
  state,
  ...shown(options),
});

const describeRule = ({ rule, type, options }: HaRule): object => ({ rule, type, ...shown(options) });

/** @throws ApiError when it is no resource */
function resourceOf(call: Call): HaResource {
  const sid = serviceId(at(call, "sid"));
  const resource = call.cluster.highAvailability.resources.get(sid);
  if (resource === undefined) throw died(`no such resource '${sid}'`);
  return resource;
}

/** Sets what is given and unsets what `delete` names. */
function update(options: Map<string, string>, { param }: Call, ...own: readonly string[]): void {
  for (const name of param.list("delete")) options.delete(name);
  for (const [name, value] of Object.entries(param.except("delete", "digest", "type", "sid", "rule", ...own)))
    options.set(name, value);
}

/** @throws ApiError unless every resource that a rule names is one, and an affinity has two to keep apart or together */
function checkRule({ highAvailability }: Cluster, { rule, type, options }: HaRule): void {
  const named = (options.get("resources") ?? "").split(",").filter(Boolean);
  if (named.length === 0) throw died("no resources were specified");
  const unmanaged = named.filter((sid) => !highAvailability.resources.has(sid)).sort();
  if (unmanaged.length > 0) throw died(`cannot use unmanaged resource(s) ${unmanaged.join(", ")}.`);
  if (type === "resource-affinity" && named.length < 2)
    throw new ApiError(400, `Rule '${rule}' is invalid.`, {
      resources: "rule is ineffective as there are less than two resources",
    });
}

const resourceOptions = ["state", "comment", "failback", "max_relocate", "max_restart", "auto-rebalance"];
const ruleOptions = ["comment", "disable", "resources", "nodes", "strict", "affinity"];

/** pve-ha-manager: PVE::API2::HA::{Resources,Rules}. Groups are refused: they have become rules. */
export const haRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/cluster/ha/resources",
    allow: audit,
    params: ["type"],
    handle: ({ cluster }) => [...cluster.highAvailability.resources.values()].map(describeResource),
  },
  {
    method: "GET",
    path: "/cluster/ha/resources/{sid}",
    allow: audit,
    handle: (call) => describeResource(resourceOf(call)),
  },
  {
    method: "POST",
    path: "/cluster/ha/resources",
    allow: manage,
    params: ["sid", "type", "group", ...resourceOptions],
    handle: (call) => {
      const { cluster, param } = call;
      const sid = serviceId(param.need("sid"));
      if (param.get("group") !== undefined)
        throw died("invalid parameter 'group': ha groups have been migrated to rules");
      if (!cluster.machines.has(Number(sid.split(":")[1]))) throw died(`resource '${sid}' does not exist in cluster`);
      if (cluster.highAvailability.resources.has(sid))
        throw died(`create resource failed: resource ID '${sid}' already defined`);
      const options = new Map<string, string>();
      update(options, call, "state");
      cluster.highAvailability.resources.set(sid, { sid, state: param.get("state") ?? "started", options });
    },
  },
  {
    method: "PUT",
    path: "/cluster/ha/resources/{sid}",
    allow: manage,
    params: ["digest", "delete", "type", "group", ...resourceOptions],
    handle: (call) => {
      const resource = resourceOf(call);
      resource.state = call.param.get("state") ?? resource.state;
      update(resource.options, call, "state");
    },
  },
  {
    method: "DELETE",
    path: "/cluster/ha/resources/{sid}",
    allow: manage,
    params: ["purge"],
    handle: (call) => {
      const sid = serviceId(at(call, "sid"));
      if (!call.cluster.highAvailability.resources.has(sid))
        throw died(`cannot delete service '${sid}', not HA managed!`);
      call.cluster.highAvailability.remove(sid);
    },
  },
  {
    method: "GET",
    path: "/cluster/ha/rules",
    allow: audit,
    params: ["type", "resource"],
    handle: ({ cluster }) => [...cluster.highAvailability.rules.values()].map(describeRule),
  },
  {
    method: "GET",
    path: "/cluster/ha/rules/{rule}",
    allow: audit,
    handle: (call) => {
      const rule = call.cluster.highAvailability.rules.get(at(call, "rule"));
      if (rule === undefined) throw died(`no such ha rule '${at(call, "rule")}'`);
      return describeRule(rule);
    },
  },
  {
    method: "POST",
    path: "/cluster/ha/rules",
    allow: manage,
    params: ["rule", "type", ...ruleOptions],
    handle: (call) => {
      const { cluster, param } = call;
      const name = param.need("rule");
      if (cluster.highAvailability.rules.has(name))
        throw died(`create ha rule failed: HA rule '${name}' already defined`);
      const rule: HaRule = { rule: name, type: param.need("type"), options: new Map() };
      update(rule.options, call);
      // `disable=0` is what a rule has anyway, and is not kept.
      if (!param.flag("disable")) rule.options.delete("disable");
      checkRule(cluster, rule);
      cluster.highAvailability.rules.set(name, rule);
    },
  },
  {
    method: "PUT",
    path: "/cluster/ha/rules/{rule}",
    allow: manage,
    params: ["digest", "delete", "type", ...ruleOptions],
    handle: (call) => {
      const { rules } = call.cluster.highAvailability;
      const name = at(call, "rule");
      const before = rules.get(name);
      if (before === undefined) throw died(`update HA rules failed: HA rule '${name}' does not exist`);
      const rule = { ...before, options: new Map(before.options) };
      update(rule.options, call);
      if (!call.param.flag("disable")) rule.options.delete("disable");
      checkRule(call.cluster, rule);
      rules.set(name, rule);
    },
  },
  {
    method: "DELETE",
    path: "/cluster/ha/rules/{rule}",
    allow: manage,
    handle: (call) => void call.cluster.highAvailability.rules.delete(at(call, "rule")),
  },
];
