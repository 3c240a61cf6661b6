import type { CfnResource } from 'aws-cdk-lib';
import { AssetStaging, FileAssetPackaging, Names, Stack } from 'aws-cdk-lib';
import type { CodeConfig, ResourceBindOptions } from 'aws-cdk-lib/aws-lambda';
import { Code } from 'aws-cdk-lib/aws-lambda';
import * as cxapi from 'aws-cdk-lib/cx-api';
import { Construct } from 'constructs';

/**
 * The code of one function: a folder that this library ships.
 *
 * `Code.fromAsset` gives the same template, but makes a construct of the bucket of the assets as well, for which CDK loads what it knows of all
 * Regions: of a small app that takes a quarter of the synthesis, and 20 MB.
 */
export class HandlerCode extends Code {
  public readonly isInline = false;
  private assetPath!: string;

  constructor(private readonly folder: string) {
    super();
  }

  public override bind(scope: Construct): CodeConfig {
    const stack = Stack.of(scope);
    const asset = new Construct(scope, 'Code');
    const staging = new AssetStaging(asset, 'Stage', { sourcePath: this.folder });
    this.assetPath = staging.relativeStagedPath(stack);
    const { bucketName, objectKey } = stack.synthesizer.addFileAsset({
      fileName: this.assetPath,
      packaging: FileAssetPackaging.ZIP_DIRECTORY,
      sourceHash: staging.assetHash,
      deployTime: true,
      displayName: Names.stackRelativeConstructPath(asset),
    });
    return { s3Location: { bucketName, objectKey } };
  }

  /** Tells tools that run functions on this machine where the code is. */
  public override bindToResource(resource: CfnResource, { resourceProperty = 'Code' }: ResourceBindOptions = {}): void {
    if (!resource.node.tryGetContext(cxapi.ASSET_RESOURCE_METADATA_ENABLED_CONTEXT)) return;
    resource.addMetadata(cxapi.ASSET_RESOURCE_METADATA_PATH_KEY, this.assetPath);
    resource.addMetadata(cxapi.ASSET_RESOURCE_METADATA_IS_BUNDLED_KEY, false);
    resource.addMetadata(cxapi.ASSET_RESOURCE_METADATA_PROPERTY_KEY, resourceProperty);
  }
}
