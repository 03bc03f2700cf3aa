// Copies the files that the compiler does not emit (the report's page, its style and script) beside the compiled code.
import { cpSync } from 'node:fs';

cpSync('src/report/page', 'dist/src/report/page', { recursive: true });
