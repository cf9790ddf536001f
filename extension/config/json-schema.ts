import * as z from 'zod/mini';
import { InterlockJson } from './interlock-json';
import { KEY_DESCRIPTIONS } from './key-descriptions';

/** A part of a JSON schema, as far as it is looked into here. */
const Part = z.looseObject({
  properties: z.optional(z.record(z.string(), z.unknown())),
  anyOf: z.optional(z.array(z.unknown())),
  oneOf: z.optional(z.array(z.unknown())),
});
type Part = z.infer<typeof Part>;

/** The JSON schema of interlock.json for editors, as text. Made from the schema that reads the file. */
export function configJsonSchema(): string {
  const made = z.toJSONSchema(InterlockJson, { io: 'input', target: 'draft-7' });
  const { $schema, ...rest } = describeKeys(Part.parse(made), []);
  const head = { title: 'interlock.json', description: 'What Interlock runs and demands.' };
  return `${JSON.stringify({ $schema, ...head, allowComments: true, allowTrailingCommas: true, ...rest }, null, 2)}\n`;
}

/** The part with the descriptions of its keys, whichever alternative holds them. */
function describeKeys(part: Part, path: readonly string[]): Part {
  const inner = (each: unknown): Part => describeKeys(Part.parse(each), path);
  const described: Part = { ...part };
  if (part.anyOf !== undefined) described.anyOf = part.anyOf.map(inner);
  if (part.oneOf !== undefined) described.oneOf = part.oneOf.map(inner);
  if (part.properties !== undefined)
    described.properties = Object.fromEntries(
      Object.entries(part.properties).map(([key, value]) => {
        const place = [...path, key];
        const description = KEY_DESCRIPTIONS[place.join('.')];
        return [
          key,
          { ...(description === undefined ? {} : { description }), ...describeKeys(Part.parse(value), place) },
        ];
      }),
    );
  return described;
}
