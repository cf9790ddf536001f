import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuild } from '../setup/build.mjs';
import { findProgram } from '../setup/chromium.mjs';
import { root, SetupError, step } from '../setup/step.mjs';
import { drainHost, interlock } from './command-line.mjs';
import { findDesktop, openDesktop, serve } from './open-vs-code.mjs';
import { lastLanding } from './last-landing.mjs';
import { createSampleRepository, SAMPLE_ITEMS } from './sample-repository.mjs';

const folder = join(root, '.tmp', 'demo');

/** Resolves with the exit code: 0 only if every item came as far as its code deserves. */
export async function demo(args) {
  const unknown = args.filter((arg) => arg !== '--once');
  if (unknown.length > 0) throw new SetupError(`Unknown option ${unknown.join(' ')}.`, 'There is one: --once');
  const once = args.includes('--once');

  if (findProgram(process.platform === 'win32' ? 'git.exe' : 'git') === undefined) {
    throw new SetupError('git is not on the PATH.', 'Install it (Debian, Ubuntu: `sudo apt-get install git`).');
  }
  const ended = endOfDemo();
  await ensureBuild();
  const repository = await step(`Making a sample repository in ${folder}`, makeRepository);
  try {
    const results = await testItems(repository, ended);
    console.log(`\n${table(results)}\n`);
    console.log('deploy-staging ran on the demo host: this machine (demo, no isolation).');
    console.log(`${lastLanding(join(folder, 'origin.git'))}\n`);
    const right = results.every(({ right }) => right);
    if (!right)
      throw new SetupError(
        'The outcomes are not the expected ones.',
        'Look at the reasons above and at `interlock report ID`.',
      );
    if (!once) await show(repository, ended);
    return 0;
  } finally {
    await drainHost(repository);
  }
}

/** Fresh each time; a host that still serves the old one is ended first. */
async function makeRepository() {
  const clone = join(folder, 'shop');
  if (existsSync(join(clone, '.git'))) await drainHost(clone);
  return createSampleRepository(folder, { staging: true, merge: true });
}

/** Adds the items and takes each of them through testing; what is green goes on through deploy-staging and lands on main. */
async function testItems(repository, ended) {
  const results = [];
  for (const { id, title, branch, verdict, staging, lands } of SAMPLE_ITEMS) {
    console.log(`\n${id}  ${title}`);
    const added = await interlock(repository, ['add', title, '--id', id, '--branch', branch, '--stage', 'testing'], {
      signal: ended.signal,
    });
    if (added.code !== 0)
      throw new SetupError(`${id} could not be added: ${JSON.stringify(added.answer)}`, 'See the lines above.');
    results.push(await advance(repository, id, (step) => step.verdict === verdict, ended));
    if (staging !== null) results.push(await advance(repository, id, (step) => step.verdict === staging, ended));
    if (lands)
      results.push(await advance(repository, id, ({ outcome, to }) => outcome === 'advanced' && to === 'done', ended));
  }
  return results;
}

/** One step of an item; `isRight` says whether it is what its code deserves. */
async function advance(repository, id, isRight, ended) {
  const { answer } = await interlock(repository, ['advance', id], { signal: ended.signal });
  if (ended.asked) throw new SetupError('Interrupted: nothing runs any more.', 'npm start begins anew.');
  if (answer.error !== undefined)
    throw new SetupError(`${id} could not be advanced: ${answer.error.message}`, answer.error.remedy ?? '');
  const { verdict, outcome, from, to, reason } = answer;
  const right = isRight(answer);
  return { id, right, verdict, outcome, move: `${from} -> ${to}`, reason: reason.text };
}

function table(results) {
  const columns = ['id', 'verdict', 'outcome', 'move', 'reason'];
  const heads = ['item', 'verdict', 'outcome', 'stage', 'reason'];
  const rows = [heads, ...results.map((result) => columns.map((column) => String(result[column] ?? '-')))];
  const widths = columns.map((_, index) => Math.max(...rows.map((row) => row[index].length)));
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Opens VS Code on the repository and returns when the user ends the demo. */
async function show(repository, ended) {
  const desktop = findDesktop();
  if (desktop !== undefined) {
    openDesktop(desktop, repository);
    console.log(`VS Code opens on ${repository}. Its activity bar has Interlock. End the demo with Ctrl-C.`);
    return ended.come;
  }
  const server = await serve(join(folder, 'vscode'));
  const url = server.url({ workspace: repository });
  console.log(`\nOpen this address; the activity bar has Interlock. End the demo with Ctrl-C.\n\n  ${url}\n`);
  await ended.come;
  console.log('\nEnding VS Code and the runner host ...');
  await server.stop();
}

/** From now on no signal ends this process at once: it has a server and a runner host to end before. */
function endOfDemo() {
  const controller = new AbortController();
  const ended = { signal: controller.signal, asked: false, come: undefined };
  ended.come = new Promise((resolve) => {
    const end = () => {
      ended.asked = true;
      resolve();
    };
    process.on('SIGINT', end); // a terminal sends it to the command line's process as well
    for (const name of ['SIGTERM', 'SIGHUP']) {
      process.on(name, () => {
        controller.abort();
        end();
      });
    }
  });
  return ended;
}
