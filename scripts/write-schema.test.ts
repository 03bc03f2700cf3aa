import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { it } from 'vitest';

it('the schema for editors is the one that the configuration says', () => {
  const script = fileURLToPath(new URL('./write-schema.ts', import.meta.url));
  execFileSync(process.execPath, ['--import', 'tsx', script, '--check'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
  });
});
