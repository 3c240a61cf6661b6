from aws_cdk import App, CfnOutput, Stack
from aws_cdk.aws_s3 import Bucket
from cdk_datasync import Agent, Filter, NfsLocation, Options, S3Location, Task, TaskExecution, VerifyMode

app = App()
stack = Stack(app, "DeployTimeSeed")

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
    destination=S3Location(stack, "Seeded", bucket=bucket, subdirectory="seeded/"),
    options=Options(verify_mode=VerifyMode.ONLY_FILES_TRANSFERRED),
    includes=Filter.simple_pattern("/data", "/media", "/tools", "/read me.txt"),
    excludes=Filter.simple_pattern("*.tmp", "/data/cache"),
)

seed = TaskExecution(stack, "Seed", task=task)

CfnOutput(stack, "BucketName", value=bucket.bucket_name)
CfnOutput(stack, "TaskExecutionArn", value=seed.task_execution_arn)

app.synth()
