// Bundles every .js file that stands directly in this folder into ../static/dist, under names that
// carry the hash of their content, and writes manifest.json: {"app.js": "app-6FZ3.js", "app.css": …}.
// A new page bundle (the studio's, say) is one new file beside app.js; nothing here changes.
import { build } from 'esbuild';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCES = dirname(fileURLToPath(import.meta.url));
const TARGET = join(SOURCES, '..', 'static', 'dist');
// The oldest browser in the offices: 360, Kylin and UOS builds of Chromium 87.
const OLDEST_BROWSER = 'chrome87';

const scripts = (await readdir(SOURCES)).filter((name) => extname(name) === '.js');

const { metafile } = await build({
  absWorkingDir: SOURCES,
  entryPoints: scripts,
  inject: ['lib/polyfills.js'],
  outdir: TARGET,
  entryNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  bundle: true,
  minify: true,
  format: 'iife',
  target: OLDEST_BROWSER,
  // The symbol fonts name forms for older browsers than ours beside their data:; nothing is made of those.
  loader: { '.woff': 'file', '.woff2': 'file', '.svg': 'file', '.eot': 'empty', '.ttf': 'empty' },
  legalComments: 'external',
  metafile: true,
  logLevel: 'warning',
});

await writeManifest(manifestOf(metafile.outputs));
await removeStale(new Set(Object.keys(metafile.outputs).map((path) => basename(path))));

function manifestOf(outputs) {
  const names = {};
  for (const [path, output] of Object.entries(outputs)) {
    if (!output.entryPoint) continue;
    names[output.entryPoint] = basename(path);
    if (output.cssBundle) names[output.entryPoint.replace(/\.js$/, '.css')] = basename(output.cssBundle);
  }
  return names;
}

// Renamed into place, so that a server that reads it meanwhile never sees half of it.
async function writeManifest(names) {
  const draft = join(TARGET, 'manifest.json.new');
  await writeFile(draft, `${JSON.stringify(names, null, 2)}\n`);
  await rename(draft, join(TARGET, 'manifest.json'));
  for (const [name, file] of Object.entries(names)) console.log(`${name} → ${file} (${await kilobytes(file)} kB)`);
}

async function kilobytes(file) {
  return Math.round((await readFile(join(TARGET, file))).length / 1024);
}

async function removeStale(current) {
  for (const file of await readdir(TARGET)) {
    if (file !== 'manifest.json' && !current.has(file)) await rm(join(TARGET, file));
  }
}
