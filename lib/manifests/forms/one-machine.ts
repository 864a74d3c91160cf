import type { V1EnvVar } from "@kubernetes/client-node";
import { isNvidia } from "../../catalogue/hosts";
import { ok, type Result, refused } from "../../result";
import { sharedMemoryGib } from "../objects/pod-resources";
import type { BundleContext } from "../plan/bundle-context";
import type { Choice } from "../plan/choice";
import { decideBundle } from "../plan/decide-bundle";
import { type Argument, argumentComment } from "../plan/served-weights";
import { CACHE_PATH } from "../storage/cache";
import { commented } from "../write/commented";
import { summaryLines } from "../write/manifest-header";
import { serialize } from "../write/yaml-serializer";
import type { FormText } from "./one-pod";
import { shellQuoted } from "./shell-quoted";

/** How one replica is started on one machine without Kubernetes. */
export const ONE_MACHINE_FORMS = ["docker", "compose", "command"] as const;
export type OneMachineForm = (typeof ONE_MACHINE_FORMS)[number];

/** Variables a pod needs and a shell has: the user's name, places of caches inside the image. */
const OF_POD: ReadonlySet<string> = new Set(["USER", "HOME", "HF_HOME", "HF_TOKEN", "VLLM_CACHE_ROOT", "HF_HUB_CACHE"]);

/** A file the server reads its options from, and where. */
interface OptionsFile {
  path: string;
  text: string;
}

/** What is started: the same as in the pod, without what only a pod needs. */
interface Start {
  context: BundleContext;
  arguments: readonly Argument[];
  environment: readonly { name: string; value: string }[];
  files: readonly OptionsFile[];
}

/**
 * One replica of a choice for a machine of one's own: `docker run`, a compose file, or the server's own command. The same image,
 * arguments and variables as in the manifest. Refused, with the reason, where a replica is more than one server on one machine.
 */
export function oneMachineText(choice: Choice, form: OneMachineForm): Result<FormText> {
  const start = startOf(choice);
  if (!start.ok) return start;
  const { context } = start.value;
  const { name } = context.identity;
  const notes = [...context.weights.notes, ...context.server.notes];
  switch (form) {
    case "docker":
      return ok({ name, file: `${name}.docker.sh`, text: dockerText(start.value), notes });
    case "compose":
      return ok({ name, file: `${name}.compose.yaml`, text: composeText(start.value), notes });
    case "command":
      return ok({ name, file: `${name}.sh`, text: commandText(start.value), notes });
  }
}

/** Why there is no such form of a choice, as a sentence; `null` where there is. Nothing is written. */
export function oneMachineRefusal(choice: Choice): string | null {
  const start = startOf(choice);
  return start.ok ? null : start.error;
}

function startOf(choice: Choice): Result<Start> {
  const decided = decideBundle(choice);
  if (!decided.ok) return decided;
  const context = decided.value;
  const { server, prefill, layout, storage } = context;
  if (prefill !== null)
    return refused("Prefill and decode apart take a router between servers: take the Kubernetes manifest.");
  if (server.operator !== undefined) {
    return refused(
      `${server.label} takes a frontend and a registry beside its workers, which its operator brings: take the Kubernetes manifest.`,
    );
  }
  if (server.group !== undefined) {
    return refused(
      "A replica of several machines takes something that starts it on each of them: take the Kubernetes manifest.",
    );
  }
  if (!storage.usesHub) {
    return refused("On a machine of one's own the weights come from the Hugging Face hub: choose that storage.");
  }
  const { accelerator } = choice;
  if (!isNvidia(accelerator) && accelerator.kubernetesResource !== "amd.com/gpu") {
    return refused(
      `How a container gets a ${accelerator.name} without Kubernetes is not written here: take the manifest.`,
    );
  }
  const files = server.objects.flatMap((object) => optionsFiles(object, context));
  const environment = [...storage.environment, ...server.environment].flatMap(plainVariable);
  const most = accelerator.hardware?.maximumPerMachine ?? null;
  if (most !== null && layout.accelerators > most) {
    return refused(`A machine has at most ${most} × ${accelerator.name}: take the Kubernetes manifest.`);
  }
  const unescaped = server.arguments.map((item) => ({ ...item, value: withoutKubernetesEscapes(item.value) }));
  return ok({ context, arguments: unescaped, environment, files });
}

/** Variables with a value; secrets and fields of the pod have none. */
function plainVariable({ name, value }: V1EnvVar): { name: string; value: string }[] {
  return value === undefined ? [] : [{ name, value: withoutKubernetesEscapes(value) }];
}

/** In a container's arguments and variables Kubernetes reads `$$` as `$`; nobody else does. */
function withoutKubernetesEscapes(text: string): string {
  return text.replaceAll("$$", () => "$");
}

/** Files of the ConfigMaps a server mounts, where it finds them. */
function optionsFiles(object: object, { server }: BundleContext): OptionsFile[] {
  const { kind, data, metadata } = object as {
    kind?: string;
    data?: Record<string, string>;
    metadata?: { name?: string };
  };
  if (kind !== "ConfigMap" || data === undefined) return [];
  const volume = server.volumes.find(({ configMap }) => configMap?.name === metadata?.name);
  const mount = server.volumeMounts.find((item) => item.name === volume?.name);
  if (mount === undefined) return [];
  return Object.entries(data).map(([file, text]) => ({ path: `${mount.mountPath}/${file}`, text }));
}

/** What each argument is there for, as comment lines. */
function argumentLines({ arguments: items }: Start): string[] {
  return items.flatMap((item) => {
    const comment = argumentComment(item);
    return comment === undefined ? [] : [`${item.value}: ${comment}`];
  });
}

function comments(lines: readonly string[]): string {
  return lines.map((line) => (line === "" ? "#" : `# ${line.replaceAll(/[\r\n]+/g, " ")}`)).join("\n");
}

/** Words of a command, one option a line. */
function continued(first: string, options: readonly string[]): string {
  return [first, ...options.map((option) => `  ${option}`)].join(" \\\n");
}

/** Flags, and the values that belong to the flag before them on its line. */
function argumentWords({ arguments: items }: Start): string[] {
  const lines: string[] = [];
  for (const { value, origin } of items) {
    const last = lines.length - 1;
    if (origin === null && last >= 0) lines[last] = `${lines[last]} ${shellQuoted(value)}`;
    else lines.push(shellQuoted(value));
  }
  return lines;
}

function header(start: Start, how: readonly string[]): string {
  const { context } = start;
  return comments([
    ...summaryLines(context),
    "",
    "One replica on one machine. Where each argument comes from:",
    ...argumentLines(start),
    ...(context.server.leftOut.length === 0 ? [] : ["", ...context.server.leftOut]),
    "",
    ...how,
  ]);
}

/** Commands that write the server's options files into a folder. */
function fileCommands(files: readonly OptionsFile[], pathOf: (file: OptionsFile) => string): string[] {
  return files.map(
    (file) => `cat > ${shellQuoted(pathOf(file))} <<'END_OF_OPTIONS'\n${file.text.replace(/\n?$/, "\n")}END_OF_OPTIONS`,
  );
}

function baseName({ path }: OptionsFile): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function deviceFlags({ choice, layout }: BundleContext): string[] {
  if (isNvidia(choice.accelerator)) return [`--gpus=${layout.accelerators}`];
  const visible = Array.from({ length: layout.accelerators }, (_, index) => index).join(",");
  return ["--device=/dev/kfd", "--device=/dev/dri", "--group-add=video", `--env=HIP_VISIBLE_DEVICES=${visible}`];
}

function dockerText(start: Start): string {
  const { context, environment, files } = start;
  const { server, stop, identity } = context;
  const options = [
    "--rm",
    `--name=${identity.name}`,
    ...deviceFlags(context),
    `--shm-size=${sharedMemoryGib(context.layout)}g`,
    `--stop-timeout=${stop.graceSeconds}`,
    `--publish=${server.port}:${server.port}`,
    "--env=HF_TOKEN",
    ...environment.map(({ name, value }) => shellQuoted(`--env=${name}=${value}`)),
    `--volume=inference-quickstart-cache:${CACHE_PATH}`,
    ...files.map((file) => `--volume="$PWD/${baseName(file)}:${file.path}:ro"`),
    `--entrypoint=${shellQuoted(server.command[0] ?? "")}`,
    shellQuoted(server.image.reference),
    ...server.command.slice(1).map(shellQuoted),
    ...argumentWords(start),
  ];
  const how = [
    "The weights are kept in the volume inference-quickstart-cache; HF_TOKEN is passed on where it is set.",
    `Test: curl -s http://localhost:${server.port}/v1/models`,
  ];
  return `#!/bin/sh\n${header(start, how)}\nset -e\n${[...fileCommands(files, baseName), continued("docker run", options)].join("\n")}\n`;
}

function commandText(start: Start): string {
  const { context, environment, files } = start;
  const { server } = context;
  const variables = environment.filter(({ name }) => !OF_POD.has(name));
  const how = [
    `Needs ${server.label} ${server.image.tag} installed as in the image ${server.image.reference}.`,
    ...(files.length === 0
      ? []
      : ["The files of options are written where the image has them; change the paths together."]),
  ];
  const command = continued(server.command.map(shellQuoted).join(" "), argumentWords(start));
  const exports = variables.map(({ name, value }) => `export ${name}=${shellQuoted(value)}`);
  return `#!/bin/sh\n${header(start, how)}\nset -e\n${[...fileCommands(files, ({ path }) => path), ...exports, command].join("\n")}\n`;
}

/** What compose replaces by the variable of the shell, empty where there is none. */
const PASSED_ON = ["$", "{HF_TOKEN:-}"].join("");

/** In a compose file `$` begins a variable. */
function composed(text: string): string {
  return text.replaceAll("$", () => "$$");
}

function composeText(start: Start): string {
  const { context, environment, files } = start;
  const { server, stop, layout, choice, startup, identity } = context;
  const values = start.arguments.map(({ value }) => composed(value));
  const argumentList = commented(values, start.arguments.map(argumentComment));
  const accelerators = isNvidia(choice.accelerator)
    ? {
        deploy: {
          resources: {
            reservations: { devices: [{ driver: "nvidia", count: layout.accelerators, capabilities: ["gpu"] }] },
          },
        },
      }
    : { devices: ["/dev/kfd", "/dev/dri"], group_add: ["video"] };
  const variables = Object.fromEntries([
    ["HF_TOKEN", PASSED_ON],
    ...environment.map(({ name, value }): [string, string] => [name, composed(value)]),
    ...(isNvidia(choice.accelerator)
      ? []
      : [["HIP_VISIBLE_DEVICES", Array.from({ length: layout.accelerators }, (_, index) => index).join(",")]]),
  ]);
  const probe = `import urllib.request; urllib.request.urlopen("http://localhost:${server.port}${server.probes.readiness}", timeout=2)`;
  const compose = {
    name: identity.name,
    services: {
      [server.name]: {
        image: server.image.reference,
        entrypoint: [...server.command].map(composed),
        command: argumentList,
        environment: variables,
        ports: [`${server.port}:${server.port}`],
        shm_size: `${sharedMemoryGib(layout)}gb`,
        stop_grace_period: `${stop.graceSeconds}s`,
        restart: "unless-stopped",
        ...accelerators,
        volumes: [`cache:${CACHE_PATH}`],
        ...(files.length === 0
          ? {}
          : { configs: files.map((file) => ({ source: configName(file), target: file.path })) }),
        healthcheck: commented(
          {
            test: ["CMD", "python3", "-c", probe],
            interval: "10s",
            timeout: "5s",
            start_period: `${startup.seconds}s`,
          },
          { start_period: startup.derivation },
        ),
      },
    },
    ...(files.length === 0
      ? {}
      : { configs: Object.fromEntries(files.map((file) => [configName(file), { content: composed(file.text) }])) }),
    volumes: { cache: commented({ name: "inference-quickstart-cache" }, { name: "weights and compiled programs" }) },
  };
  const lines = [
    ...summaryLines(context),
    "",
    "One replica on one machine. HF_TOKEN is passed on where it is set.",
    `  docker compose -f ${identity.name}.compose.yaml up`,
    `  curl -s http://localhost:${server.port}/v1/models`,
  ];
  return serialize([compose], lines.join("\n"));
}

function configName(file: OptionsFile): string {
  return baseName(file).replaceAll(/[^a-zA-Z0-9]+/g, "-");
}
