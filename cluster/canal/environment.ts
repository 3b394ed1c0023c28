import { type k8s } from "cdk8s-plus-27";
import { configName } from "./names.ts";

/** A variable with a fixed value. */
export const variable = (name: string, value: string): k8s.EnvVar => ({ name, value });

/** A variable that takes the value of one of the pod's own fields. */
export const fromField = (name: string, fieldPath: string): k8s.EnvVar => ({
  name,
  valueFrom: { fieldRef: { fieldPath } },
});

/** A variable that takes the value of a key of canal-config. */
export const fromConfig = (name: string, key: string): k8s.EnvVar => ({
  name,
  valueFrom: { configMapKeyRef: { name: configName, key } },
});
