/** How CloudFormation's resource type maps to DataSync's API. */
export interface ResourceType {
  /** The operations are `Create<api>`, `Describe<api>` and `Update<api>`. */
  readonly api: string;
  /** `Delete<kind>` takes away what `<kind>Arn` names. */
  readonly kind: 'Location' | 'Task';
  /** What an update changes in place, next to the tags; a change of anything else makes a new one. */
  readonly inPlace: readonly string[];
  /** What `Fn::GetAtt` gives. */
  readonly attributes: readonly string[];
}

// CloudFormation may replace or update a changed location, so an app has to be ready for both. A new one is what works
// without the UpdateLocation operations, which the emulator does not have yet.
const location = (api: string): ResourceType => ({ api, kind: 'Location', inPlace: [], attributes: ['LocationArn', 'LocationUri'] });

/** The types that the emulator has; a type without a row is refused. */
export const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::DataSync::LocationEFS': location('LocationEfs'),
  'AWS::DataSync::LocationNFS': location('LocationNfs'),
  'AWS::DataSync::LocationS3': location('LocationS3'),
  'AWS::DataSync::Task': {
    api: 'Task',
    kind: 'Task',
    inPlace: ['CloudWatchLogGroupArn', 'Excludes', 'Includes', 'ManifestConfig', 'Name', 'Options', 'Schedule', 'TaskReportConfig'],
    attributes: ['DestinationNetworkInterfaceArns', 'SourceNetworkInterfaceArns', 'Status', 'TaskArn'],
  },
};
