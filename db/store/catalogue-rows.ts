import { z } from "zod";
import {
  type Accelerator,
  type AcceleratorHardware,
  HOST_ARCHITECTURES,
  type Machine,
  type Model,
  PRICE_KINDS,
  type Price,
} from "../../lib/catalogue/catalogue";
import { USUAL_MACHINE } from "../../lib/catalogue/hosts";
import { checkpointsFromText, colourFromText, cpuModelFromText, listFromText } from "../column-types";

/** The rows of the catalogue's files: the text of each cell, under the name of its field, to the value of the domain. */

const required = z.string().min(1);
const optionalText = z.string().transform((text) => (text === "" ? null : text));
const positive = z.coerce.number().positive();
const optionalPositive = z.string().transform((text, context) => {
  if (text === "") return null;
  const parsed = positive.safeParse(text);
  if (parsed.success) return parsed.data;
  context.addIssue({ code: "custom", message: `expected a number above 0, found ${text}` });
  return z.NEVER;
});
const count = z.coerce.number().int().positive();
const wholeNumber = z.string().transform(Number).pipe(z.number().int().positive());

/** A column that may be empty, and may be missing: then it is empty in every row. */
function columnOr<T>(otherwise: string, schema: z.ZodType<T, string>) {
  return z
    .string()
    .default("")
    .transform((text) => (text === "" ? otherwise : text))
    .pipe(schema);
}

/** Two texts or more, separated by `;`, read as one value. */
function structured<T>(expected: string, read: (text: string) => T | null) {
  return z.string().transform((text, context) => {
    if (text === "") return null;
    const value = read(text);
    if (value !== null) return value;
    context.addIssue({ code: "custom", message: `expected ${expected}, found ${text}` });
    return z.NEVER;
  });
}

const yesOrNo = z.enum(["yes", "no"]).transform((text) => text === "yes");

export const acceleratorRow: z.ZodType<Omit<Accelerator, "hardware">> = z.object({
  id: required,
  name: required,
  shortName: required,
  vendor: required,
  memoryGib: optionalPositive,
  memoryBandwidthGbPerSecond: optionalPositive,
  bf16Tflops: optionalPositive,
  fp8Tflops: optionalPositive,
  fp4Tflops: optionalPositive,
  tdpWatts: optionalPositive,
  interconnect: optionalText,
  kubernetesResource: optionalText,
  gkeNodeLabel: optionalText,
  gkeAcceleratorLabel: optionalText,
  aliases: z.string().transform(listFromText),
  source: required,
  notes: optionalText,
});

/** What placing pods and choosing images needs: columns of the same file. */
export const hardwareRow: z.ZodType<Omit<AcceleratorHardware, "machines">> = z.object({
  architecture: columnOr("", optionalText),
  maximumPerMachine: columnOr(String(USUAL_MACHINE), wholeNumber),
  podCpu: columnOr("", optionalPositive),
  podMemoryGib: columnOr("", optionalPositive),
  hostArchitecture: columnOr("amd64", z.enum(HOST_ARCHITECTURES)),
  isNvlinkRack: columnOr("no", yesOrNo),
  kubernetesDevices: columnOr("1", wholeNumber),
  serverDevices: columnOr("1", wholeNumber),
  computeCapability: columnOr("", optionalText),
  productName: columnOr("", optionalText),
  pciDeviceIds: columnOr("", z.string().transform(listFromText)),
  karpenterName: columnOr("", optionalText),
  karpenterMemoryMib: columnOr("", optionalPositive),
  cpuModel: columnOr("", structured("vendor;family;model", cpuModelFromText)),
  socketThreads: columnOr("", optionalPositive),
  colour: columnOr("", structured("a colour on light;a colour on dark", colourFromText)),
});

export const machineRow: z.ZodType<Machine> = z.object({
  seller: required,
  type: required,
  accelerator: required,
  accelerators: count,
  cpu: positive,
  memoryGib: positive,
  source: required,
});

export const modelRow: z.ZodType<Model> = z.object({
  id: required,
  displayName: required,
  family: optionalText,
  totalParametersBillions: optionalPositive,
  activeParametersBillions: optionalPositive,
  contextLengthTokens: optionalPositive,
  weightsPrecision: optionalText,
  weightBytes: optionalPositive,
  quantisedCheckpoints: z
    .string()
    .regex(/^([^=;\s]+=[^=;\s]+(;[^=;\s]+=[^=;\s]+)*)?$/, "expected precision=owner/name, several separated by ;")
    .default("")
    .transform(checkpointsFromText),
  licence: optionalText,
  gated: z.union([z.literal("").transform(() => null), yesOrNo]),
  source: required,
});

export const offerRow: z.ZodType<Omit<Price, "priceId">> = z.object({
  provider: required,
  instanceType: optionalText,
  region: optionalText,
  acceleratorId: required,
  acceleratorCount: count,
  usdPerHour: positive,
  kind: z.enum(PRICE_KINDS),
  acceleratorOnly: yesOrNo,
  asOf: optionalText,
  source: required,
  notes: optionalText,
});
