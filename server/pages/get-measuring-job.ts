import type { Database } from "../../db/client";
import { getCurrentRevision } from "../../db/queries/get-revision";
import { listAccelerators } from "../../db/queries/list-accelerators";
import { listCatalogueModels } from "../../db/queries/list-models";
import type { MeasuringRequest } from "../../lib/api/measuring-request";
import { namerOf } from "../../lib/explorer/name-stock";
import { measuringJob } from "../../lib/manifests/benchmark/measuring-job";
import { type Result, refused } from "../../lib/result";
import { publicUrl } from "../public-url";

/** The Job that measures a model on an accelerator, by the catalogue of the newest revision; or why there is none. */
export async function getMeasuringJob(
  db: Database,
  asked: MeasuringRequest,
): Promise<Result<{ name: string; yaml: string }>> {
  const revision = (await getCurrentRevision(db)).id;
  const [models, accelerators] = await Promise.all([listCatalogueModels(db, revision), listAccelerators(db, revision)]);
  const found = namerOf(accelerators)(asked.accelerator);
  if ("problem" in found) return refused(found.problem);
  const accelerator = accelerators.find(({ id }) => id === found.id);
  if (accelerator === undefined) return refused(`The accelerator ${found.id} is not in the catalogue.`);
  // A model the catalogue lacks can be measured all the same.
  const model = models.find(({ id }) => id === asked.model) ?? { id: asked.model, gated: null };
  return measuringJob({ ...asked, model, accelerator, address: publicUrl() });
}
