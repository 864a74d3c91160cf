import { z } from "zod";
import type { RunTarget } from "@/db/store/retire-runs";
import { runTask } from "@/server/worker/pool";
import { shortBody } from "./request-body";
import { taskRefusalResponse } from "./task-response";
import { writeRefusal } from "./write-guard";

const MAX_REASON_CHARACTERS = 500;

const Body = z.object({
  reason: z.string().trim().max(MAX_REASON_CHARACTERS).optional(),
  /** `1` is what the form's box sends. */
  sure: z.union([z.boolean(), z.literal("1")]).optional(),
});

/** A reason is a sentence. */
const MAX_BODY_BYTES = 16 * 1024;

/** Longer than a writer waits for another one. */
const TIME_LIMIT_MS = 150_000;

interface RetireRequest {
  /** `null` when there is no such run or ingest. */
  target: RunTarget | null;
  /** `run 5be9acb9429ea96a`, for messages and as the reason when none is given. */
  name: string;
  /** What has to be known first; then only a request that says it is sure is followed. */
  warning: string | null;
  /** Where a form is led afterwards. */
  back: string;
}

/**
 * Takes a run or all runs of an ingest back. The body is JSON, a form or empty; `reason` is optional. JSON is answered with
 * what was retired, a form is led to `back`; refusals are JSON, for a form one sentence.
 */
export async function answerRetire(
  request: Request,
  { target, name, warning, back }: RetireRequest,
): Promise<Response> {
  const refused = writeRefusal(request);
  const text = refused === null ? ((await shortBody(request, MAX_BODY_BYTES))?.toString("utf8") ?? null) : "";
  // curl calls whatever it sends a form: what looks like JSON is JSON.
  const isForm =
    /urlencoded/.test(request.headers.get("content-type") ?? "") && text?.trimStart().startsWith("{") !== true;
  const refuse = (status: number, error: string, headers: Readonly<Record<string, string>> = {}) =>
    isForm ? new Response(`${error}\n`, { status, headers }) : Response.json({ error }, { status, headers });

  if (refused !== null) return refuse(refused.status, refused.error, refused.headers);
  if (text === null) return refuse(413, `The body is larger than ${MAX_BODY_BYTES} bytes.`);
  if (target === null) return refuse(404, `There is no ${name}.`);
  let raw: unknown;
  try {
    raw = isForm ? Object.fromEntries(new URLSearchParams(text)) : text.trim() === "" ? {} : JSON.parse(text);
  } catch {
    return refuse(400, 'The body is not readable: send nothing, or JSON such as {"reason":"wrong server version"}.');
  }
  const body = Body.safeParse(raw);
  if (!body.success) return refuse(400, wrongField(body.error));
  if (warning !== null && (body.data.sure ?? false) === false) {
    return refuse(400, `${warning} Nothing was retired: send "sure": true with it.`);
  }
  const reason = body.data.reason === undefined || body.data.reason === "" ? `retire ${name}` : body.data.reason;
  const retired = await runTask(
    "retire",
    { target, reason, now: new Date() },
    {
      what: "Retiring",
      wayOut: "Nothing was retired: another program may be writing; try again.",
      timeLimitMs: TIME_LIMIT_MS,
    },
  );
  if (retired.kind === "refused" && isForm) return refuse(retired.status, retired.error);
  if (retired.kind === "refused") return taskRefusalResponse(retired);
  if (retired.kind === "abandoned") return refuse(400, "The request was broken off: nothing was retired.");
  const outcome = retired.output;
  // A relative Location keeps whatever name the browser reached this server by.
  if (isForm) return new Response(null, { status: 303, headers: { location: back } });
  if (outcome.runIds.length === 0) return refuse(409, `Nothing to retire: all of ${name} was retired before.`);
  const { revision, runIds, loadPoints } = outcome;
  return Response.json({ revision, runIds, loadPoints });
}

/** The first thing that is wrong with a body, in our words. */
function wrongField(error: z.ZodError): string {
  switch (error.issues[0]?.path[0]) {
    case "reason":
      return `reason: expected a text of at most ${MAX_REASON_CHARACTERS} characters.`;
    case "sure":
      return "sure: expected true or false.";
    default:
      return 'The body is no object: send nothing, or JSON such as {"reason":"wrong server version"}.';
  }
}
