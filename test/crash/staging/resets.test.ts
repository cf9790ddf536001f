import { describe, expect, test } from 'vitest';
import { StagingRig } from '../../integration/staging/staging-rig';
import { runWithResets } from '../../integration/staging/resets';
import { extent } from '../ledger/extent';

describe.runIf(process.platform === 'linux')('connections that are cut at random moments, three times a run', () => {
  test('leave every run with its own verdict, run once, its log whole, or never begun', async () => {
    const rig = new StagingRig();
    try {
      let connections = 0;
      let never = 0;
      for (let round = 0; round < extent(100, 8); round++) {
        const code = [0, 1, 7][round % 3] ?? 0;
        const survived = await runWithResets(rig, () => rig.host.reset(), code);
        connections += survived.connections;
        // Here a cut ends at once what the connection has started, also what was about to start the run: then it never begins.
        if (survived.verdict === 'transient-infra lost-never-started') {
          expect(survived.ran).toBe('');
          never += 1;
        } else expect(survived).toMatchObject({ verdict: `suite-ran ${code}`, ran: 'x', logIsWhole: true });
      }
      // Some of the cuts met the suite's own connection.
      expect(connections).toBeGreaterThan(extent(100, 8));
      expect(never).toBeLessThan(extent(100, 8) / 2);
    } finally {
      await rig.end();
    }
  });
});
