import { command } from "./command.ts";
import type { Fault } from "./fault.ts";
import { findHolder } from "./holder.ts";

/**
 * HAProxy crashes on the VIP's holder: every process of the service is killed at once. Whether something starts it anew
 * (Debian's unit says `Restart=always`) is part of what is tested; the fault does not hinder it. The heal starts the
 * service where nothing did.
 */
export const haproxyKilled: Fault = {
  name: "haproxy-killed",
  title: "HAProxy is killed on the VIP's holder",
  severs: "nothing",
  aim: findHolder,
  inject: async (target, node) => {
    await command(target, node, ["systemctl", "kill", "--signal=SIGKILL", "haproxy.service"]);
  },
  heal: async (target, node) => {
    // A service that crashed too often is not started before that is forgotten.
    await command(target, node, ["systemctl", "reset-failed", "haproxy.service"]);
    await command(target, node, ["systemctl", "start", "haproxy.service"]);
  },
};
