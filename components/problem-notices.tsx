/** Parameters of the address that were not understood, each as a sentence. @param className what sets them off from their neighbours */
export function ProblemNotices({ problems, className }: { problems: readonly string[]; className: string }) {
  return [...new Set(problems)].map((problem) => (
    <p
      key={problem}
      className={`rounded-lg bg-warn px-3 py-2 break-words text-warn-ink ${className}`}
      data-notice="problem"
    >
      {problem}
    </p>
  ));
}
