import { type ContainerRuntimeClient, getContainerRuntimeClient } from "testcontainers";
import { Failure, messageOf } from "@molly/site";
import { replicaGroup } from "./names.ts";

/** The container engine, and what about it decides how a machine must be started. */
export interface Engine {
  readonly client: ContainerRuntimeClient;
  readonly version: string;
  readonly cgroupVersion: 1 | 2;
  /** Whether the engine makes its control groups itself instead of asking systemd, so that one of any name can be given. */
  readonly ownsCgroups: boolean;
  /** CPUs and bytes of memory that the engine's host has. */
  readonly cpus: number;
  readonly memoryBytes: number;
  /** Where images and containers are stored on the host. */
  readonly rootDirectory: string;
}

/**
 * Connects to the container engine that testcontainers finds (DOCKER_HOST, the default socket, …).
 * @throws Failure when no engine answers.
 */
export async function connectEngine(): Promise<Engine> {
  const client = await getContainerRuntimeClient().catch((cause: unknown) => {
    throw new Failure({
      what: "No container engine answers.",
      seen: messageOf(cause),
      remedy:
        "Start Docker Engine (`systemctl start docker`), or run `./molly start` as root, which installs and starts it.",
      cause,
    });
  });
  const info = (await client.container.dockerode.info()) as EngineInfo;
  return {
    client,
    version: info.ServerVersion,
    cgroupVersion: info.CgroupVersion === "2" ? 2 : 1,
    ownsCgroups: info.CgroupDriver === "cgroupfs",
    cpus: info.NCPU,
    memoryBytes: info.MemTotal,
    rootDirectory: info.DockerRootDir,
  };
}

/** Where in the host's control groups a replica's containers go: into one group, whose share the overlay sets. */
export const placeOf = ({ cgroupVersion, ownsCgroups }: Engine): { readonly CgroupParent?: string } =>
  cgroupVersion === 1 && ownsCgroups ? { CgroupParent: replicaGroup } : {};

/** The fields of `docker info` that are read here. */
interface EngineInfo {
  readonly ServerVersion: string;
  readonly CgroupVersion?: string;
  readonly CgroupDriver?: string;
  readonly NCPU: number;
  readonly MemTotal: number;
  readonly DockerRootDir: string;
}
