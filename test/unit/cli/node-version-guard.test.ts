import { expect, test } from 'vitest';
import { refuseOldNode } from '../../../extension/cli/node-version-guard';

test.each(['18.20.4', '20.19.0', '21.9.9', '9.0.0'])('Node %s is refused with what helps', (version) => {
  expect(refuseOldNode(version)).toMatchObject({
    code: 'node-too-old',
    message: expect.stringContaining(version) as string,
  });
});

test.each(['22.0.0', '24.21.0', '100.1.0'])('Node %s will do', (version) => {
  expect(refuseOldNode(version)).toBeNull();
});
