/** Prints how many milliseconds it takes to import aws-cdk-lib's DataSync module, with or without the library on top. */
async function main(): Promise<void> {
  const before = process.hrtime.bigint();
  await import('aws-cdk-lib');
  await import('aws-cdk-lib/aws-datasync');
  if (process.argv[2] === 'library') await import('../../src/index.js');
  console.log(Number(process.hrtime.bigint() - before) / 1e6);
}

void main();
