/** One hundred tasks with two S3 locations and a start each, written with the library. */
import type { Stack } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { S3Location, Task, TaskExecution } from '../../src';

export function build(stack: Stack, tasks: number, from: IBucket, to: IBucket): void {
  for (let i = 0; i < tasks; i++) {
    const task = new Task(stack, `Task${i}`, {
      source: new S3Location(stack, `Source${i}`, { bucket: from, subdirectory: `in/${i}/` }),
      destination: new S3Location(stack, `Destination${i}`, { bucket: to, subdirectory: `out/${i}/` }),
    });
    new TaskExecution(stack, `Start${i}`, { task });
  }
}
