// Which folder may import which. Each rule names what is forbidden and why; test/tidy/import-rules.test.ts shows for each
// that it finds what it forbids. ARCHITECTURE.md says the same in words.

/** Folders under src, each with the folders that it may import besides itself. */
const ALLOWED = {
  core: [],
  contract: ['core'],
  config: ['contract', 'core'],
  duckdb: [],
  ingest: ['contract', 'core', 'duckdb'],
  engine: ['core', 'duckdb', 'ingest'],
  report: ['contract', 'core', 'duckdb'],
  store: ['contract', 'core'],
  app: ['config', 'contract', 'core', 'duckdb', 'engine', 'ingest', 'report', 'store'],
  // What runs by itself: queue, schedules, watched folders, live discrepancies. No door: it knows nothing of HTTP.
  jobs: ['app', 'config', 'contract', 'core', 'engine', 'ingest', 'store'],
  // Tells people and systems what happened: what is news, in which words, through which channel. Knows nothing of the API.
  notify: ['app', 'config', 'contract', 'core', 'report', 'store'],
  // Thin doors: parse, call, print. Never an engine or a reader of files by themselves.
  api: ['app', 'config', 'contract', 'core', 'report', 'store'],
  // Puts store, jobs and API together into one process.
  server: ['api', 'app', 'config', 'contract', 'core', 'jobs', 'notify', 'store'],
  // For programs of others: the shapes of the API, and fetch.
  client: ['contract'],
  // In the browser: what the API says through the client, shapes, and the words of the report.
  console: ['client', 'contract', 'core', 'report'],
  cli: ['app', 'config', 'contract', 'core', 'report', 'server'],
};

/** Tests, and the worlds that they are made of: not shipped (see tsconfig.build.json). */
const TEST = '(\\.test|-fixture)\\.ts$';

/** What the simulator makes is for the demo and for `evenstock simulate`; nothing else in src knows it. */
const DEMO = '^src/app/(demo|simulate)\\.ts$';

const folderRules = Object.entries(ALLOWED).map(([folder, others]) => ({
  name: `${folder}-imports`,
  comment: `src/${folder} imports ${others.length === 0 ? 'nothing outside itself' : `only ${others.join(', ')}`}.`,
  severity: 'error',
  from: { path: `^src/${folder}/`, pathNot: [TEST, DEMO] },
  to: {
    path: '^(src|simulator|bench|test|scripts)/',
    pathNot: `^src/(${[folder, ...others].join('|')})/`,
  },
}));

export default {
  forbidden: [
    ...folderRules,
    {
      name: 'demo-imports',
      comment: 'The demo and the simulation import what other use cases do, and the simulator.',
      severity: 'error',
      from: { path: DEMO },
      to: { path: '^(src/cli|bench|test|scripts)/' },
    },
    {
      name: 'core-is-pure',
      comment: 'The core computes: no package but Luxon (dates), and nothing of Node.',
      severity: 'error',
      from: { path: '^src/core/', pathNot: TEST },
      to: { dependencyTypesNot: ['local'], pathNot: '^node_modules/(@types/)?luxon/' },
    },
    {
      name: 'contract-is-plain',
      comment: 'The contract describes shapes: no package but zod, and nothing of Node.',
      severity: 'error',
      from: { path: '^src/contract/', pathNot: TEST },
      to: { dependencyTypesNot: ['local'], pathNot: '^node_modules/zod/' },
    },
    {
      name: 'simulator-shares-no-rules',
      comment:
        'The simulator knows the answer by itself: of src it takes the model only, else a bug would agree with itself.',
      severity: 'error',
      from: { path: '^simulator/', pathNot: TEST },
      to: { path: '^(src|bench|test|scripts)/', pathNot: '^src/core/model/' },
    },
    {
      name: 'no-cycles',
      comment: 'Two files that import each other cannot be understood or tested alone.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-tests-imported',
      comment: 'A test is nobody’s library.',
      severity: 'error',
      from: { pathNot: TEST },
      to: { path: TEST },
    },
    {
      name: 'no-dev-packages',
      comment: 'What is shipped imports only what is installed with it; the console is shipped built.',
      severity: 'error',
      from: { path: '^(src|bin)/', pathNot: [TEST, '^src/console/'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm', 'type-only'] },
    },
    {
      name: 'resolvable',
      comment: 'Every import leads somewhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
};
