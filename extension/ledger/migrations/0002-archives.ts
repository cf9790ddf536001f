/** `archives`: whose history is in the journal only. The indices find what is to leave the view, and the control runs of a tree. */
export const archives = {
  number: 2,
  sql: `
CREATE TABLE archives (
  item TEXT NOT NULL PRIMARY KEY, rev INTEGER NOT NULL, at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX closed_items ON items (since) WHERE condition = 'done';
CREATE INDEX jobs_of_item ON jobs (item);
CREATE INDEX alerts_of_item ON alerts (item);
CREATE INDEX control_runs ON runs (tree) WHERE kind = 'control';
`,
};
