from aws_cdk import App

from backup_stack import BackupStack

app = App()
BackupStack(app, "Backup")
app.synth()
