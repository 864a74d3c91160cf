import { database } from "@/db/client";
import { getRun } from "@/db/queries/get-run";
import { answerRetire } from "../../../retire";

/** Takes one run back: from a new revision on it is not valid. */
export async function POST(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const { id } = await params;
  const run = await getRun(await database(), id);
  return answerRetire(request, {
    target: run === null ? null : { runIds: [id] },
    name: `run ${id.slice(0, 64)}`,
    warning: null,
    back: `/runs/${encodeURIComponent(id)}`,
  });
}
