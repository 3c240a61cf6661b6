import type { Values } from './call';

const NUMERIC = /^(BytesPerSecond|BlockSize|ReplicationFactor|(Server)?Port)$/;

/** Properties with numbers where the API wants them: CloudFormation may have made strings of them. */
export const withNumbers = (properties: unknown): Values =>
  JSON.parse(JSON.stringify(properties || {}, (key, value) => NUMERIC.test(key) ? Number(value) : value));

/** What `Fn::GetAtt` gives of a resource, from what the API describes. */
export function attributesOf(described: Values, names: readonly string[]): Values {
  const attributes: Values = {};
  for (const name of names) {
    const value = name.split('.').reduce((values: Values | undefined, part: string) => values && values[part], described);
    if (value !== undefined) attributes[name] = value;
  }
  return attributes;
}
