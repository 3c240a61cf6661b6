/** What a statement of a policy allows, with ARNs as they may be after the deployment. */
export interface PolicyStatement {
  /** The resource of the template that it stands in. */
  readonly holder: string;
  readonly actions: string[];
  readonly resources: string[];
  /** Keys of its conditions. */
  readonly conditions: string[];
}

const ACCOUNT = 'us-east-1:111122223333';

const PSEUDO: { [name: string]: string } = {
  'AWS::AccountId': '111122223333',
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  'AWS::StackId': `arn:aws:cloudformation:${ACCOUNT}:stack/Stack/01234567-89ab-cdef-0123-456789abcdef`,
  'AWS::StackName': 'Stack',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** What `Ref`, or an attribute, of a resource gives. */
const GIVEN: { [reference: string]: string } = {
  'AWS::DataSync::Task': `arn:aws:datasync:${ACCOUNT}:task/task-0123456789abcdef0`,
  'AWS::EFS::FileSystem.Arn': `arn:aws:elasticfilesystem:${ACCOUNT}:file-system/fs-0123456789abcdef0`,
  'AWS::EFS::AccessPoint.Arn': `arn:aws:elasticfilesystem:${ACCOUNT}:access-point/fsap-0123456789abcdef0`,
  'AWS::IAM::Role.Arn': 'arn:aws:iam::111122223333:role/Role',
  'AWS::KMS::Key.Arn': `arn:aws:kms:${ACCOUNT}:key/01234567-89ab-cdef-0123-456789abcdef`,
  'AWS::Lambda::Function.Arn': `arn:aws:lambda:${ACCOUNT}:function:Function`,
  'AWS::Logs::LogGroup.Arn': `arn:aws:logs:${ACCOUNT}:log-group:Logs:*`,
  'AWS::S3::AccessPoint.Arn': `arn:aws:s3:${ACCOUNT}:accesspoint/point`,
  'AWS::S3::Bucket.Arn': 'arn:aws:s3:::bucket',
  'AWS::S3::Bucket': 'bucket',
  'AWS::SecretsManager::Secret': `arn:aws:secretsmanager:${ACCOUNT}:secret:Secret-abcdef`,
  'AWS::SNS::Topic': `arn:aws:sns:${ACCOUNT}:Topic`,
  'AWS::SQS::Queue.Arn': `arn:aws:sqs:${ACCOUNT}:Queue`,
  'AWS::SSM::Parameter': 'Parameter',
  'AWS::StepFunctions::StateMachine': `arn:aws:states:${ACCOUNT}:stateMachine:Waiter`,
  'AWS::StepFunctions::StateMachine.Arn': `arn:aws:states:${ACCOUNT}:stateMachine:Waiter`,
  'AWS::StepFunctions::StateMachine.Name': 'Waiter',
};

type Json = { [name: string]: any };

/** The text that CloudFormation makes of a value; of what is not in the table above, which reference it is. */
function resolve(value: any, resources: Json): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[name, argument]] = Object.entries<any>(value);
  const of = (logicalId: string, attribute = ''): string => {
    const reference = `${resources[logicalId]?.Type ?? logicalId}${attribute && `.${attribute}`}`;
    return GIVEN[reference] ?? `<${reference}>`;
  };
  switch (name) {
    case 'Ref': return PSEUDO[argument] ?? of(argument);
    case 'Fn::GetAtt': return of(...(typeof argument === 'string' ? argument.split('.') : argument) as [string, string]);
    case 'Fn::Join': return argument[1].map((part: unknown) => resolve(part, resources)).join(argument[0]);
    case 'Fn::Select': return listOf(argument[1], resources)[argument[0]];
    case 'Fn::Sub': return argument.replace(/\$\{([\w:]+)(?:\.(\w+))?\}/g, (_: string, id: string, attribute?: string) => PSEUDO[id] ?? of(id, attribute));
    default: return `<${JSON.stringify(value)}>`;
  }
}

function listOf(value: any, resources: Json): string[] {
  if (Array.isArray(value)) return value.map(each => resolve(each, resources));
  return value['Fn::Split'] ? resolve(value['Fn::Split'][1], resources).split(value['Fn::Split'][0]) : [resolve(value, resources)];
}

/** All statements of a template, whatever kind of policy they stand in. */
export function policyStatements(template: Json): PolicyStatement[] {
  const { Resources: resources } = template;
  const list = (value: any): string[] => [value ?? []].flat().map(each => resolve(each, resources));
  const found: PolicyStatement[] = [];
  const visit = (value: any, holder: string): void => {
    if (typeof value !== 'object' || value === null) return;
    const text = 'Fn::Join' in value ? resolve(value, resources) : '';
    if (/^\{.*"Statement":/.test(text)) return visit(JSON.parse(text), holder); // policies that are text
    if (typeof value.Effect === 'string' && 'Action' in value) {
      found.push({
        holder,
        actions: list(value.Action),
        resources: list(value.Resource),
        conditions: Object.values<Json>(value.Condition ?? {}).flatMap(condition => Object.keys(condition)),
      });
    }
    for (const member of Object.values(value)) visit(member, holder);
  };
  for (const [logicalId, { Properties }] of Object.entries<Json>(resources)) visit(Properties, logicalId);
  return found;
}
