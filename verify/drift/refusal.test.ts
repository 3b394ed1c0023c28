import { expect, test } from "vitest";
import { refusalIsCertain, refusalOf } from "./refusal.ts";

test.each([
  [
    'The Deployment "echo" is invalid: spec.selector: Invalid value: {"matchLabels":{"a":"b"}}: field is immutable',
    "spec.selector: Invalid value: field is immutable",
  ],
  [
    'The Service "x" is invalid: \n* spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive\n* spec.type: Unsupported value: "Y": supported values: "ClusterIP"',
    "spec.ports[0].port: Invalid value: must be between 1 and 65535, inclusive; spec.type: Unsupported value",
  ],
  [
    'The PersistentVolumeClaim "journal" is invalid: spec: Forbidden: spec is immutable after creation except resources.requests\n  core.PersistentVolumeClaimSpec{\n- \tPassword: "hunter2",\n  }',
    "spec: Forbidden: spec is immutable after creation except resources.requests",
  ],
  [
    'Warning: would violate PodSecurity\nError from server (Forbidden): persistentvolumeclaims "a" is forbidden: only dynamically provisioned pvc can be resized',
    'persistentvolumeclaims "a" is forbidden: only dynamically provisioned pvc can be resized',
  ],
  [
    "Error from server: failed to create typed patch object (ns/x; v1, Kind=Pod): .spec.foo: field not declared in schema",
    "failed to create typed patch object (ns/x; v1, Kind=Pod): .spec.foo: field not declared in schema",
  ],
])("%j says why, on one line", (stderr, why) => {
  expect(refusalOf(stderr)).toBe(why);
  expect(refusalIsCertain(why)).toBe(true);
});

test.each([
  'The Job "x" is invalid: spec.template: Invalid value: {"Spec":{"Env":[{"Name":"DB","Value":"hunter2"}]}}: field is immutable',
  'The Job "x" is invalid: spec.template: Duplicate value: "hunter2"',
  'Error from server (Forbidden): admission webhook "w" denied the request: password: hunter2',
])("%j is told without what it quotes", (stderr) => {
  expect(refusalOf(stderr)).not.toContain("hunter2");
});

test.each(["failed calling webhook: timeout", "etcdserver: leader changed", "rpc error: code = Unavailable"])(
  "%j is the API's own trouble",
  (why) => expect(refusalIsCertain(why)).toBe(false),
);
