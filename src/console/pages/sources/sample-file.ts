/** Reads the beginning of a file of the reader for a preview. Never sends it. */

/** What the server takes at once is some 12 MB. */
const SAMPLE_BYTES_MAX = 8 * 2 ** 20;

export interface Sample {
  readonly file: File;
  readonly base64: string;
  /** Only the beginning. */
  readonly isCut: boolean;
}

export async function sampleOf(file: File): Promise<Sample> {
  const isCut = file.size > SAMPLE_BYTES_MAX;
  const base64 = await base64Of(isCut ? file.slice(0, SAMPLE_BYTES_MAX) : file);
  return { file, base64, isCut };
}

function base64Of(content: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onerror = () => reject(reader.error ?? new Error('the file cannot be read'));
    // data:…;base64,<content>
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.readAsDataURL(content);
  });
}
