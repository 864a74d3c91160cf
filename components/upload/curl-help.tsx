/** How a benchmark job sends its own results at its end. */
export function CurlHelp({ address, needsToken }: { address: string; needsToken: boolean }) {
  const token = needsToken ? ' -H "Authorization: Bearer $IQ_TOKEN"' : "";
  const endpoint = `${address}/api/v1/reports`;
  const lines: [label: string, command: string][] = [
    [
      "One file, with what it does not say",
      `curl --fail-with-body${token} --data-binary @result.json \\\n  '${endpoint}?fileName=result.json&accelerator=h100-sxm-80gb&accelerator_count=8'`,
    ],
    [
      "A folder",
      `tar -cz results | curl --fail-with-body${token} -X POST -T - \\\n  '${endpoint}?fileName=results.tar.gz'`,
    ],
  ];
  return (
    <section aria-labelledby="curl" className="mt-6 border-line border-t pt-4">
      <h2 id="curl" className="font-semibold text-[17px]">
        From a benchmark job
      </h2>
      {lines.map(([label, command]) => (
        <div key={label} className="mt-2">
          <p className="text-[13px] text-muted">{label}</p>
          <pre className="mt-1 whitespace-pre-wrap break-all rounded-lg bg-soft px-3 py-2 font-mono text-[12.5px]">
            {command}
          </pre>
        </div>
      ))}
      <p className="mt-2 text-[13px] text-muted">
        The answer is JSON: what was stored, what was there already, what was refused and why. With{" "}
        <code>dryRun=true</code> nothing is stored. The exit status is not 0 where everything was refused.
      </p>
    </section>
  );
}
