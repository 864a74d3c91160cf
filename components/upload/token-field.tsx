import { useEffect, useId, useRef, useState } from "react";

/** Key in the tab's session storage, which is gone when the tab is closed. */
const STORAGE_KEY = "iq-token";

/** The server's token as typed in this tab. */
export function useToken(): [token: string, setToken: (token: string) => void] {
  const [token, setToken] = useState("");
  useEffect(() => setToken(window.sessionStorage.getItem(STORAGE_KEY) ?? ""), []);
  return [
    token,
    (next) => {
      if (next === "") window.sessionStorage.removeItem(STORAGE_KEY);
      else window.sessionStorage.setItem(STORAGE_KEY, next);
      setToken(next);
    },
  ];
}

/** Asks once for the token writes need. */
export function TokenField({
  token,
  onToken,
  refused,
}: {
  token: string;
  onToken: (token: string) => void;
  refused: boolean;
}) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (refused) field.current?.focus();
  }, [refused]);
  return (
    <form className="mb-4" onSubmit={(event) => event.preventDefault()} data-token="">
      <label htmlFor={id} className="block font-semibold">
        Token
      </label>
      <input
        ref={field}
        id={id}
        type="password"
        autoComplete="off"
        spellCheck={false}
        className="field mt-0.5 w-full max-w-[420px]"
        value={token}
        aria-invalid={refused}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onToken(event.target.value.trim())}
      />
      <p id={`${id}-hint`} className="mt-0.5 text-[13px] text-muted">
        {refused && token !== ""
          ? "The server refused it: it takes what its IQ_TOKEN says."
          : "This server takes reports with its token (IQ_TOKEN) only. Kept in this tab until it is closed."}
      </p>
    </form>
  );
}
