"use client";

export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main className="mx-auto max-w-[720px] px-4 py-16">
      <h1 className="text-[26px]">This page could not be made.</h1>
      <p className="mt-2 text-muted">
        The server’s log has the reason{error.digest === undefined ? "" : ` under ${error.digest}`}. Your data is
        untouched.
      </p>
      <button type="button" className="button mt-4" onClick={reset}>
        Try again
      </button>
    </main>
  );
}
