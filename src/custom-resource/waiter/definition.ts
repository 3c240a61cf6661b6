import { MACHINE_TIMEOUT, STEP_TIMEOUT } from './contract';

/** Lambda's errors that pass: no room, or an error inside the service. Many machines must not come back at once. */
const LAMBDA_RETRY = {
  ErrorEquals: ['Lambda.TooManyRequestsException', 'Lambda.ServiceException', 'Lambda.AWSLambdaException', 'Lambda.SdkClientException'],
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxDelaySeconds: 60,
  MaxAttempts: 30,
  JitterStrategy: 'FULL',
};

/** A step may be taken as often as need be. */
const STEP_RETRY = { ErrorEquals: ['States.ALL'], IntervalSeconds: 5, BackoffRate: 2, MaxAttempts: 3 };

/** The waiter in the language of Step Functions: takes a step, sees whether there is an answer, pauses, and so on. */
export function waiterDefinition(functionArn: string): object {
  const step = (more: object) => ({
    Type: 'Task',
    Resource: functionArn,
    TimeoutSeconds: STEP_TIMEOUT,
    Retry: [LAMBDA_RETRY, STEP_RETRY],
    ResultPath: '$.Progress',
    ...more,
  });
  const input = { 'Request.$': '$.Request', 'Progress.$': '$.Progress', 'StartedAt.$': '$$.Execution.StartTime' };
  return {
    StartAt: 'Step',
    TimeoutSeconds: MACHINE_TIMEOUT,
    States: {
      'Step': step({ Parameters: { Wait: input }, Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.Broken', Next: 'Give up' }], Next: 'Answered?' }),
      'Answered?': { Type: 'Choice', Choices: [{ Variable: '$.Progress.Answered', BooleanEquals: true, Next: 'Done' }], Default: 'Pause' },
      'Pause': { Type: 'Wait', SecondsPath: '$.Progress.Pause', Next: 'Step' },
      'Done': { Type: 'Succeed' },
      // The same function, which answers that the wait was broken off. If even that fails, CloudFormation hears nothing until its hour is over.
      'Give up': step({ Parameters: { Wait: { ...input, 'Broken.$': '$.Broken' } }, Next: 'Broken off' }),
      'Broken off': { Type: 'Fail', Error: 'WaitBrokenOff', Cause: 'The last step failed for good; its error is in the history' },
    },
  };
}
