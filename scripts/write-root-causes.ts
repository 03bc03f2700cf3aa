/**
 * Decides how the catalogue of causes reads for people: `docs/root-causes.md`, made from the causes themselves, in the order
 * in which they are tried. Never says anything that they do not. `--check` writes nothing and exits 1 where the file differs.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { CorrectSide } from '../src/core/explain/cause-code.ts';
import { CAUSES } from '../src/core/explain/causes/precedence.ts';

const file = new URL('../docs/root-causes.md', import.meta.url);

const SIDES: Readonly<Record<CorrectSide, string>> = {
  erp: 'the ERP',
  wms: 'the WMS',
  map: 'a configuration; nothing is posted',
  count: 'a count decides',
  none: 'nothing',
};

const INTRODUCTION = `# Root causes

Why a key is off: one code for each cause, the same in code, files and pages. Made from \`src/core/explain/causes\`, in the order
in which they are tried; do not edit.

**variance = WMS − ERP** in base units: the adjustment that would bring the ERP into line. \`v\` is the variance, \`q\` the signed
quantity of a WMS movement, \`qe\` what the ERP booked for the same document. Each worked example is a test: balances as
\`opening>closing\`, then the movements and messages of both sides; what is expected stands behind it, each contribution with its
sign. Together they add up to the variance.

Never post a correction while \`in-flight\`, \`message-lost\` or \`message-rejected\` is open for the key: the message posts later and
makes a second error. The WMS is right on quantity unless a ledger break, an opening difference or a count says otherwise.
`;

const sections = CAUSES.map(
  ({ code, title, meaning, clue, test, side, resolution, example }) => `## \`${code}\`

**${title}.** ${meaning}

- **Clue**: ${clue}
- **Test**: ${test}
- **What to do**: ${resolution}
- **Side to correct**: ${SIDES[side]}

${example.story}

\`\`\`
${example.scenario.trim()}
\`\`\`

Expected: ${example.expected
    .trim()
    .split('\n')
    .map((line) => `\`${line.trim()}\``)
    .join(', ')}
`,
);

const list = CAUSES.map(({ code, title }) => `- [\`${code}\`](#${code}): ${title}`).join('\n');
const wanted = `${INTRODUCTION}\n${list}\n\n${sections.join('\n')}`;

if (!process.argv.includes('--check')) {
  writeFileSync(file, wanted);
} else if (!existsSync(file) || readFileSync(file, 'utf8') !== wanted) {
  process.stderr.write(
    'docs/root-causes.md is not what src/core/explain/causes say; run: npx tsx scripts/write-root-causes.ts\n',
  );
  process.exitCode = 1;
}
