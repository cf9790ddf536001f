import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { HostErrorData } from '../../../runner-host/protocol/errors';
import { EVENTS, METHODS } from '../../../runner-host/protocol/methods';
import { INFRA_CAUSES } from '../../../runner-host/protocol/result';
import { STAGE_NAMES } from '../../../extension/config/project-config';
import { STAGES } from '../../../extension/pipeline/stages';

const root = join(import.meta.dirname, '../../..');
const doc = (name: string): string => readFileSync(join(root, 'docs', name), 'utf8');

it('docs/protocol.md names every method, event, error and cause', () => {
  const text = doc('protocol.md');
  const names = [...Object.keys(METHODS), ...Object.keys(EVENTS), ...HostErrorData.shape.code.options, ...INFRA_CAUSES];
  expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});

it('docs/gates.md names every cause', () => {
  const text = doc('gates.md');
  expect(INFRA_CAUSES.filter((cause) => !text.includes(`\`${cause}\``))).toEqual([]);
});

it('the table of stages has every stage once, in order', () => {
  expect(STAGES.map((stage) => stage.name)).toEqual(STAGE_NAMES);
});
