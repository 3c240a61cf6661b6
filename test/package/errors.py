"""Prints what a Python program is told when it gives wrong values to constructors and to a static method."""

import json

from aws_cdk import App, Stack
from aws_cdk.aws_s3 import Bucket
from cdk_datasync import NfsLocation, S3Location, Task, TaskExecution

stack = Stack(App(), "Stack")
task = Task.from_task_arn(stack, "Imported", "arn:aws:datasync:us-east-1:111122223333:task/task-0123456789abcdef0")
location = S3Location(stack, "Location", bucket=Bucket(stack, "Bucket"))

WRONG = {
    "S3Location": lambda: S3Location(stack, "S3", bucket=Bucket(stack, "Other"), subdirectory="a//b"),
    "NfsLocation": lambda: NfsLocation(stack, "Nfs", server_hostname="a host", subdirectory="/a", agents=[]),
    "Task": lambda: Task(stack, "Task", source=location, destination=location, task_name=""),
    "TaskExecution": lambda: TaskExecution(stack, "Execution", task=task, triggers={"a": stack}),
    "Task.from_task_arn": lambda: Task.from_task_arn(stack, "Other task", "task-0123456789abcdef0"),
}


def message_of(action):
    try:
        action()
    except RuntimeError as error:
        return str(error)


print(json.dumps({name: message_of(action) for name, action in WRONG.items()}))
