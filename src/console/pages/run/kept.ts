/** Says of an answer about a run that is over that it never changes: events of other runs do not make it old. */

/** The same question, under a name that no event reaches. */
export function kept<Q extends { readonly queryKey: readonly unknown[] }>(
  query: Q,
): Q & { readonly staleTime: number } {
  return { ...query, queryKey: ['of a kept run', ...query.queryKey], staleTime: Number.POSITIVE_INFINITY };
}
