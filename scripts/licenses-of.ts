/** Gathers the licences of packages whose code is shipped inside ours. Never judges one. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `paths`: of all files that went into a bundle, absolute or not. */
export function licensesOf(paths: readonly string[]): string {
  const packages = paths.flatMap((path) => /node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  return [...new Set(packages)]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      const text = file === undefined ? `License: ${license}\n` : readFileSync(join(folder, file), 'utf8');
      return `${name} ${version}\n\n${text}`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}
