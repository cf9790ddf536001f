import { describe, expect, test } from 'vitest';
import { StagingRig } from '../../integration/staging/staging-rig';
import { runWithResets } from '../../integration/staging/resets';
import { extent } from '../ledger/extent';

describe.runIf(process.platform === 'linux')('connections that are cut at random moments, three times a run', () => {
  test('leave every run with its own verdict, run once, its log whole, or never begun', async () => {
    const rig = new StagingRig();
    try {
      const wanted = extent(100, 8);
      let connections = 0;
      let begun = 0;
      for (let round = 0; begun < wanted && round < wanted * 8; round++) {
        const code = [0, 1, 7][round % 3] ?? 0;
        const survived = await runWithResets(rig, () => rig.host.reset(), code);
        // Here a cut ends at once what the connection has started, also what was about to start the run: then it never begins.
        if (survived.verdict === 'transient-infra lost-never-started') {
          expect(survived.ran).toBe('');
          continue;
        }
        expect(survived).toMatchObject({ verdict: `suite-ran ${code}`, ran: 'x', logIsWhole: true });
        begun += 1;
        connections += survived.connections;
      }
      expect(begun).toBe(wanted);
      // Some of the cuts met the suite's own connection.
      expect(connections).toBeGreaterThan(begun);
    } finally {
      await rig.end();
    }
  });
});
