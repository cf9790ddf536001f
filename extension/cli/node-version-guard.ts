/*
 * Imported first by the terminal's entry: it runs before any other module is loaded, so that an old Node ends with a sentence
 * instead of the stack trace of whichever newer API is touched first. Keep it free of imports and of new syntax.
 */
const OLDEST_NODE = 22;

/**
 * What to say to a Node that is too old, or null if it will do.
 * @param version as in `process.versions.node`
 */
export function refuseOldNode(version: string): { code: string; message: string; remedy: string } | null {
  const major = parseInt(version, 10);
  if (major >= OLDEST_NODE) return null;
  return {
    code: 'node-too-old',
    message: 'Interlock needs Node.js ' + OLDEST_NODE + ' or newer; this is ' + version,
    remedy:
      'Install Node.js ' +
      OLDEST_NODE +
      ' or newer (https://nodejs.org), or run: npx node@24 ' +
      (process.argv[1] || 'interlock'),
  };
}

const refusal = refuseOldNode(process.versions.node);
if (refusal) {
  if (process.argv.indexOf('--json') > 0) process.stdout.write(JSON.stringify({ error: refusal }) + '\n');
  process.stderr.write('interlock: ' + refusal.message + '.\n  ' + refusal.remedy + '\n');
  process.exit(2);
}
