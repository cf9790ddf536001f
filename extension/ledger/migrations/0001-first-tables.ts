export const firstTables = {
  number: 1,
  sql: `
CREATE TABLE items (
  id TEXT NOT NULL PRIMARY KEY, title TEXT NOT NULL, branch TEXT NOT NULL, worktree TEXT NOT NULL, base TEXT NOT NULL,
  base_commit TEXT NOT NULL, stage TEXT NOT NULL, rev INTEGER NOT NULL, created_at INTEGER NOT NULL,
  developer_retries INTEGER NOT NULL, infra_retries INTEGER NOT NULL, condition TEXT NOT NULL, reason_code TEXT NOT NULL,
  reason TEXT NOT NULL, since INTEGER NOT NULL, turn TEXT NOT NULL, next_action TEXT NOT NULL, next_at INTEGER
) WITHOUT ROWID;

CREATE TABLE transitions (
  id TEXT NOT NULL PRIMARY KEY, item TEXT NOT NULL, rev INTEGER NOT NULL, at INTEGER NOT NULL, actor TEXT NOT NULL,
  from_stage TEXT NOT NULL, to_stage TEXT NOT NULL, outcome TEXT NOT NULL, verdict TEXT, run TEXT, reason_code TEXT NOT NULL,
  reason TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX transitions_of_item ON transitions (item, rev);

CREATE TABLE jobs (
  id TEXT NOT NULL PRIMARY KEY, item TEXT NOT NULL, stage TEXT NOT NULL, kind TEXT NOT NULL, head TEXT NOT NULL,
  tree TEXT NOT NULL, spec TEXT NOT NULL, rules TEXT NOT NULL, created_at INTEGER NOT NULL, settled_at INTEGER
) WITHOUT ROWID;
CREATE INDEX open_jobs ON jobs (item) WHERE settled_at IS NULL;

CREATE TABLE runs (
  id TEXT NOT NULL PRIMARY KEY, item TEXT NOT NULL, stage TEXT NOT NULL, kind TEXT NOT NULL, status TEXT NOT NULL, cause TEXT,
  detail TEXT, exit_code INTEGER, signal TEXT, result TEXT NOT NULL, head TEXT NOT NULL, tree TEXT NOT NULL,
  started_at INTEGER NOT NULL, duration_ms INTEGER NOT NULL, attempt INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX runs_of_item ON runs (item, started_at);

CREATE TABLE verdicts (
  id TEXT NOT NULL PRIMARY KEY, item TEXT NOT NULL, stage TEXT NOT NULL, verdict TEXT NOT NULL, reason_code TEXT NOT NULL,
  reason TEXT NOT NULL, producer TEXT NOT NULL, head TEXT NOT NULL, tree TEXT NOT NULL, base TEXT NOT NULL,
  command TEXT NOT NULL, config_hash TEXT NOT NULL, tests INTEGER, failed INTEGER, skipped INTEGER, at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX verdicts_of_item ON verdicts (item, at);

CREATE TABLE artifacts (
  id TEXT NOT NULL PRIMARY KEY, item TEXT NOT NULL, stage TEXT NOT NULL, run TEXT NOT NULL, path TEXT NOT NULL,
  sha256 TEXT NOT NULL, at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX artifacts_of_item ON artifacts (item);

CREATE TABLE leases (
  item TEXT NOT NULL PRIMARY KEY, token TEXT NOT NULL, host TEXT NOT NULL, boot_id TEXT NOT NULL, pid_namespace TEXT NOT NULL,
  pid INTEGER NOT NULL, start_time TEXT NOT NULL, actor TEXT NOT NULL, at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE holds (
  item TEXT NOT NULL PRIMARY KEY, code TEXT NOT NULL, reason TEXT NOT NULL, remedy TEXT NOT NULL, actor TEXT NOT NULL,
  run TEXT, at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE switches (
  name TEXT NOT NULL PRIMARY KEY, state TEXT NOT NULL, actor TEXT NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE alerts (
  id TEXT NOT NULL PRIMARY KEY, item TEXT NOT NULL, code TEXT NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL,
  acknowledged_at INTEGER
) WITHOUT ROWID;
CREATE INDEX open_alerts ON alerts (at) WHERE acknowledged_at IS NULL;
`,
};
