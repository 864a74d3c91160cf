"use client";

import { Command } from "cmdk";
import { Dialog } from "radix-ui";
import { useEffect, useState } from "react";
import { recentQuestions } from "./recent-questions";

export interface PaletteProps {
  shows: "commands" | "shortcuts";
  onClose: () => void;
}

const PAGES: [label: string, href: string][] = [
  ["Explore", "/"],
  ["Models × accelerators", "/table"],
  ["Side by side", "/compare"],
  ["Runs", "/runs"],
  ["Ingests", "/runs/ingests"],
  ["Add reports", "/upload"],
  ["Your cluster", "/cluster"],
  ["Method", "/method"],
];

const SHORTCUTS: [keys: string, does: string][] = [
  ["Ctrl K, ⌘ K", "find a page, a model or a question you asked"],
  ["?", "these shortcuts"],
  ["c", "compare the row or point under pointer or focus, or take it out again"],
  ["Tab", "to the chart's points, then its limit; arrows go from point to point"],
  ["Enter", "on a point: open its configuration"],
  ["↑ ↓", "on the limit: 5% more or less; with Shift 1%, Page keys 25%, Home and End the ends of the axis"],
  ["Alt ←", "undo the last step of the question"],
  ["Esc", "close what is open"],
];

interface FoundModel {
  id: string;
  displayName: string;
}

/** Models there are figures of. Without them the palette still has its pages. */
async function readModels(): Promise<FoundModel[]> {
  const response = await fetch("/api/v1/models");
  const body: unknown = await response.json();
  if (typeof body !== "object" || body === null || !("models" in body) || !Array.isArray(body.models)) return [];
  return body.models.filter(
    (item: unknown): item is FoundModel =>
      typeof item === "object" &&
      item !== null &&
      "id" in item &&
      typeof item.id === "string" &&
      "displayName" in item &&
      typeof item.displayName === "string",
  );
}

/** Everything there is to go to, by typing; or the keys there are. */
export function Palette({ shows, onClose }: PaletteProps) {
  return (
    <Dialog.Root
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/30" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-[12vh] left-1/2 z-50 max-h-[76vh] w-[min(560px,calc(100vw-24px))] -translate-x-1/2 overflow-auto rounded-xl border border-line bg-page p-3 shadow-lg"
        >
          <Dialog.Title className={shows === "commands" ? "sr-only" : "px-2 font-semibold text-[17px]"}>
            {shows === "commands" ? "Go to" : "Keys"}
          </Dialog.Title>
          {shows === "commands" ? <Commands onClose={onClose} /> : <Shortcuts />}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Commands({ onClose }: Pick<PaletteProps, "onClose">) {
  const [models, setModels] = useState<FoundModel[]>([]);
  const [questions] = useState(recentQuestions);
  useEffect(() => {
    readModels().then(setModels, () => setModels([]));
  }, []);
  function go(href: string) {
    onClose();
    window.location.assign(href);
  }
  const item = "cursor-pointer rounded-md px-2 py-1.5 data-[selected=true]:bg-soft";
  return (
    <Command label="Go to" className="text-[14px]">
      <Command.Input autoFocus placeholder="A page, a model, a question you asked" className="field w-full" />
      <Command.List className="mt-2">
        <Command.Empty className="px-2 py-3 text-muted">Nothing of that name.</Command.Empty>
        {questions.length > 0 && (
          <Command.Group heading="Asked before">
            {questions.map(({ title, address }) => (
              <Command.Item key={address} value={`${title} ${address}`} className={item} onSelect={() => go(address)}>
                {title}
              </Command.Item>
            ))}
          </Command.Group>
        )}
        <Command.Group heading="Pages">
          {PAGES.map(([label, href]) => (
            <Command.Item key={href} value={`page ${label}`} className={item} onSelect={() => go(href)}>
              {label}
            </Command.Item>
          ))}
        </Command.Group>
        {models.length > 0 && (
          <Command.Group heading="Models">
            {models.map(({ id, displayName }) => (
              <Command.Item
                key={id}
                value={`${displayName} ${id}`}
                className={item}
                onSelect={() => go(`/?model=${encodeURIComponent(id).replaceAll("%2F", "/")}`)}
              >
                {displayName}
                <span className="ml-2 text-[12px] text-muted">{id}</span>
              </Command.Item>
            ))}
          </Command.Group>
        )}
      </Command.List>
    </Command>
  );
}

function Shortcuts() {
  return (
    <dl className="mt-2 grid grid-cols-[auto_minmax(0,1fr)] gap-x-5 gap-y-2 px-2 pb-1 text-[14px]">
      {SHORTCUTS.map(([keys, does]) => (
        <div key={keys} className="contents">
          <dt className="font-mono text-[13px] whitespace-nowrap">{keys}</dt>
          <dd className="text-muted">{does}</dd>
        </div>
      ))}
    </dl>
  );
}
