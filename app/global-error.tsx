"use client";

/** Where not even the frame of the pages could be made, so without its style sheet. */
export default function GlobalError({ reset }: { error: Error; reset: () => void }) {
  return (
    <html lang="en">
      <body style={{ colorScheme: "light dark", fontFamily: "sans-serif", margin: "4rem auto", maxWidth: "40rem" }}>
        <h1>This page could not be made.</h1>
        <p>The server’s log has the reason. Your data is as it was.</p>
        <button type="button" onClick={reset}>
          Try again
        </button>
      </body>
    </html>
  );
}
