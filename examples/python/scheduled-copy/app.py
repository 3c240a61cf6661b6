from aws_cdk import App, CfnOutput, Duration, Stack
from aws_cdk.aws_s3 import Bucket
from aws_cdk.aws_scheduler import ScheduleExpression
from cdk_datasync import Agent, Filter, IfRunning, NfsLocation, Options, S3Location, ScheduledTaskExecution, Task, TransferMode

app = App()
stack = Stack(app, "ScheduledCopy")

bucket = Bucket(stack, "Bucket")
agent = Agent.from_agent_arn(stack, "Agent", "arn:aws:datasync:us-east-1:111122223333:agent/agent-0123456789abcdef0")

task = Task(
    stack,
    "Task",
    source=NfsLocation(
        stack,
        "Share",
        server_hostname="fileserver.example.com",
        subdirectory="/export/projects",
        agents=[agent],
    ),
    destination=S3Location(stack, "Copied", bucket=bucket, subdirectory="copied/"),
    options=Options(transfer_mode=TransferMode.CHANGED),
    includes=Filter.simple_pattern("/data", "/media", "/tools", "/read me.txt"),
    excludes=Filter.simple_pattern("*.tmp", "/data/cache"),
)

ScheduledTaskExecution(
    stack,
    "EveryMinute",
    task=task,
    schedule=ScheduleExpression.rate(Duration.minutes(1)),
    if_running=IfRunning.ATTACH,  # a run that takes longer than a minute is not followed by a queue of others
    store_task_execution_arn=True,
)

CfnOutput(stack, "BucketName", value=bucket.bucket_name)

app.synth()
