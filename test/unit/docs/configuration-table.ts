/** A row of the settings table in docs/configuration.md. */
export interface Setting {
  key: string;
  default: string;
  description: string;
}

interface SchemaNode {
  description?: string;
  default?: unknown;
  properties?: Record<string, SchemaNode>;
}

/** All keys of the JSON schema, `test.report` as one: its forms are told in the text. */
export function settings(schema: SchemaNode, prefix = ''): Setting[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, node]) => {
    if (name === '$schema') return [];
    const key = prefix + name;
    if (node.properties) return settings(node, `${key}.`);
    const value = node.default === undefined ? '' : `\`${JSON.stringify(node.default).replaceAll(',', ', ')}\``;
    return [{ key, default: value, description: node.description ?? '' }];
  });
}

export const settingLine = (setting: Setting): string =>
  `| \`${setting.key}\` | ${setting.default} | ${setting.description} |`.replace(/ +/g, ' ');
