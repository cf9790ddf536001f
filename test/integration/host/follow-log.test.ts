import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { followLog } from '../../../extension/host/follow-log';
import { runFiles } from '../../../extension/host/run-files';
import type { Ledger } from '../../../extension/ledger/ledger';
import { newRun, openHostRig, type HostRig } from './host-rig';

const CAP = 20_000;
let rig: HostRig;
beforeAll(async () => {
  rig = await openHostRig(['--output-cap', String(CAP)]);
});
afterAll(() => rig.close());

interface Told {
  text: string;
  next: number;
}

function told(run: string, from: number, settled: boolean): Promise<Told> {
  const read = { run: () => settled } as unknown as Ledger['read'];
  const seen = { text: '', next: from };
  return new Promise((resolve, reject) => {
    const listener = {
      output: (text: string, _stream: string, next: number) =>
        void Object.assign(seen, { text: seen.text + text, next }),
      end: () => resolve(seen),
    };
    followLog({ ledger: { read }, host: rig.host, files: runFiles(rig.stateDir) }, run, from, listener).catch(reject);
  });
}

const commands: Record<string, string> = {
  'all of it was kept': `i=0; while [ $i -lt 900 ]; do echo "line $i"; i=$((i+1)); done`,
  'the middle was cut out': `i=0; while [ $i -lt 9000 ]; do echo "line $i"; i=$((i+1)); done`,
  'not all of it is text': String.raw`printf 'a\200\342\202\nb\377'; printf '\342'`,
};

test.each(Object.entries(commands))(
  'a settled run is told from its file as its host tells it: %s',
  async (_, command) => {
    const spec = rig.spec(command);
    const { result } = await rig.run(spec);
    const total = result.supervision.outputBytes;
    for (const from of [0, ...fc.sample(fc.nat(total), 20), total, total + 5]) {
      const [file, host] = [await told(spec.run, from, true), await told(spec.run, from, false)];
      // Within a character the host leaves its rest out, and the file shows what it is: bytes without a meaning.
      expect({ ...file, text: file.text.replace(/^\ufffd{1,3}/, '') }).toEqual({
        ...host,
        text: host.text.replace(/^\ufffd{1,3}/, ''),
      });
    }
  },
);

test('a log that is gone ends at once', async () => {
  expect(await told(newRun(), 0, true)).toEqual({ text: '', next: 0 });
});
