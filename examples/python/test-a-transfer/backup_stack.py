from aws_cdk import Stack
from aws_cdk.aws_s3 import Bucket
from cdk_datasync import Agent, Filter, NfsLocation, Options, PreserveDeletedFiles, S3Location, Task, TaskExecution


class BackupStack(Stack):
    def __init__(self, scope, id):
        super().__init__(scope, id)
        agent = Agent.from_agent_arn(self, "Agent", "arn:aws:datasync:us-east-1:111122223333:agent/agent-0123456789abcdef0")
        self.projects = NfsLocation(self, "Projects", server_hostname="fileserver", subdirectory="/projects", agents=[agent])
        self.archive = S3Location(self, "Archive", bucket=Bucket(self, "Bucket"))
        self.nightly = Task(
            self,
            "Nightly",
            source=self.projects,
            destination=self.archive,
            options=Options(preserve_deleted_files=PreserveDeletedFiles.REMOVE),
            excludes=Filter.simple_pattern("*.tmp", "*/cache"),
        )
        self.first = TaskExecution(self, "First", task=self.nightly)
