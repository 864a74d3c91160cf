import type { Machine } from "../../catalogue/catalogue";
import { architectureOf, isNeuron, isTpu } from "../../catalogue/hosts";
import { AMAZON } from "../../catalogue/machines";
import { ok, type Result, refused } from "../../result";
import { shortened } from "../objects/kubernetes-names";
import { claimsDevices } from "../options/manifest-options";
import type { BundleContext } from "../plan/bundle-context";
import type { Choice } from "../plan/choice";
import { decideBundle } from "../plan/decide-bundle";
import { podsPerReplica, type ReplicaLayout } from "../plan/replica-layout";
import { platformNames } from "../platforms/all";
import { GOOGLE_CLOUD } from "../platforms/google-cloud";
import { firstMachines, machinesForPods, machinesOf, spareNotes } from "../platforms/instance-types";
import type { Platform } from "../platforms/platform";
import { shellWord } from "../write/shell-commands";
import type { FormText } from "./one-pod";

export const MACHINE_FORMS = ["node-pool", "terraform"] as const;
export type MachineForm = (typeof MACHINE_FORMS)[number];

/** Node pools of GKE have at most 39 characters, node groups of EKS 63. */
const POOL_NAME_CHARACTERS = 39;
/** System, the server's image twice (compressed and unpacked), logs. */
const NODE_DISK_GIB = 100;
/** Azure's own default, which holds the same. */
const AZURE_DISK_GIB = 128;
/** Node pool names of AKS have at most twelve letters and digits. */
const AZURE_POOL_NAME = "gpu";

/** The machines of a bundle, decided. */
interface Pool {
  context: BundleContext;
  name: string;
  machine: Machine;
  /** Machines to begin with, and at most where something scales them. */
  first: number;
  most: number;
  scales: boolean;
  diskGib: number;
  /** On machines that attach nothing else. */
  hyperdisk: boolean;
}

/** What each seller's two forms are made of. */
interface PoolWriter {
  script(pool: Pool): string[];
  variables: readonly string[];
  terraform(pool: Pool): string;
  terraformVariables: readonly [name: string, type: string, description: string][];
}

function most(context: BundleContext, acceleratorsPerMachine: number): number {
  const pods = (layout: ReplicaLayout, replicas: number) =>
    machinesForPods(replicas * podsPerReplica(layout), layout, acceleratorsPerMachine);
  const { scaling, layout, prefill } = context;
  return pods(layout, scaling.maximum) + (prefill === null ? 0 : pods(prefill.layout, prefill.scaling.maximum));
}

/** A Terraform string: what it interpolates is written twice. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll("${", "$${").replaceAll("%{", "%%{");
}

/** `name = value` lines with their equal signs below each other, as terraform fmt has them. */
function assigned(indent: string, entries: readonly (readonly [string, string])[]): string {
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries.map(([name, value]) => `${indent}${name.padEnd(width)} = ${value}`).join("\n");
}

/** GKE's drivers come with the pool, or not at all where claims are made by a DRA driver. */
function googleDriver(context: BundleContext): { version: string; labels: Record<string, string> } {
  return claimsDevices(context.options)
    ? { version: "disabled", labels: { "gke-no-default-nvidia-gpu-device-plugin": "true" } }
    : { version: "default", labels: {} };
}

const TERRAFORM_DRIVER: Record<string, string> = {
  default: "DEFAULT",
  disabled: "INSTALLATION_DISABLED",
};

const google: PoolWriter = {
  variables: ["CLUSTER", "LOCATION", "ZONE"],
  script({ context, name, machine, first, most: maximum, scales, diskGib, hyperdisk }) {
    const driver = googleDriver(context);
    const labels = Object.entries(driver.labels).map(([key, value]) => `${key}=${value}`);
    return [
      `gcloud container node-pools create ${name}`,
      '--cluster="$CLUSTER"',
      '--location="$LOCATION"',
      '--node-locations="$ZONE"',
      `--machine-type=${machine.type}`,
      `--accelerator=type=${context.choice.accelerator.gkeAcceleratorLabel},count=${machine.accelerators},gpu-driver-version=${driver.version}`,
      `--num-nodes=${first}`,
      ...(scales ? ["--enable-autoscaling", `--min-nodes=${first}`, `--max-nodes=${maximum}`] : []),
      `--disk-size=${diskGib}`,
      `--disk-type=${hyperdisk ? "hyperdisk-balanced" : "pd-balanced"}`,
      "--enable-gvnic",
      ...(labels.length === 0 ? [] : [`--node-labels=${labels.join(",")}`]),
    ];
  },
  terraformVariables: [
    ["cluster", "string", "Name of the GKE cluster"],
    ["location", "string", "Its region or zone"],
    ["zone", "string", "Zone that has the machines"],
  ],
  terraform({ context, name, machine, first, most: maximum, scales, diskGib, hyperdisk }) {
    const driver = googleDriver(context);
    const labels = Object.entries(driver.labels);
    return [
      `resource "google_container_node_pool" "model_server" {`,
      assigned("  ", [
        ["name", quoted(name)],
        ["cluster", "var.cluster"],
        ["location", "var.location"],
        ["node_locations", "[var.zone]"],
        ...(scales ? ([["initial_node_count", String(first)]] as const) : ([["node_count", String(first)]] as const)),
      ]),
      ...(scales
        ? [
            "",
            "  autoscaling {",
            assigned("    ", [
              ["min_node_count", String(first)],
              ["max_node_count", String(maximum)],
            ]),
            "  }",
          ]
        : []),
      "",
      "  node_config {",
      assigned("    ", [
        ["machine_type", quoted(machine.type)],
        ["disk_size_gb", String(diskGib)],
        ["disk_type", quoted(hyperdisk ? "hyperdisk-balanced" : "pd-balanced")],
        ["oauth_scopes", '["https://www.googleapis.com/auth/cloud-platform"]'],
        ...(labels.length === 0
          ? []
          : ([
              ["labels", `{ ${labels.map(([key, value]) => `${quoted(key)} = ${quoted(value)}`).join(", ")} }`],
            ] as const)),
      ]),
      "",
      "    guest_accelerator {",
      assigned("      ", [
        ["type", quoted(context.choice.accelerator.gkeAcceleratorLabel ?? "")],
        ["count", String(machine.accelerators)],
      ]),
      "",
      "      gpu_driver_installation_config {",
      `        gpu_driver_version = ${quoted(TERRAFORM_DRIVER[driver.version] ?? "DEFAULT")}`,
      "      }",
      "    }",
      "",
      "    gvnic {",
      "      enabled = true",
      "    }",
      "  }",
      "",
      "  management {",
      assigned("    ", [
        ["auto_repair", "true"],
        ["auto_upgrade", "true"],
      ]),
      "  }",
      "}",
    ].join("\n");
  },
};

/** The image of Amazon Linux with the driver of these machines. */
function amazonImage({ context }: Pool): string {
  const { accelerator } = context.choice;
  if (isNeuron(accelerator)) return "AL2023_x86_64_NEURON";
  return architectureOf(accelerator) === "arm64" ? "AL2023_ARM_64_NVIDIA" : "AL2023_x86_64_NVIDIA";
}

const amazon: PoolWriter = {
  variables: ["CLUSTER", "REGION"],
  script: ({ name, machine, first, most: maximum, scales, diskGib }) => [
    "eksctl create nodegroup",
    '--cluster="$CLUSTER"',
    '--region="$REGION"',
    `--name=${name}`,
    `--node-type=${machine.type}`,
    `--nodes=${first}`,
    ...(scales ? [`--nodes-min=${first}`, `--nodes-max=${maximum}`] : []),
    `--node-volume-size=${diskGib}`,
  ],
  terraformVariables: [
    ["cluster", "string", "Name of the EKS cluster"],
    ["node_role_arn", "string", "Role of the nodes"],
    ["subnet_ids", "list(string)", "Subnets in zones that have the machines"],
  ],
  terraform: (pool) =>
    [
      `resource "aws_eks_node_group" "model_server" {`,
      assigned("  ", [
        ["cluster_name", "var.cluster"],
        ["node_group_name", quoted(pool.name)],
        ["node_role_arn", "var.node_role_arn"],
        ["subnet_ids", "var.subnet_ids"],
        ["instance_types", `[${quoted(pool.machine.type)}]`],
        ["ami_type", quoted(amazonImage(pool))],
        ["disk_size", String(pool.diskGib)],
      ]),
      "",
      "  scaling_config {",
      assigned("    ", [
        ["desired_size", String(pool.first)],
        ["min_size", String(pool.first)],
        ["max_size", String(pool.scales ? pool.most : pool.first)],
      ]),
      "  }",
      "",
      "  update_config {",
      "    max_unavailable = 1",
      "  }",
      "}",
    ].join("\n"),
};

const azure: PoolWriter = {
  variables: ["CLUSTER", "GROUP"],
  script: ({ machine, first, most: maximum, scales, diskGib }) => [
    "az aks nodepool add",
    '--cluster-name "$CLUSTER"',
    '--resource-group "$GROUP"',
    `--name ${AZURE_POOL_NAME}`,
    `--node-vm-size ${machine.type}`,
    `--node-count ${first}`,
    ...(scales ? ["--enable-cluster-autoscaler", `--min-count ${first}`, `--max-count ${maximum}`] : []),
    `--node-osdisk-size ${diskGib}`,
    "--node-taints sku=gpu:NoSchedule",
  ],
  terraformVariables: [["cluster_id", "string", "Id of the AKS cluster"]],
  terraform: ({ machine, first, most: maximum, scales, diskGib }) =>
    [
      `resource "azurerm_kubernetes_cluster_node_pool" "model_server" {`,
      assigned("  ", [
        ["name", quoted(AZURE_POOL_NAME)],
        ["kubernetes_cluster_id", "var.cluster_id"],
        ["vm_size", quoted(machine.type)],
        ["node_count", String(first)],
        ...(scales
          ? ([
              ["auto_scaling_enabled", "true"],
              ["min_count", String(first)],
              ["max_count", String(maximum)],
            ] as const)
          : []),
        ["os_disk_size_gb", String(diskGib)],
        ["node_taints", '["sku=gpu:NoSchedule"]'],
      ]),
      "}",
    ].join("\n"),
};

/** By the platform's seller: who sells machines by a type and takes node pools of them. */
const WRITERS: Readonly<Record<string, PoolWriter>> = { [GOOGLE_CLOUD.id]: google, [AMAZON.id]: amazon, azure };

/** Platforms that make nodes by themselves have no pools to make. */
function hasPools(platform: Platform): boolean {
  return platform.seller !== null && platform.makesNodes !== true && platform.seller.id in WRITERS;
}

function poolOf(choice: Choice): Result<{ pool: Pool; writer: PoolWriter; notes: string[] }> {
  const decided = decideBundle(choice);
  if (!decided.ok) return decided;
  const context = decided.value;
  const { platform, layout, identity, storage } = context;
  const { accelerator } = choice;
  const { seller } = platform;
  const writer = seller === null ? undefined : WRITERS[seller.id];
  if (seller === null || writer === undefined || !hasPools(platform)) {
    return refused(
      `On ${platform.label} there is no node pool to make from here: machines are written for ${platformNames(hasPools, "and")}.`,
    );
  }
  if (isTpu(accelerator)) {
    return refused(
      "The machine types of Google's TPU slices are not in the catalogue: make the node pool by Google's guide.",
    );
  }
  const machines = machinesOf(seller, accelerator, layout);
  if (!machines.ok) return machines;
  const [machine] = machines.value;
  const disk = seller.id === "azure" ? AZURE_DISK_GIB : NODE_DISK_GIB;
  const first = firstMachines(context, machine.accelerators);
  const maximum = most(context, machine.accelerators);
  return ok({
    writer,
    pool: {
      context,
      name: shortened(identity.name, POOL_NAME_CHARACTERS),
      machine,
      first,
      most: maximum,
      scales: choice.options.autoscaler !== "none" && maximum > first,
      diskGib: disk + storage.nodeDiskGib,
      hyperdisk: platform.storageClass(accelerator)?.name.includes("hyperdisk") === true,
    },
    notes: [
      ...spareNotes(accelerator, layout, machine),
      "Machines with the newest accelerators are often sold by reservation or in blocks alone: where the seller has none on demand, name the reservation beside the type.",
    ],
  });
}

function comments(lines: readonly string[]): string {
  return lines.map((line) => (line === "" ? "#" : `# ${line.replaceAll(/[\r\n]+/g, " ")}`)).join("\n");
}

function summary({ context, machine, first, most: maximum, scales }: Pool, notes: readonly string[]): string[] {
  const { accelerator, configuration } = context.choice;
  return [
    `Machines for ${configuration.model} on ${accelerator.name}, made by Inference Quickstart: ${first}${scales ? ` to ${maximum}` : ""} × ${machine.type} with ${machine.accelerators} × ${accelerator.shortName}, ${machine.cpu} CPUs and ${machine.memoryGib} GiB each (${machine.source}).`,
    `${context.scaling.minimumReason}.`,
    ...notes,
  ];
}

/**
 * The machines of a choice: a node pool as its seller's own command, or as Terraform. As many as the manifest's pods need, of the
 * smallest type that holds one.
 */
export function nodePoolText(choice: Choice, form: MachineForm): Result<FormText> {
  const made = poolOf(choice);
  if (!made.ok) return made;
  const { pool, writer, notes } = made.value;
  const { name } = pool.context.identity;
  const top = comments(summary(pool, notes));
  if (form === "node-pool") {
    const known = pool.context.options.clusterName;
    const variables = writer.variables.map((variable) =>
      variable === "CLUSTER" && known !== null && shellWord(known, "") !== ""
        ? `CLUSTER=${known}`
        : `: "\${${variable}:?set ${variable}}"`,
    );
    const command = writer.script(pool).join(" \\\n  ");
    return ok({
      name,
      file: `${name}.node-pool.sh`,
      text: `#!/bin/sh\n${top}\nset -eu\n${variables.join("\n")}\n${command}\n`,
      notes,
    });
  }
  const variables = writer.terraformVariables.map(
    ([variable, type, description]) =>
      `variable "${variable}" {\n${assigned("  ", [
        ["type", type],
        ["description", quoted(description)],
      ])}\n}`,
  );
  return ok({
    name,
    file: `${name}.tf`,
    text: `${top}\n\n${[...variables, writer.terraform(pool)].join("\n\n")}\n`,
    notes,
  });
}
