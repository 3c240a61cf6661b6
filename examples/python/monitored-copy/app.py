from aws_cdk import App, CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk.aws_cloudwatch_actions import SnsAction
from aws_cdk.aws_events_targets import SqsQueue
from aws_cdk.aws_logs import LogGroup
from aws_cdk.aws_s3 import Bucket
from aws_cdk.aws_sns import Topic
from aws_cdk.aws_sqs import Queue
from cdk_datasync import (
    Agent,
    LogLevel,
    NfsLocation,
    Options,
    S3Location,
    Task,
    TaskAlarms,
    TaskDashboard,
    TaskExecution,
    TaskExecutionStatus,
    TaskLogQueries,
    TaskSchedule,
)

app = App()
stack = Stack(app, "MonitoredCopy")

agent = Agent.from_agent_arn(stack, "Agent", "arn:aws:datasync:us-east-1:111122223333:agent/agent-0123456789abcdef0")
bucket = Bucket(stack, "Bucket")

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
    options=Options(log_level=LogLevel.TRANSFER),
    log_group=LogGroup(stack, "Log", removal_policy=RemovalPolicy.DESTROY),
    schedule=TaskSchedule.cron(hour="2", minute="30"),
)

pager = Topic(stack, "Pager")
alarms = TaskAlarms(
    stack,
    "Alarms",
    task=task,
    success_within=Duration.hours(26),  # a nightly task, and two hours for it to run
    agents=[agent],
    alarm_actions=[SnsAction(pager)],
)
TaskDashboard(stack, "Dashboard", tasks=[task], alarms=[alarms])
TaskLogQueries(stack, "Queries", task=task)

ended = Queue(stack, "Ended")
task.on_execution_state_change(
    "ExecutionEnded",
    states=[TaskExecutionStatus.SUCCESS, TaskExecutionStatus.ERROR],
    target=SqsQueue(ended),
)

TaskExecution(stack, "FirstCopy", task=task)  # not only tonight

CfnOutput(stack, "QueueUrl", value=ended.queue_url)

app.synth()
