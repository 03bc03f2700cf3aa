// Copies the files that the compiler does not emit (page templates and their styles) beside the compiled code.
import { cpSync, existsSync } from 'node:fs';

for (const folder of ['src/report/page', 'src/app/starter']) {
  if (existsSync(folder)) cpSync(folder, `dist/${folder}`, { recursive: true, filter: (name) => !name.endsWith('.ts') });
}
