const NEEDED = ['"host": "staging.example.com"', '"command": ["./check.sh"]', '"cwd": "/srv/app"'];
const REPORT = '"report": { "format": "junit", "path": "staging.xml" }';

/** A whole file with a staging host: what it needs, and some more of its keys. */
export function withStaging(keys: string, place = ''): string {
  const pairs = NEEDED.filter((pair) => !keys.startsWith(pair.slice(0, pair.indexOf(':'))));
  if (place.startsWith('staging.waivers')) pairs.push(REPORT);
  if (keys !== '') pairs.push(keys);
  return `{ "stages": ["deploy-staging", "done"], "staging": { ${pairs.join(', ')} } }`;
}
