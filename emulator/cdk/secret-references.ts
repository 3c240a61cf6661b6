import type { Template } from './assembly';

const SECRET = 'AWS::SecretsManager::Secret';

/** `Ref` of a secret is its ARN in CloudFormation, and its name in MiniStack, where the attribute `Id` is the ARN. */
export function referToSecretsByArn({ body }: Template): void {
  const isSecret = (id: unknown): boolean => body.Resources?.[id as string]?.Type === SECRET;
  const visit = (value: any): any => {
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null) return value;
    const [[key, member] = []] = Object.entries<any>(value);
    if (key === 'Ref' && isSecret(member)) return { 'Fn::GetAtt': [member, 'Id'] };
    if (key === 'Fn::Sub') {
      const inText = (text: any) => typeof text === 'string' ? text.replace(/\$\{([^.}!]+)\}/g, (found, id) => isSecret(id) ? `\${${id}.Id}` : found) : visit(text);
      return { [key]: Array.isArray(member) ? member.map(inText) : inText(member) };
    }
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, visit(each)]));
  };
  if (!Object.keys(body.Resources ?? {}).some(isSecret)) return;
  for (const section of ['Resources', 'Outputs']) {
    if (body[section]) body[section] = visit(body[section]);
  }
}
