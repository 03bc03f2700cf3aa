/**
 * Decides which files a new folder starts with: the founding example and its commented configuration.
 * Never overwrites: what is there already stays as it is.
 */
import { existsSync } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert, Failure } from '../core/model/failure.ts';

/** The example's files, in the order in which they are listed. */
const STARTER_FILES = [
  'evenstock.yaml',
  'in/erp_stock.csv',
  'in/wms_stock.csv',
  'in/items.csv',
  'in/packs.csv',
  'in/aliases.csv',
] as const;

const SCHEMA_LINE = /^# yaml-language-server: \$schema=.*$/m;

/** Paths relative to the folder, with `/`. */
export interface Initialised {
  readonly written: string[];
  readonly kept: string[];
}

/**
 * Writes the starter into a folder, which is made if it is missing. Throws a Failure: `usage` where the folder cannot
 * be one, `unreachable` where it cannot be written.
 */
export async function initialise(directory: string): Promise<Initialised> {
  const packageFolder = findPackageFolder();
  const contents = await Promise.all(
    STARTER_FILES.map(async (name) => {
      const content = await readFile(join(packageFolder, 'examples/founding', name));
      return name === 'evenstock.yaml' ? withSchemaOf(content.toString('utf8'), packageFolder, directory) : content;
    }),
  );
  const result: Initialised = { written: [], kept: [] };
  for (const [at, name] of STARTER_FILES.entries()) {
    const isNew = await writeNew(join(directory, name), contents[at]!);
    (isNew ? result.written : result.kept).push(name);
  }
  return result;
}

/** The folder of the package: this file is in its src or in its dist/src. */
function findPackageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'examples/founding/evenstock.yaml'))) {
    assert(folder !== dirname(folder), 'the package holds examples/founding');
    folder = dirname(folder);
  }
  return folder;
}

/** Editors find the schema by a path relative to the configuration, and the new folder is elsewhere. */
function withSchemaOf(yaml: string, packageFolder: string, directory: string): string {
  const path = relative(resolve(directory), join(packageFolder, 'schema/evenstock.schema.json')).replaceAll('\\', '/');
  const address = path.startsWith('.') || path.includes(':') ? path : `./${path}`;
  return yaml.replace(SCHEMA_LINE, () => `# yaml-language-server: $schema=${address}`);
}

/** Writes a file that is not there yet; false where it is. */
async function writeNew(file: string, content: string | Uint8Array): Promise<boolean> {
  await mkdir(dirname(file), { recursive: true }).catch((error: unknown) => {
    const code = codeOf(error);
    if (code !== 'EEXIST' && code !== 'ENOTDIR') throw cannotWrite(file, code);
    throw new Failure('usage', 'NOT_A_FOLDER', `${dirname(file)} is not a folder`, 'Name another folder.');
  });
  let handle: FileHandle;
  try {
    handle = await open(file, 'wx');
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw cannotWrite(file, codeOf(error));
  }
  try {
    await handle.writeFile(content);
    return true;
  } catch (error) {
    // A file cut short would be kept by the next init as if the user had written it.
    await rm(file, { force: true });
    throw cannotWrite(file, codeOf(error));
  } finally {
    await handle.close();
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

function cannotWrite(file: string, code: string): Failure {
  const action = 'Check the permissions and the free space of the folder.';
  return new Failure('unreachable', 'CANNOT_WRITE', `${file} cannot be written (${code})`, action);
}
