from aws_cdk import Stack
from aws_cdk.aws_s3 import Bucket
from cdk_datasync import Agent, Filter, NfsLocation, S3Location, Task, TaskExecution


class BackupStack(Stack):
    def __init__(self, scope, id):
        super().__init__(scope, id)
        self.projects = NfsLocation(
            self,
            "Projects",
            server_hostname="fileserver",
            subdirectory="/projects",
            agents=[Agent.from_agent_arn(self, "Agent", "arn:aws:datasync:us-east-1:111122223333:agent/agent-0123456789abcdef0")],
        )
        self.archive = S3Location(self, "Archive", bucket=Bucket(self, "Bucket"))
        self.nightly = Task(
            self,
            "Nightly",
            source=self.projects,
            destination=self.archive,
            excludes=Filter.simple_pattern("*.tmp", "*/cache"),
        )
        self.first = TaskExecution(self, "First", task=self.nightly)
