import type { StagingCheck } from '../../../runner-host/protocol/staging';
import type { Engine } from '../../engine';
import type { LoadedConfig } from '../../config/project-config';
import type { CommandContext } from '../command';
import { describeError } from '../describe-error';
import { EXIT, EXIT_OF_LEDGER_ERROR, type ExitCode } from '../exit-codes';
import { texts } from '../texts';
import { checkStagingHost } from './staging-host';

/** One thing that was looked at. `unknown`: it could not be looked at, which is never "fine". */
export interface Finding {
  name: string;
  ok: 'yes' | 'no' | 'unknown';
  text: string;
  /** Empty where nothing has to be done. */
  remedy: string;
  /** What the command ends with because of it. */
  exit: ExitCode;
}

export interface Diagnosis {
  findings: Finding[];
  /** Null where the project has no staging host, or it could not be asked. */
  staging: StagingCheck | null;
}

/** Looks at everything that Interlock needs here, in the order in which a person would mend it. */
export async function diagnose(context: CommandContext): Promise<Diagnosis> {
  const { world, cwd } = context;
  const findings: Finding[] = [fine('node', world.node)];
  const git = await world.gitVersion(cwd);
  if (git !== null) findings.push(fine('git', git));
  let engine: Engine;
  try {
    engine = await context.engine();
  } catch (error) {
    return { findings: [...findings, failed('repository', error)], staging: null };
  }
  findings.push(fine('repository', engine.repository.root), ledger(engine));
  const config = await configuration(engine);
  findings.push(config.finding);
  const looked = config.loaded?.config.staging ? await checkStagingHost(context, engine) : undefined;
  findings.push(...(await runnerHost(engine)), ...(looked?.findings ?? []));
  return { findings, staging: looked?.check ?? null };
}

function ledger({ ledgerHealth: health, repository }: Engine): Finding {
  if (health.mode === 'open') return fine('ledger', texts.doctor.ledger(repository.stateDir));
  const { reason, remedy, code } = health;
  return { name: 'ledger', ok: 'no', text: reason, remedy, exit: EXIT_OF_LEDGER_ERROR[code] };
}

async function configuration(engine: Engine): Promise<{ finding: Finding; loaded?: LoadedConfig }> {
  try {
    const reading = await engine.config();
    if (!reading.ok) {
      const { message: text, remedy } = texts.configInvalid(reading.problems);
      return { finding: { name: 'config', ok: 'no', text, remedy, exit: EXIT.usage } };
    }
    const { loaded } = reading;
    const { base, config } = loaded;
    const text = texts.configFine(base.branch, base.commit.slice(0, 8), config.stages);
    return { finding: fine('config', text), loaded };
  } catch (error) {
    return { finding: failed('config', error) };
  }
}

/** A host that does not run is no fault: the next run starts one. */
async function runnerHost(engine: Engine): Promise<Finding[]> {
  try {
    const host = await engine.hostStatus();
    if (host === null) return [fine('host', texts.noHost)];
    const { containment } = host;
    return [
      fine('host', texts.doctor.host(host.identity.pid, host.version)),
      containment === 'none' || containment === 'sweep'
        ? { name: 'containment', ok: 'unknown', text: texts.doctor.weak(containment), remedy: '', exit: EXIT.fine }
        : fine('containment', containment),
    ];
  } catch (error) {
    return [failed('host', error)];
  }
}

export function fine(name: string, text: string): Finding {
  return { name, ok: 'yes', text, remedy: '', exit: EXIT.fine };
}

export function failed(name: string, error: unknown): Finding {
  const { message, remedy, exit } = describeError(error);
  return { name, ok: 'unknown', text: message, remedy, exit };
}
