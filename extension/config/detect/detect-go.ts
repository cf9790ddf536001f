import type { Detected, ReadProjectFile } from './detected';

const REPORT = 'reports/go-test.jsonl';

/**
 * go prints its report and ends without a word, so the shell puts it into the file and adds the exit code as its last line:
 * a report without that line is cut off. There is no pipe, which would hide the exit code.
 */
const COMMAND = [
  'mkdir -p reports',
  `go test -json -count=1 ./... > ${REPORT}`,
  'code=$?',
  `echo exit $code >> ${REPORT}`,
  'exit $code',
].join('; ');

export async function detectGo(read: ReadProjectFile): Promise<Detected | null> {
  if ((await read('go.mod')) === null) return null;
  return {
    kind: 'go',
    command: COMMAND,
    report: { format: 'go-json', path: REPORT },
    why: [
      'go.mod is there.',
      'go test -json prints the report: the shell writes it to a file and adds the exit code. -count=1: no result from its cache.',
    ],
  };
}
