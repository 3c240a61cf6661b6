import json
import os
import subprocess
from pathlib import Path

import pytest
from aws_cdk import App

from backup_stack import BackupStack

COMMAND = os.environ.get("CDK_DATASYNC", "cdk-datasync")


@pytest.fixture
def emulator(tmp_path):
    """A server with a folder of its own; buckets are folders, whatever the environment says."""
    environment = {name: value for name, value in os.environ.items() if name != "AWS_ENDPOINT_URL_S3"}
    server = subprocess.Popen([COMMAND, "serve", "--port", "0", "--root", str(tmp_path)], env=environment, stdout=subprocess.PIPE, text=True)
    try:
        yield server.stdout.readline().removeprefix("listening on ").strip()
    finally:
        server.terminate()
        server.wait()


def test_the_backup_leaves_out_caches_and_temporary_files(emulator, tmp_path):
    app = App(outdir=str(tmp_path / "cdk.out"))
    stack = BackupStack(app, "Backup")
    app.synth()

    # what the file server has: <root>/nfs/<host>/<subdirectory>
    projects = tmp_path / "nfs/fileserver/projects"
    (projects / "app/cache").mkdir(parents=True)
    (projects / "app/main.py").write_text("print(1)")
    (projects / "app/cache/large").write_text("again and again")
    (projects / "draft.tmp").touch()

    # creates locations and tasks, and starts what the deployment starts
    provision = [COMMAND, "provision", str(tmp_path / "cdk.out"), "--endpoint", emulator, "--json"]
    local = json.loads(subprocess.run(provision, check=True, capture_output=True, text=True).stdout)

    first = local["executions"][stack.resolve(stack.first.task_execution_arn)["Fn::GetAtt"][0]]
    assert (first["status"], first["files"]) == ("SUCCESS", ["/app/main.py"])
    archive = Path(local["locations"][stack.resolve(stack.archive.location_arn)["Ref"]]["folder"])
    assert sorted(str(path.relative_to(archive)) for path in archive.rglob("*")) == ["app", "app/main.py"]
