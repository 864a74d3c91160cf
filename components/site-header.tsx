import { formatCount } from "@/lib/format";

/** Name, the few pages, and which data one looks at. */
export function SiteHeader({ revision, loadPoints }: { revision: number; loadPoints: number }) {
  return (
    <header className="border-line border-b">
      <div className="mx-auto flex h-[48px] max-w-[1440px] items-center gap-4 px-4 sm:gap-7 sm:px-8">
        <a href="/" className="font-[650] tracking-[-0.01em]">
          Inference Quickstart
        </a>
        <nav aria-label="Pages" className="flex gap-4 text-muted sm:gap-5">
          <a href="/" className="hover:text-ink max-sm:hidden">
            Explore
          </a>
          <a href="/method" className="hover:text-ink">
            Method
          </a>
        </nav>
        <span className="ml-auto whitespace-nowrap text-[13px] text-muted max-sm:hidden">
          newest data: revision {formatCount(revision)} · {formatCount(loadPoints)} load points
        </span>
      </div>
    </header>
  );
}
