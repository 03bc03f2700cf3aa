/**
 * Lets an upload through up to a number of bytes. Never holds more than what its reader has not taken yet, and never leaves a
 * connection behind whose reader has stopped.
 */
import { finished, type Readable, Transform } from 'node:stream';
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
  // An upload that is destroyed is never read to its end, and its connection would stay; what is left of it is thrown away.
  limited.once('close', () => {
    upload.unpipe(limited);
    upload.resume();
  });
  finished(upload, (error) => {
    if (error) limited.destroy(error);
  });
  return upload.pipe(limited);
}
