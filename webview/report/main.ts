import { render } from 'lit/html.js';
import { FromPanel, PANEL_VERSION, PanelState, ToPanel } from '../protocol';
import { handleKey } from './keyboard';
import { LogView } from './log-view';
import { announcement, page, type PageState } from './page';
import './report.css';

interface VsCodeApi {
  postMessage(message: FromPanel): void;
  getState(): unknown;
  setState(state: PanelState): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

const vscode = acquireVsCodeApi();
const root = required('report');
const status = required('status');
const log = new LogView(required('log'));
const saved = PanelState.safeParse(vscode.getState());
const state: PageState = { shown: undefined, filter: saved.success ? saved.data.filter : '' };

function draw(): void {
  render(page(state, send, onFilter), root);
}

function send(message: FromPanel): void {
  vscode.postMessage(FromPanel.parse(message));
}

function onFilter(text: string): void {
  state.filter = text.slice(0, 1000);
  save();
  draw();
}

function save(): void {
  if (state.shown) vscode.setState({ target: state.shown.target, filter: state.filter });
}

function receive(raw: unknown): void {
  const parsed = ToPanel.safeParse(raw);
  if (!parsed.success) return;
  const message = parsed.data;
  if (message.type === 'log') return log.take(message);
  state.shown = message;
  if (message.type === 'notice') log.clear();
  required('log').hidden = message.type === 'notice';
  status.textContent = announcement(message);
  save();
  draw();
}

function required(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}

window.addEventListener('message', (event: MessageEvent<unknown>) => receive(event.data));
window.addEventListener('keydown', (event) => handleKey(event, root));
required('log').hidden = true;
draw();
send({ type: 'ready', version: PANEL_VERSION });
