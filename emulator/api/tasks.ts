import type {
  CreateTaskRequest, CreateTaskResponse, DeleteTaskRequest, DeleteTaskResponse, DescribeTaskRequest, DescribeTaskResponse, ListTasksRequest,
  ListTasksResponse, TaskFilter, TaskListEntry, TaskMode, UpdateTaskRequest, UpdateTaskResponse,
} from '@aws-sdk/client-datasync';
import type { Context, Handlers } from './context';
import { InvalidRequestError } from '../errors';
import { newTaskArn, scopeOfArn } from '../model/arns';
import { completeFilters } from '../model/filters';
import { quantified, textFilter, timeFilter } from '../model/list-filters';
import type { Location } from '../model/location';
import { checkPair, checkRegions } from '../model/location-pair';
import { page } from '../model/pagination';
import { changedConfigs, checkManifest } from '../model/run-configs';
import { newResource } from '../model/store';
import type { Task } from '../model/task';
import { currentExecution, effectiveOptions } from '../model/task';
import { ENHANCED_GROUP, groupOf } from '../observe/logs';
import type { TaskSchedule } from '../schedule/task-schedule';
import { changedSchedule } from '../schedule/task-schedule';

export const tasks: Handlers = {
  CreateTask: (context, input: CreateTaskRequest): CreateTaskResponse => {
    const [source, destination] = [input.SourceLocationArn!, input.DestinationLocationArn!].map(arn => locationOf(context, arn));
    const mode: TaskMode = input.TaskMode ?? 'BASIC';
    checkRegions(source, destination, context.caller.region);
    checkPair(source, destination, mode);
    checkLogGroup(mode, input.CloudWatchLogGroupArn);
    const options = effectiveOptions({ mode, source, destination }, input.Options);
    const filters = completeFilters(input.Includes, input.Excludes);
    const configs = changedConfigs({}, input, context.s3 !== undefined);
    checkManifest(configs, filters, options);
    const task = context.tasks.add({
      ...newResource(context, newTaskArn(context.caller), input.Tags),
      source,
      destination,
      mode,
      executions: [],
      name: input.Name,
      logGroupArn: input.CloudWatchLogGroupArn,
      options,
      filters,
      configs,
      schedule: changedSchedule(undefined, input.Schedule, context.clock.now()),
    });
    context.scheduler.arm(task);
    context.publishTaskStatus(task);
    return { TaskArn: task.arn };
  },

  DescribeTask: (context, { TaskArn }: DescribeTaskRequest): DescribeTaskResponse => {
    const task = context.tasks.get(TaskArn!, context.caller);
    const unavailability = context.unavailabilityOf(task);
    return {
      ...entryOf(context, task),
      CurrentTaskExecutionArn: currentExecution(task)?.arn,
      SourceLocationArn: task.source.arn,
      DestinationLocationArn: task.destination.arn,
      CloudWatchLogGroupArn: task.logGroupArn,
      SourceNetworkInterfaceArns: [],
      DestinationNetworkInterfaceArns: [],
      Options: task.options,
      Includes: [...task.filters.includes],
      Excludes: [...task.filters.excludes],
      ManifestConfig: task.configs.manifest,
      TaskReportConfig: task.configs.report,
      ...describeSchedule(task.schedule),
      ErrorCode: unavailability?.errorCode,
      ErrorDetail: unavailability?.errorDetail,
      CreationTime: task.creationTime,
    };
  },

  UpdateTask: (context, input: UpdateTaskRequest): UpdateTaskResponse => {
    const task = context.tasks.get(input.TaskArn!, context.caller);
    checkLogGroup(task.mode, input.CloudWatchLogGroupArn);
    // Each may be refused, so none is stored before all are known to be right.
    const options = effectiveOptions(task, task.options, input.Options);
    const filters = completeFilters(input.Includes ?? task.filters.includes, input.Excludes ?? task.filters.excludes);
    const configs = changedConfigs(task.configs, input, context.s3 !== undefined);
    checkManifest(configs, filters, options);
    task.schedule = changedSchedule(task.schedule, input.Schedule, context.clock.now());
    task.filters = filters;
    task.options = options;
    task.configs = configs;
    task.name = input.Name ?? task.name;
    task.logGroupArn = input.CloudWatchLogGroupArn ?? task.logGroupArn;
    context.scheduler.arm(task);
    return {};
  },

  DeleteTask: (context, { TaskArn }: DeleteTaskRequest): DeleteTaskResponse => {
    const task = context.tasks.get(TaskArn!, context.caller);
    const pending = task.executions.find(({ isPending }) => isPending);
    if (pending) throw new InvalidRequestError(`Sync task ${task.arn} cannot be deleted: execution ${pending.arn} is ${pending.status}. Cancel it first.`);
    task.executions.forEach(execution => context.executions.delete(execution));
    context.tasks.delete(task);
    context.scheduler.forget(task);
    return {};
  },

  ListTasks: (context, input: ListTasksRequest): ListTasksResponse => {
    const filters = (input.Filters ?? []).map(filterOf);
    const all = context.tasks.visibleTo(context.caller).filter(task => filters.every(passes => passes(task)));
    const { items, nextToken } = page('tasks', all, ({ arn }) => arn, input);
    return { Tasks: items.map(task => entryOf(context, task)), NextToken: nextToken };
  },
};

/** A location of a task may be in another Region than the task. */
function locationOf(context: Context, arn: string): Location {
  return context.locations.get(arn, { ...context.caller, region: scopeOfArn(arn).region });
}

function checkLogGroup(mode: TaskMode, arn: string | undefined): void {
  if (mode === 'ENHANCED' && arn && groupOf(arn) !== ENHANCED_GROUP) {
    throw new InvalidRequestError(`Invalid parameter: CloudWatchLogGroupArn must name the log group ${ENHANCED_GROUP} in task mode ENHANCED, got ${arn}.`);
  }
}

function entryOf(context: Context, task: Task): TaskListEntry {
  return { TaskArn: task.arn, Status: context.statusOf(task), Name: task.name, TaskMode: task.mode };
}

function describeSchedule(schedule: TaskSchedule | undefined): Pick<DescribeTaskResponse, 'Schedule' | 'ScheduleDetails'> {
  if (!schedule) return {};
  const { expression, status, statusUpdateTime, disabledBy, disabledReason } = schedule;
  return {
    Schedule: { ScheduleExpression: expression, Status: status },
    ScheduleDetails: { StatusUpdateTime: statusUpdateTime, DisabledBy: disabledBy, DisabledReason: disabledReason },
  };
}

function filterOf(filter: TaskFilter): (task: Task) => boolean {
  if (filter.Name === 'CreationTime') {
    const passes = timeFilter(filter);
    return ({ creationTime }) => passes(creationTime);
  }
  const passes = textFilter(filter);
  return ({ source, destination }) => quantified(filter.Operator!, [source.arn, destination.arn], passes);
}
