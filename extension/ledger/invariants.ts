import type { VerifyFinding } from './ledger';
import type { View } from './view';

interface Invariant {
  code: string;
  /** Gives the rows that break it: `place` and `detail`. */
  sql: string;
}

/** What holds in every state that Interlock itself can have written. */
const INVARIANTS: readonly Invariant[] = [
  {
    code: 'history-count',
    sql: `SELECT 'items ' || id AS place, 'revision ' || rev || ', but ' || steps || ' transitions in its history' AS detail
          FROM (SELECT id, items.rev AS rev, coalesce(archives.rev, 0)
              + (SELECT count(*) FROM transitions WHERE item = items.id) AS steps
            FROM items LEFT JOIN archives ON archives.item = items.id)
          WHERE rev <> steps`,
  },
  {
    code: 'history-order',
    sql: `SELECT 'transitions ' || transitions.id AS place, 'revision ' || transitions.rev || ' of an item at revision ' || items.rev AS detail
          FROM transitions JOIN items ON items.id = transitions.item LEFT JOIN archives ON archives.item = items.id
          WHERE transitions.rev NOT BETWEEN 1 + coalesce(archives.rev, 0) AND items.rev OR transitions.id <> transitions.item || '#' || transitions.rev`,
  },
  {
    code: 'stage-differs',
    sql: `SELECT 'items ' || items.id AS place, 'at ' || stage || ', but its history ends at ' || to_stage AS detail
          FROM items JOIN transitions ON transitions.item = items.id AND transitions.rev = items.rev WHERE stage <> to_stage`,
  },
  {
    code: 'no-reason',
    sql: `SELECT 'items ' || id AS place, condition || ' without ' || CASE '' WHEN reason THEN 'a reason' WHEN turn THEN 'saying whose turn it is'
            ELSE 'saying what happens next' END AS detail
          FROM items WHERE condition <> 'done' AND '' IN (reason, turn, next_action)`,
  },
  {
    code: 'no-time',
    sql: `SELECT 'items ' || id AS place, 'deferred, but to no time' AS detail
          FROM items WHERE condition = 'deferred' AND next_at IS NULL`,
  },
  {
    code: 'landing-without-run',
    sql: `SELECT 'landings ' || id AS place, 'the ledger holds no run ' || run AS detail
          FROM landings WHERE tested <> 'batch' AND run NOT IN (SELECT id FROM jobs WHERE kind = 'merge')
            AND run NOT IN (SELECT id FROM runs WHERE kind = 'merge')`,
  },
  {
    code: 'landed-twice',
    sql: `SELECT 'landings of ' || later.item AS place, 'landed by ' || earlier.run || ' and by ' || later.run || ', and was not sent back in between' AS detail
          FROM landings AS earlier JOIN landings AS later ON later.item = earlier.item AND (later.at, later.id) > (earlier.at, earlier.id)
          WHERE later.tested <> 'already-there' AND NOT EXISTS (SELECT 1 FROM transitions WHERE item = later.item AND outcome = 'rolled-back' AND at BETWEEN earlier.at AND later.at)`,
  },
  {
    code: 'orphan',
    sql: `SELECT 'leases of ' || item AS place, 'there is no such item' AS detail
          FROM leases WHERE item NOT IN (SELECT id FROM items) AND item NOT LIKE 'queue %'`,
  },
  ...[
    'transitions',
    'holds',
    'jobs',
    'runs',
    'verdicts',
    'artifacts',
    'archives',
    'anchors',
    'waivers',
    'reservations',
    'landings',
  ].map((table) => ({
    code: 'orphan',
    sql: `SELECT '${table} of ' || item AS place, 'there is no such item' AS detail
          FROM ${table} WHERE item NOT IN (SELECT id FROM items) GROUP BY item`,
  })),
];

/** The rows of a view that break an invariant; one lease an item is a key of the table and needs no question. */
export function checkInvariants(view: View): VerifyFinding[] {
  return INVARIANTS.flatMap(({ code, sql }) =>
    view
      .all(`${sql} ORDER BY place`)
      .map(({ place, detail }) => ({ code, where: String(place), text: String(detail) })),
  );
}
