import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { Engine } from '../../../extension/engine';
import { LogFeed } from '../../../extension/ui/panels/log-feed';
import { LogTail } from '../../../extension/ui/panels/log-tail';
import type { ToPanel } from '../../../webview/protocol';

const folder = mkdtempSync(join(tmpdir(), 'ilk-feed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the end of a log that is kept', () => {
  it('drops the oldest characters and counts them', () => {
    const tail = new LogTail(5);
    tail.push('stdout', 'abc');
    tail.push('stderr', 'defg');
    expect(tail.all()).toEqual({
      pieces: [
        { stream: 'stdout', text: 'c' },
        { stream: 'stderr', text: 'defg' },
      ],
      dropped: 2,
    });
  });

  it('joins short writes of one stream', () => {
    const tail = new LogTail(100);
    for (const dot of '.....') tail.push('stdout', dot);
    expect(tail.all().pieces).toEqual([{ stream: 'stdout', text: '.....' }]);
  });

  it('gives what was taken only once', () => {
    const tail = new LogTail(100);
    tail.push('stdout', 'a');
    expect(tail.take().pieces).toHaveLength(1);
    expect(tail.take()).toEqual({ pieces: [], dropped: 0 });
  });
});

type Output = Parameters<Engine['follow']>[2];

/** A run that the test lets print. */
function aRunThatPrints() {
  const followers: { run: string; from: number; on: Output; closed: boolean }[] = [];
  const engine: Pick<Engine, 'follow'> = {
    follow(run, from, on) {
      const follower = { run, from, on, closed: false };
      followers.push(follower);
      return Promise.resolve({ close: () => (follower.closed = true) });
    },
  };
  return { engine, followers };
}

describe('the log that a panel gets', () => {
  const feed = () => {
    const posted: (ToPanel & { type: 'log' })[] = [];
    return { posted, feed: new LogFeed((message) => posted.push(message)) };
  };
  const text = (message: (ToPanel & { type: 'log' }) | undefined) =>
    message?.pieces.map((piece) => piece.text).join('');

  it('starts anew with a run and then only grows', async () => {
    const { engine, followers } = aRunThatPrints();
    const { posted, feed: log } = feed();
    log.live(engine, 'r1');
    followers[0]?.on.output('one ', 'stdout', 4);
    followers[0]?.on.output('two', 'stdout', 7);
    await vi.waitFor(() => expect(posted).toHaveLength(2));
    expect(posted.map(({ reset }) => reset)).toEqual([true, false]);
    expect(text(posted[1])).toBe('one two');
    log.stop();
  });

  it('sends everything again to a panel that lost it, without following twice', async () => {
    const { engine, followers } = aRunThatPrints();
    const { posted, feed: log } = feed();
    log.live(engine, 'r1');
    followers[0]?.on.output('one', 'stdout', 3);
    log.forget();
    log.live(engine, 'r1');
    expect(followers).toHaveLength(1);
    expect(posted.at(-1)).toMatchObject({ reset: true, pieces: [{ text: 'one' }] });
    log.stop();
  });

  it('never mixes the output of two runs', async () => {
    const { engine, followers } = aRunThatPrints();
    const { posted, feed: log } = feed();
    log.live(engine, 'r1');
    log.live(engine, 'r2');
    followers[0]?.on.output('late', 'stdout', 4);
    followers[1]?.on.output('now', 'stdout', 3);
    await vi.waitFor(() => expect(posted.filter(({ reset }) => !reset)).toHaveLength(1));
    expect(posted.filter(({ reset }) => !reset)).toEqual([
      expect.objectContaining({ run: 'r2', pieces: [{ stream: 'stdout', text: 'now' }] }),
    ]);
    await vi.waitFor(() => expect(followers[0]?.closed).toBe(true));
    log.stop();
  });

  it('goes on where it stopped when following ends before the run does', async () => {
    const { engine, followers } = aRunThatPrints();
    const { feed: log } = feed();
    log.live(engine, 'r1');
    followers[0]?.on.output('one', 'stdout', 3);
    followers[0]?.on.end();
    await vi.waitFor(() => expect(followers.map(({ from }) => from)).toEqual([0, 3]));
    log.stop();
    followers[1]?.on.end();
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(followers).toHaveLength(2);
  });

  it('ends with the file of the finished run, sent once', async () => {
    const path = join(folder, 'output.log');
    writeFileSync(path, 'whole output');
    const { posted, feed: log } = feed();
    await log.finished('r1', path);
    await log.finished('r1', path);
    expect(posted).toHaveLength(1);
    expect(posted[0]).toMatchObject({ reset: true, pieces: [{ text: 'whole output' }] });
  });

  it('is empty, not an error, when the file is gone', async () => {
    const { posted, feed: log } = feed();
    await log.finished('r1', join(folder, 'gone.log'));
    expect(posted[0]).toMatchObject({ reset: true, pieces: [] });
  });
});
