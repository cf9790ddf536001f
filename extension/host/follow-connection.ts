import type { RunSummary } from '../../runner-host/protocol/methods';
import { endOf } from '../../runner-host/protocol/runs';
import type { RunListener } from '../pipeline/ports';
import type { HostConnection } from './host-connection';

/**
 * Follows a run over a connection of its own until it is finished.
 * @param progress told the next byte after every piece, so that another connection can go on there
 * @throws HostError when the connection is lost or the host refuses; what the listener throws
 */
export async function followOnConnection(
  connection: HostConnection,
  run: string,
  from: number,
  listener: RunListener,
  progress: (next: number) => void,
): Promise<RunSummary> {
  let stop: () => void = () => undefined;
  /** What comes before the answer is told to everybody: the end, too, of which the output is still to come. */
  let attached = false;
  const finished = new Promise<RunSummary['result']>((resolve, reject) => {
    stop = connection.onEvent((_name, event) => {
      if (!attached || event.run !== run) return;
      try {
        if ('text' in event) {
          progress(event.next);
          listener.output({ offset: event.offset, next: event.next, stream: event.stream, text: event.text });
        } else if ('step' in event) {
          listener.step({ state: event.state, position: event.position, step: event.step });
        } else {
          resolve(event.result);
        }
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  });
  finished.catch(() => undefined);
  try {
    const summary = await connection.request('run/attach', { run, from });
    attached = true;
    listener.step({ state: summary.state, position: summary.position, step: summary.state });
    const result = await Promise.race([finished, connection.closed.then((problem) => Promise.reject(problem))]);
    const outputBytes = result ? endOf(result).outputBytes : summary.outputBytes;
    return { ...summary, state: 'finished', position: null, outputBytes, result };
  } finally {
    stop();
  }
}
