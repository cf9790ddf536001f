// Writes interlock.schema.json next to this file: node extension/config/write-schema.mjs
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import * as prettier from 'prettier';

const here = new URL('.', import.meta.url);
const built = await esbuild.build({
  entryPoints: [fileURLToPath(new URL('json-schema.ts', here))],
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
  mainFields: ['module', 'main'],
});
const code = Buffer.from(built.outputFiles[0].contents).toString('base64');
const { configJsonSchema } = await import(`data:text/javascript;base64,${code}`);
const file = fileURLToPath(new URL('interlock.schema.json', here));
const style = await prettier.resolveConfig(file);
writeFileSync(file, await prettier.format(configJsonSchema(), { ...style, filepath: file }));
