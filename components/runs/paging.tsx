import { formatCount } from "@/lib/format";

/** Which page of how many, and the way to its neighbours. Nothing where there is only one. */
export function Paging({ page, pages, hrefOf }: { page: number; pages: number; hrefOf: (page: number) => string }) {
  if (pages <= 1) return null;
  return (
    <nav aria-label="Pages of the list" className="mt-4 flex items-center gap-4 text-[13px]">
      {page > 1 && (
        <a className="link" rel="prev" href={hrefOf(page - 1)}>
          ← Newer
        </a>
      )}
      <span className="text-muted">
        Page {formatCount(page)} of {formatCount(pages)}
      </span>
      {page < pages && (
        <a className="link" rel="next" href={hrefOf(page + 1)}>
          Older →
        </a>
      )}
    </nav>
  );
}
