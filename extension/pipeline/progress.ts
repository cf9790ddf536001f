/** What happens while an item advances; texts are plain, output is the suite's own and hostile. */
export type Progress =
  | { kind: 'stage'; item: string; from: string; to: string }
  | {
      kind: 'run';
      item: string;
      run: string;
      state: 'queued' | 'running' | 'stopping' | 'finished';
      position: number | null;
    }
  | {
      kind: 'output';
      item: string;
      run: string;
      offset: number;
      next: number;
      stream: 'stdout' | 'stderr';
      text: string;
    }
  | { kind: 'note'; item: string; text: string };
