import type { StagingCheck, StagingNeed } from '../../../runner-host/protocol/staging';
import type { Engine } from '../../engine';
import { stagingRemedy } from '../../pipeline/staging/remedies';
import type { CommandContext } from '../command';
import { EXIT } from '../exit-codes';
import { line } from '../line';
import { texts } from '../texts';
import { failed, type Finding } from './diagnose';

/** A jump host and the host behind it, each with a key to trust and a passphrase that is mistyped twice. */
const MOST_QUESTIONS = 10;

/** Looks at the staging host; what it needs is asked for at a terminal, and the host is looked at again. */
export async function checkStagingHost(
  context: CommandContext,
  engine: Engine,
): Promise<{ findings: Finding[]; check: StagingCheck | null }> {
  try {
    let check = await engine.checkStaging();
    for (let asked = 0; check.need !== null && asked < MOST_QUESTIONS; asked += 1) {
      if (!(await meet(context, engine, check.need))) break;
      check = await engine.checkStaging();
    }
    return { findings: describe(check), check };
  } catch (error) {
    return { findings: [failed('staging', error)], check: null };
  }
}

/** Asks for what is needed and hands it over; false where nobody answered. Programs are never asked. */
async function meet({ world, json, say }: CommandContext, engine: Engine, need: StagingNeed): Promise<boolean> {
  if (json || !world.interactive) return false;
  switch (need.kind) {
    case 'passphrase': {
      const value = await world.ask(texts.doctor.askPassphrase(need.identity), true);
      if (!value) return false;
      await engine.giveStagingSecret({ kind: 'passphrase', identity: need.identity, value });
      return true;
    }
    case 'password': {
      const value = await world.ask(texts.doctor.askPassword, true);
      if (!value) return false;
      await engine.giveStagingSecret({ kind: 'password', value });
      return true;
    }
    case 'trust': {
      say(line(texts.doctor.newKey(need.host, need.port, need.type, need.fingerprint)));
      const word = await world.ask(texts.doctor.askTrust, false);
      if (word?.trim() !== 'yes') return false;
      const { trusted, detail } = await engine.trustStagingHost(need.fingerprint);
      if (!trusted) say(line(detail, 'bad'));
      return trusted;
    }
  }
}

function describe({ state, cause, host, need, facts }: StagingCheck): Finding[] {
  const of = (ok: boolean | null): Finding['ok'] => (ok === null ? 'unknown' : ok ? 'yes' : 'no');
  const remedy = need === null ? stagingRemedy(cause) : texts.doctor.need(need);
  const summary: Finding =
    state === 'ready'
      ? { name: 'staging', ok: 'yes', text: texts.doctor.ready(host), remedy: '', exit: EXIT.fine }
      : { name: 'staging', ok: 'no', text: texts.doctor.notReady(host, state, cause), remedy, exit: EXIT.standing };
  const rest = facts.map((fact): Finding => ({
    name: '',
    ok: of(fact.ok),
    text: fact.text,
    remedy: '',
    exit: EXIT.fine,
  }));
  return [summary, ...rest];
}
