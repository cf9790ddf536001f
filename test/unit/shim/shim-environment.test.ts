import { expect, test } from 'vitest';
import { shimEnvironment } from '../../../runner-host/shim/shim-environment';

test('the shim gets what Node needs, no secret and nothing that changes Node', () => {
  const outer = `ILK_RUN_${'a'.repeat(32)}`;
  const from = {
    PATH: '/bin',
    TOKEN: 'secret',
    NODE_OPTIONS: '--require ./x',
    NODE_PATH: '/x',
    [outer]: '1',
    ILK_RUN_: '1',
  };
  expect(shimEnvironment(from)).toEqual({ PATH: '/bin', ELECTRON_RUN_AS_NODE: '1', [outer]: '1' });
});
