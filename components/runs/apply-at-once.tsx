"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { rawParams } from "@/lib/params/param";
import { parseRunQuery, runsPath } from "@/lib/params/run-params";

/** After the last letter of a search the list is asked for. */
const TYPING_MS = 350;

/** In the form of the list of runs, whose state is the address: what is chosen or typed holds at once, without its button. */
export function ApplyAtOnce() {
  const router = useRouter();
  const mark = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const form = mark.current?.closest("form");
    if (form == null) return;
    let timer: number | undefined;
    const go = () => {
      window.clearTimeout(timer);
      if (!form.checkValidity()) return;
      const asked = new URLSearchParams();
      for (const [name, value] of new FormData(form)) {
        if (typeof value === "string" && value.trim() !== "") asked.append(name, value.trim());
      }
      const { query, problems } = parseRunQuery(rawParams(asked));
      // What cannot be read is the server's to say.
      if (problems.length > 0) form.submit();
      else router.push(runsPath(query), { scroll: false });
    };
    const onChange = (event: Event) => {
      if (event.target instanceof HTMLInputElement && event.target.type === "search") return;
      go();
    };
    const onInput = (event: Event) => {
      if (!(event.target instanceof HTMLInputElement) || event.target.type !== "search") return;
      window.clearTimeout(timer);
      timer = window.setTimeout(go, TYPING_MS);
    };
    const onSubmit = (event: Event) => {
      event.preventDefault();
      go();
    };
    form.addEventListener("change", onChange);
    form.addEventListener("input", onInput);
    form.addEventListener("submit", onSubmit);
    return () => {
      window.clearTimeout(timer);
      form.removeEventListener("change", onChange);
      form.removeEventListener("input", onInput);
      form.removeEventListener("submit", onSubmit);
    };
  }, [router]);
  return <span ref={mark} hidden />;
}
