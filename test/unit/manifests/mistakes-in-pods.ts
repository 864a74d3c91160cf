import { containersOf, fields, list, type Mistake, podsIn, put } from "./mistakes";
import { at, type Json } from "./read-bundle";

const QUANTITY = /^\d+(?:\.\d+)?(?:[KMGTPE]i|[mkMGTPE])?$/;
const PORT_NAME = /^(?=.*[a-z])[a-z0-9](?:[a-z0-9-]{0,13}[a-z0-9])?$/;
const PROBES = ["startupProbe", "readinessProbe", "livenessProbe"];
const DEPLOYMENT_FIELDS = new Set(
  "replicas revisionHistoryLimit progressDeadlineSeconds minReadySeconds paused strategy selector template".split(" "),
);
const CONTAINER_FIELDS = new Set(
  [
    "name image imagePullPolicy command args workingDir env envFrom ports startupProbe readinessProbe livenessProbe",
    "lifecycle securityContext resources volumeMounts restartPolicy",
  ].flatMap((line) => line.split(" ")),
);

function some(pod: Json, wrong: (container: Json) => boolean): boolean {
  return containersOf(pod).some(wrong);
}

function probes(container: Json): Json[] {
  return PROBES.flatMap((probe) => at(container, probe) ?? []);
}

/** Field of the first container. */
function inContainer(...path: (string | number)[]): (string | number)[] {
  return ["spec", "containers", 0, ...path];
}

/** Mistakes in Deployments, Jobs and pods. */
export const POD_MISTAKES: readonly Mistake[] = [
  {
    name: "a field it does not know",
    kind: "Deployment",
    has: (object) => fields(at(object, "spec")).some(([field]) => !DEPLOYMENT_FIELDS.has(field)),
    make: (object) => put(object, ["spec", "replica"], 2),
  },
  {
    name: "a selector its pods do not match",
    kind: "Deployment",
    has: (object) =>
      fields(at(object, "spec", "selector", "matchLabels")).some(([label, value]) =>
        podsIn(object).some((pod) => at(pod, "metadata", "labels", label) !== value),
      ),
    make: (object) => put(object, ["spec", "template", "metadata", "labels", "app.kubernetes.io/name"], "typo"),
  },
  {
    name: "a restart policy no Job takes",
    kind: "Job",
    has: (object) => !/^(?:Never|OnFailure)$/.test(String(at(object, "spec", "template", "spec", "restartPolicy"))),
    make: (object) => put(object, ["spec", "template", "spec", "restartPolicy"], "Always"),
  },
  {
    name: "a container field it does not know",
    kind: "Pod",
    has: (pod) => some(pod, (container) => fields(container).some(([field]) => !CONTAINER_FIELDS.has(field))),
    make: (pod) => put(pod, inContainer("resource"), {}),
  },
  {
    name: "an imagePullPolicy that is none",
    kind: "Pod",
    has: (pod) => some(pod, (one) => !/^(?:Always|IfNotPresent|Never)$/.test(String(at(one, "imagePullPolicy")))),
    make: (pod) => put(pod, inContainer("imagePullPolicy"), "IfNotPresnt"),
  },
  {
    name: "a port name that is too long",
    kind: "Pod",
    has: (pod) => some(pod, (one) => list(at(one, "ports")).some((port) => !PORT_NAME.test(String(at(port, "name"))))),
    make: (pod) => put(pod, inContainer("ports"), [{ name: "this-port-name-is-too-long", containerPort: 8000 }]),
  },
  {
    name: "an extended resource without the same limit",
    kind: "Pod",
    has: (pod) =>
      some(pod, (one) =>
        fields(at(one, "resources", "requests")).some(
          ([name, value]) => name.includes("/") && at(one, "resources", "limits", name) !== value,
        ),
      ),
    make: (pod) => put(pod, inContainer("resources", "requests", "example.com/device"), "1"),
  },
  {
    name: "a quantity with a suffix Kubernetes does not know",
    kind: "Pod",
    has: (pod) =>
      some(pod, (one) =>
        ["requests", "limits"].some((side) =>
          fields(at(one, "resources", side)).some(([, value]) => !QUANTITY.test(String(value))),
        ),
      ),
    make: (pod) => put(pod, inContainer("resources", "limits", "memory"), "16GB"),
  },
  {
    name: "a probe of a port it does not have",
    kind: "Pod",
    has: (pod) =>
      some(pod, (one) => {
        const ports = list(at(one, "ports")).flatMap((port) => [at(port, "name"), at(port, "containerPort")]);
        return probes(one).some((probe) => !ports.includes(at(probe, "httpGet", "port") ?? at(probe, "grpc", "port")));
      }),
    make: (pod) => put(pod, inContainer("livenessProbe"), { httpGet: { path: "/health", port: "htttp" } }),
  },
  {
    name: "a liveness or startup probe that must succeed more than once",
    kind: "Pod",
    has: (pod) =>
      some(pod, (one) =>
        ["livenessProbe", "startupProbe"].some((probe) => (at(one, probe, "successThreshold") ?? 1) !== 1),
      ),
    make: (pod) => put(pod, inContainer("livenessProbe"), { successThreshold: 2 }),
  },
  {
    name: "a mount without its volume",
    kind: "Pod",
    has: (pod) => {
      const volumes = list(at(pod, "spec", "volumes")).map((volume) => at(volume, "name"));
      return some(pod, (one) => list(at(one, "volumeMounts")).some((mount) => !volumes.includes(at(mount, "name"))));
    },
    make: (pod) => put(pod, ["spec", "volumes"], []),
  },
  {
    name: "a sleep before the end that outlasts the grace period",
    kind: "Pod",
    has: (pod) =>
      some(
        pod,
        (one) =>
          Number(at(one, "lifecycle", "preStop", "sleep", "seconds") ?? 0) >=
          Number(at(pod, "spec", "terminationGracePeriodSeconds") ?? 30),
      ),
    make: (pod) => put(pod, inContainer("lifecycle"), { preStop: { sleep: { seconds: 9999 } } }),
  },
];
