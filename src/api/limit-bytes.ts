/** Lets an upload through up to a number of bytes. Never holds more than what its reader has not taken yet. */
import { pipeline, type Readable, Transform } from 'node:stream';
import { ApiProblem } from './problem.ts';

export function limitBytes(upload: Readable, bytesMax: number): Readable {
  let bytes = 0;
  const limited = new Transform({
    transform: (part: Buffer, _encoding, done) => {
      bytes += part.length;
      if (bytes <= bytesMax) done(null, part);
      else done(new ApiProblem(413, 'UPLOAD_TOO_LARGE', `the upload is larger than ${bytesMax} bytes`));
    },
  });
  // Whoever reads hears of a failure; here is nothing left to do about it.
  return pipeline(upload, limited, () => undefined);
}
