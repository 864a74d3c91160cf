export default function NotFound() {
  return (
    <main className="mx-auto max-w-[720px] px-4 py-16">
      <h1 className="text-[26px]">There is nothing under this link.</h1>
      <p className="mt-2 text-muted">
        The share link, configuration or revision does not exist in this database. Links made on another server open
        there.
      </p>
      <p className="mt-4">
        <a className="link" href="/">
          Explore
        </a>
      </p>
    </main>
  );
}
