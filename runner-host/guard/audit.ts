import { appendFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import * as z from 'zod/mini';
import { GuardEntry, type GuardReading } from '../protocol/result';

const MOST_BYTES = 1024 * 1024;
const MOST_ENTRIES = 20;
const TEXT = 300;

/** One line of `guard.jsonl`; a line that cannot be written stops nothing. */
export function noteGuard(file: string, entry: Omit<GuardEntry, 'at'>): void {
  try {
    appendFileSync(file, `${JSON.stringify({ at: Date.now(), ...entry })}\n`);
  } catch {
    // The refusal itself has happened; only its record is missing.
  }
}

/**
 * Sums up what the guard's layers wrote down. The run's own processes write this file too: it is read with bounds, and what
 * is no record is counted as unreadable instead of being trusted or thrown at.
 */
export async function readGuard(file: string): Promise<GuardReading> {
  const reading: GuardReading = { blocked: 0, allowed: 0, unreadable: 0, entries: [] };
  const text = await readBounded(file).catch(() => null);
  // It was there before the run.
  if (text === null) return { ...reading, unreadable: 1 };
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const entry = parse(line);
    if (entry === null) {
      reading.unreadable += 1;
      continue;
    }
    reading[entry.action] += 1;
    if (reading.entries.length < MOST_ENTRIES) reading.entries.push(entry);
  }
  return reading;
}

function parse(line: string): GuardEntry | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const parsed = z.safeParse(GuardEntry, value);
  if (!parsed.success) return null;
  const { at, action, method, target, by } = parsed.data;
  return { at, action, method: method.slice(0, TEXT), target: target.slice(0, TEXT), by: by.slice(0, TEXT) };
}

async function readBounded(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MOST_BYTES), 0, MOST_BYTES, 0);
    return buffer.subarray(0, bytesRead).toString('utf8');
  } finally {
    await handle.close();
  }
}
