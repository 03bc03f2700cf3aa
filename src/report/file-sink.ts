/**
 * Decides how long text is written to a file: in large pieces, each awaited, so that memory stays flat.
 * Never syncs, renames or removes files; whoever writes the run's directory does.
 */
import { open } from 'node:fs/promises';

/** 1 MiB of characters: larger pieces were no faster, smaller ones cost a system call each. */
const PIECE_LENGTH = 1 << 20;

/** Writes pieces of text one after the other to `path` as UTF-8, replacing the file. System errors are thrown as they come. */
export async function writePieces(path: string, pieces: Iterable<string>): Promise<void> {
  const file = await open(path, 'w');
  try {
    let buffer = '';
    for (const piece of pieces) {
      buffer += piece;
      if (buffer.length < PIECE_LENGTH) continue;
      await file.writeFile(buffer, 'utf8');
      buffer = '';
    }
    if (buffer !== '') await file.writeFile(buffer, 'utf8');
  } finally {
    await file.close();
  }
}
