import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { licensesOf } from './scripts/licenses-of.ts';

/** The console: pages as static files, which `evenstock serve` gives out. */
export default defineConfig({
  root: 'src/console',
  plugins: [react(), licenses()],
  build: {
    outDir: '../../dist/console',
    emptyOutDir: true,
    target: 'es2022',
    // The content security policy lets nothing in that does not lie in a file of its own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // All of them compressed stay below 200 kB: a test holds that.
    chunkSizeWarningLimit: 700,
    reportCompressedSize: false,
  },
});

/** Puts the licences of all packages in the bundle beside it. */
function licenses(): Plugin {
  return {
    name: 'licenses',
    generateBundle(_options, bundle) {
      const paths = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? Object.keys(file.modules) : []));
      this.emitFile({ type: 'asset', fileName: 'third-party-licenses.txt', source: licensesOf(paths) });
    },
  };
}
