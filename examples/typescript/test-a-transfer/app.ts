import { App } from 'aws-cdk-lib';
import { BackupStack } from './backup-stack';

new BackupStack(new App(), 'Backup');
