/** What the merge gate's stage keeps: heads of before a bounce, waivers, numbers, the queue, landings, the coverage of base. */
export const merge = {
  number: 3,
  sql: `
CREATE TABLE anchors (
  item TEXT NOT NULL PRIMARY KEY, fork TEXT NOT NULL, head TEXT NOT NULL, why TEXT NOT NULL, at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE waivers (
  id TEXT NOT NULL PRIMARY KEY, item TEXT NOT NULL, kind TEXT NOT NULL, path TEXT NOT NULL, line_hash TEXT NOT NULL,
  reason TEXT NOT NULL, actor TEXT NOT NULL, at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX waivers_of_item ON waivers (item);

CREATE TABLE reservations (
  id TEXT NOT NULL PRIMARY KEY, series TEXT NOT NULL, number INTEGER NOT NULL, item TEXT NOT NULL, actor TEXT NOT NULL,
  at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE queues (
  base TEXT NOT NULL PRIMARY KEY, state TEXT NOT NULL, reason TEXT NOT NULL, actor TEXT NOT NULL, at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE landings (
  id TEXT NOT NULL PRIMARY KEY, item TEXT NOT NULL, base TEXT NOT NULL, commit_id TEXT NOT NULL, tree TEXT NOT NULL,
  tip TEXT NOT NULL, tested TEXT NOT NULL, run TEXT NOT NULL, at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX landings_of_item ON landings (item, at);

CREATE TABLE ratchets (
  base TEXT NOT NULL PRIMARY KEY, covered INTEGER NOT NULL, total INTEGER NOT NULL, item TEXT NOT NULL, run TEXT NOT NULL,
  at INTEGER NOT NULL
) WITHOUT ROWID;
`,
};
