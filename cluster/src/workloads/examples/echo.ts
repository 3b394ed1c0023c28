import { type WorkloadProps } from "../props.ts";

/** Stateless, behind a Service: answers HTTP with the name of the replica that was asked (`/hostname`). */
export const echo: WorkloadProps = {
  name: "echo",
  image: "registry.k8s.io/e2e-test-images/agnhost:2.63.0",
  args: ["netexec", "--http-port=8080", "--udp-port=-1"],
  requests: { milliCores: 10, memoryMiB: 16 },
  limits: { milliCores: 200, memoryMiB: 64 },
  ports: [{ container: 8080 }],
  probe: { path: "/healthz" },
  servedTo: ["cluster"],
};
