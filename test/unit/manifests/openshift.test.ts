import { describe, expect, test } from "vitest";

import type { AskedOptions } from "../../../lib/manifests/options/manifest-options";
import { manifestTree } from "../../../lib/manifests/write/manifest-tree";
import { choice } from "./choice";
import { at, objectNamed, objectOfKind, objectsIn, refusalOf, yamlOf } from "./read-bundle";

function onOpenshift(asked: AskedOptions = {}): ReturnType<typeof choice> {
  return choice({ options: { platform: "openshift", namespace: "serving", ...asked } });
}

describe("OpenShift's own monitoring", () => {
  test("is what KEDA asks, with the token of an account that may read this namespace's metrics", () => {
    const yaml = yamlOf(onOpenshift({ autoscaler: "keda" }));
    const trigger = at(objectOfKind(yaml, "ScaledObject"), "spec", "triggers", 0);
    expect(trigger).toMatchObject({
      metadata: {
        serverAddress: "https://thanos-querier.openshift-monitoring.svc.cluster.local:9092",
        authModes: "bearer",
        namespace: "serving",
      },
    });
    const authentication = objectOfKind(yaml, "TriggerAuthentication");
    expect(at(trigger, "authenticationRef", "name")).toBe(at(authentication, "metadata", "name"));
    const secret = objectOfKind(yaml, "Secret");
    for (const [position, key] of ["token", "ca.crt"].entries()) {
      const target = at(authentication, "spec", "secretTargetRef", position);
      expect([at(target, "name"), at(target, "key")]).toEqual([at(secret, "metadata", "name"), key]);
    }
    const account = at(secret, "metadata", "annotations", "kubernetes.io/service-account.name");
    expect(account).toBe(at(objectOfKind(yaml, "ServiceAccount"), "metadata", "name"));
    const binding = objectOfKind(yaml, "RoleBinding");
    expect(at(binding, "subjects")).toEqual([{ kind: "ServiceAccount", name: account, namespace: "serving" }]);
    const role = objectNamed(yaml, "Role", String(at(binding, "roleRef", "name")));
    expect(at(role, "rules", 1)).toMatchObject({ apiGroups: ["metrics.k8s.io"], resources: ["pods", "nodes"] });
  });

  test("answers for one namespace, which has to be known", () => {
    expect(refusalOf(onOpenshift({ autoscaler: "keda", namespace: null }))).toContain("choose the namespace");
    expect(objectsIn(yamlOf(onOpenshift({ autoscaler: "hpa", namespace: null }))).length).toBeGreaterThan(3);
    const asked: AskedOptions = { platform: "generic", autoscaler: "keda" };
    const tree = manifestTree(choice({ options: asked }), asked);
    expect(tree.ok && tree.value.notes.join("\n")).toContain("No overlay for openshift: OpenShift's monitoring");
  });

  test("is asked by prometheus-adapter with a token too, which is said where an HPA needs it", () => {
    const header = yamlOf(onOpenshift({ autoscaler: "hpa" })).replaceAll(/\s+#\s+/g, " ");
    expect(header).toContain(
      "--prometheus-token-file of a service account with the ClusterRole cluster-monitoring-view",
    );
    expect(yamlOf(choice({ options: { platform: "generic", autoscaler: "hpa" } }))).not.toContain("thanos");
    // Pods carry no scrape annotations there, so no sentence may say they do.
    expect(yamlOf(onOpenshift({ autoscaler: "hpa", monitoring: "none" }))).not.toContain("prometheus.io/");
  });

  test("is let in by the NetworkPolicy from where it runs", () => {
    const policy = JSON.stringify(objectOfKind(yamlOf(onOpenshift({ networkPolicy: true })), "NetworkPolicy"));
    expect(policy).toContain('"values":["openshift-user-workload-monitoring"]');
    expect(policy).not.toContain('"monitoring"');
  });

  test("takes every object of a namespace, so none carries the label of another Prometheus", () => {
    const yaml = yamlOf(onOpenshift({ gateway: "istio" }));
    const monitors = objectsIn(yaml).filter((object) =>
      /^(?:PodMonitor|PrometheusRule)$/.test(`${at(object, "kind")}`),
    );
    expect(monitors).toHaveLength(3);
    for (const object of monitors) expect(at(object, "metadata", "labels", "release")).toBeUndefined();
    expect(yaml).toContain("a Grafana of your own");
  });
});

describe("OpenShift's admission", () => {
  test("finds no user id of our choice in any pod, the benchmark's neither", () => {
    const yaml = yamlOf(onOpenshift({ gateway: "istio", benchmarkJob: true, networkPolicy: true }));
    expect(objectsIn(yaml).map((object) => at(object, "kind"))).toContain("Job");
    expect(JSON.stringify(objectsIn(yaml))).not.toMatch(/runAsUser|runAsGroup|fsGroup/);
    expect(at(objectOfKind(yaml, "Job"), "spec", "template", "spec", "securityContext", "runAsNonRoot")).toBe(true);
  });
});
